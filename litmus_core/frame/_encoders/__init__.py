"""Encoders: from a column to the features that models learn from."""
