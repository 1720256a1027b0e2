"""CSV and its like: what is found out about the file, and its columns."""
