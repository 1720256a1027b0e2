"""Training: the plan, its progress, and its end."""
