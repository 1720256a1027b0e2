"""Compiling: AutoGluon's trained models become steps that run on NumPy and ONNX Runtime alone."""

from litmus_core.engine._compile._candidate import (
    CandidateParts,
    columns_of,
    compilable,
    compile_candidate,
    parts_of,
)
from litmus_core.engine._compile._trees import Number, Symmetric, TreeMember, Trees, TreeTable

__all__ = [
    "CandidateParts",
    "Number",
    "Symmetric",
    "TreeMember",
    "TreeTable",
    "Trees",
    "columns_of",
    "compilable",
    "compile_candidate",
    "parts_of",
]
