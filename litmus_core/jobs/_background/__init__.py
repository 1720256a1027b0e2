"""Background processes, each with one lock and a few small status files."""
