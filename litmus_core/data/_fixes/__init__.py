"""Fixes of a table, applied as SQL."""
