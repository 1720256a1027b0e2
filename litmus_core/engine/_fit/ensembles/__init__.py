"""Ensembles of models: names, fixed weights, and stacks."""
