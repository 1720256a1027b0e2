"""The queue of runs, and its worker processes."""
