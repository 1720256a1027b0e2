"""Encoders: from one column to the features that models learn from."""
