"""Trials of actions: each is tried on quick surrogate models, and its gain is what they show."""
