"""Calibrate prediction intervals and label sets on rows that a model did not learn from."""
