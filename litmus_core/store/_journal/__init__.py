"""The journal, which every process writes: its files, and what can still be read of damaged ones."""
