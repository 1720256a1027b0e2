"""The verdict on a model against its bar and budget, and what would settle it."""
