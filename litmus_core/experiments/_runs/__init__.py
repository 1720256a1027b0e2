"""Runs and their models: predictions, comparisons, warm starts, compression and code."""
