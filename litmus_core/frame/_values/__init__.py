"""Raw values: parse and coerce numbers, dates and texts."""
