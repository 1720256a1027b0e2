"""Pure functions from engine values to what a page shows: frozen view data in plain words."""
