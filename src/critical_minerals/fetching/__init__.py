"""Ask publishers what is new, and fetch it."""
