"""Cross-validation folds: how rows are dealt, and fitting them in parallel."""
