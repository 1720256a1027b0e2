"""Next actions after a run: list them in the background, start them, remember their gains."""
