"""Forecasts: trained in a process of their own, recorded in a folder, exported."""
