"""Models that are trained on another machine: what travels, and how."""
