"""Which custom source may run: where it lies, its hash, who signed it, and what is known of it."""
