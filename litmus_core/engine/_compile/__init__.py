"""Compile AutoGluon's trained models into steps that need only NumPy and ONNX Runtime."""
