"""pandas' functions besides methods. They take columns and frames of ours, and pandas' own."""
