"""Numbers as people write them: formats, units, and notes on what was changed."""
