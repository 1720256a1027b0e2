"""The analytic store: DuckDB tables built from the journal's events, and the queries of them."""
