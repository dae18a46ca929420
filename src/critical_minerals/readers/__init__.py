"""File formats in, plain frames of text out, every cell traceable to its file and row."""
