"""Work in background processes: one lock and a few small status files each."""
