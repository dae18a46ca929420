"""Run the steps: what must run and why, in which order, and how it is going."""
