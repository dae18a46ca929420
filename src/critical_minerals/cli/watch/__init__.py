"""Watch the project, rebuild what an edit affects, and show the report in the browser."""
