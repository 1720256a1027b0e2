"""Nested cross-validation: the whole procedure runs again without the rows of each outer fold."""
