"""Tables as data: descriptors, the one check that holds tables to them, and what is written."""
