"""Compiling: AutoGluon's trained models become steps that run on NumPy and ONNX Runtime alone."""

from litmus_core.engine._compile._candidate import Parts, columns_of, compilable, compile_candidate, parts_of
from litmus_core.engine._compile._trees import Number, Symmetric, Table, TreeMember, Trees

__all__ = [
    "Number",
    "Parts",
    "Symmetric",
    "Table",
    "TreeMember",
    "Trees",
    "columns_of",
    "compilable",
    "compile_candidate",
    "parts_of",
]
