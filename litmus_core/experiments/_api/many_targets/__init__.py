"""``litmus_core.train_targets`` and what it returns."""
