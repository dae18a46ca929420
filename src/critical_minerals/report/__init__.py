"""The renderers: from the documents in `reports/` to HTML, PDF and Word."""
