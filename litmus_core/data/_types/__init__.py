"""Column types: how texts are read as numbers and dates, and what a column means."""
