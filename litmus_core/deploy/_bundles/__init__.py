"""Writing a bundle: weights, code, requirements, model card and README."""
