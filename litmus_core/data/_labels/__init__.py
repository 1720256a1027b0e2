"""Targets and their labels."""
