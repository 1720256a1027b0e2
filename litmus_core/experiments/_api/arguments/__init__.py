"""Checks of the arguments of calls in Python: their names and types."""
