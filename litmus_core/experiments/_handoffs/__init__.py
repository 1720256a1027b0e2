"""Hand-offs: questions to a scientist, and the answers that come back."""
