"""Prediction intervals and label sets: how sure a model is of each answer, at a promised level."""
