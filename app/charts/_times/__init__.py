"""Charts whose axis is time."""
