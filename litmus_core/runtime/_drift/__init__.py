"""Rows that do not look like those that a model learned from: named, never refused."""
