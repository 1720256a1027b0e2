"""Layouts: ways to run one graph on one row, small batches, pandas, Polars or Parquet."""
