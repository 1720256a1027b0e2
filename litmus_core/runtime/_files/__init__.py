"""Files of rows, CSV or Parquet: read as at import, a chunk at a time, every cell as written."""
