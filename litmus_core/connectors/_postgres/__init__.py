"""PostgreSQL, through its ADBC driver."""
