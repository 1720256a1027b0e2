"""Serve what is no bundle: a forecast answers ``POST /forecast``, many targets answer ``POST /predict``."""
