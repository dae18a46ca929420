"""The raw tables: what each holds, column by column, and how it is checked."""
