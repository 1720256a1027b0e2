"""The symbolic data frame: pandas-shaped code runs on it once and leaves a graph behind."""
