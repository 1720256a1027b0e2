"""What Python users call: train, its arguments, and the live handles it returns."""
