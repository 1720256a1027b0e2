"""Forecasts and many targets in words: in training, ended, and in a list."""
