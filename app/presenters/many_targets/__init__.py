"""Many targets in words: what a table holds, what the models are worth, what a threshold does."""
