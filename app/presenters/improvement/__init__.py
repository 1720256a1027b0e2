"""Next actions, and recipes that carry them out."""
