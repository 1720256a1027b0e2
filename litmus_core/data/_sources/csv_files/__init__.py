"""CSV and similar files: detect their format, stage their cells and infer the columns' types."""
