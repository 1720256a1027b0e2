"""Prediction intervals and label sets: a model's certainty of each prediction, at a promised level."""
