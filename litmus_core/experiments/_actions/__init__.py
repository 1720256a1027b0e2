"""Next actions of a run: listed in the background, taken, and their gains remembered."""
