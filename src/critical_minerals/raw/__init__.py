"""The raw tables: how they are read and checked, corrected, and seen as of a day."""
