"""Words about several columns of a frame at once: along the row, column by column, by lookup tables."""
