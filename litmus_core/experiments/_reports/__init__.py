"""Reports to forward: one HTML page on a table, or on an experiment."""
