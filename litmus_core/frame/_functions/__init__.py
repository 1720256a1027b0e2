"""pandas' functions, for traced columns and frames as well as for pandas' own."""
