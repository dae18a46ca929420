"""The charts: one builder per figure, from a tidy table and a language to an Altair chart."""
