"""The catalogue of model families and their hyperparameters."""
