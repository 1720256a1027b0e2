"""Files of rows, CSV or Parquet: read as import does, a chunk at a time, every cell kept as spelled."""
