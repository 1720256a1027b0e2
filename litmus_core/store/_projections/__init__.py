"""Projections: the tables that result from the journal's events."""
