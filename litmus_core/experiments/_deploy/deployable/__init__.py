"""Models that endpoints can serve, by kind, and what they have to pass before."""
