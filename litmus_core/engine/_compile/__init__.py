"""Compiling: AutoGluon's trained models become steps that run on NumPy and ONNX Runtime alone."""
