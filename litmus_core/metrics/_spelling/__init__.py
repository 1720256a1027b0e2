"""Metrics as text: names, parameters and bars."""
