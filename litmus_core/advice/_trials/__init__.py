"""Trials of actions on quick surrogate models; they show the gain of each."""
