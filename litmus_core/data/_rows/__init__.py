"""Rows of a stored table: read whole, by page, as a sample, of very many columns."""
