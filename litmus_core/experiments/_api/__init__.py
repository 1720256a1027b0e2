"""The Python API: train, its arguments, and the handles it returns."""
