"""Comparisons of runs and experiments: which leads, and by how much."""
