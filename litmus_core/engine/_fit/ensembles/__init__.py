"""Models of models: their names, fixed ones, and stacks."""
