"""Raw values: how numbers, dates and texts are written, read and coerced."""
