"""What may be done next, and recipes that do it."""
