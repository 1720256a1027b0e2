"""Versions of a data set: written, appended to, compared and continued."""
