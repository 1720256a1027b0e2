"""The journal, which every process writes: its files, and the recovery of damaged ones."""
