"""Write a bundle: weights, code, requirements, model card and README."""
