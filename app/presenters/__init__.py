"""Presenters: pure functions from engine values to frozen view data in plain language."""
