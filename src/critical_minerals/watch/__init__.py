"""Watch the project, make anew what an edit touches, and show the report as it is."""
