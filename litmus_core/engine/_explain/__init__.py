"""Exact contributions of columns to a model's margin."""
