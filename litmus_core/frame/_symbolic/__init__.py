"""The symbolic data frame: pandas-shaped code runs on it once, which records a graph."""
