"""The command line: what a person asks for, and what a run, a watch or a new topic makes of it."""
