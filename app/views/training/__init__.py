"""Training: what will be trained, how it goes, and how it ended."""
