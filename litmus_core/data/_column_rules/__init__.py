"""Checks of single columns against a task, before training: groups, weights and monotone constraints."""
