"""Fit models with AutoGluon, from a request to an executed plan."""
