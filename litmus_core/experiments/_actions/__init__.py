"""Next actions after a run: list them in the background, start them, and record their gains."""
