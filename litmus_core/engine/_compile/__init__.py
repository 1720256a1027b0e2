"""Compiling: AutoGluon's trained models become steps that run on NumPy and ONNX Runtime alone."""

from litmus_core.engine._compile._candidate import compilable, compile_candidate

__all__ = ["compilable", "compile_candidate"]
