"""Series: how they are read from a table, their frequency, and what is checked before anything learns."""
