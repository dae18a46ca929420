"""Skeletons of what a person adds to the report: a topic, a figure, a source."""
