"""What a notebook hands to the report: values, figures and tables, in every language."""
