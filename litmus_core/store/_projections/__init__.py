"""Projections: what the journal's events add up to."""
