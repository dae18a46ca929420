"""Everything a reader sees as words or numbers, in English and French."""
