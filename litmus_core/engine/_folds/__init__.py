"""Cross-validation folds: assigning rows, and fitting folds in parallel."""
