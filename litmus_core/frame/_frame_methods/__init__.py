"""pandas' frame methods over several columns: along the row, column by column, and by lookup tables."""
