"""Nested cross-validation: the whole procedure again without each outer fold's rows, which it predicts."""
