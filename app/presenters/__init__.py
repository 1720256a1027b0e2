"""Pure functions from what the engine says to what a page shows: frozen view data in plain words."""
