"""Inspect a plug-in's classes in a separate process."""
