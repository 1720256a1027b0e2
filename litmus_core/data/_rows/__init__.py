"""Rows of a stored table: all of them, a page, a sample, or those of very wide tables."""
