"""Query publishers for new releases, and download them."""
