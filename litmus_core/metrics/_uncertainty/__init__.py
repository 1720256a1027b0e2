"""Uncertainty of scores: intervals, differences of two models, and optimism of the best."""
