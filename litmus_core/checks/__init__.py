"""Checks: what in a table would make a model lie, said plainly, with the fix."""

from litmus_core.checks._check import Check
from litmus_core.checks._context.quick_model import encoded, fit_words, joined
from litmus_core.checks._context.table import Table
from litmus_core.checks._registry import CHECKS, known_kinds
from litmus_core.checks._revision import revision
from litmus_core.checks._runner import are_copies, run_checks

__all__ = [
    "CHECKS",
    "Check",
    "Table",
    "are_copies",
    "encoded",
    "fit_words",
    "joined",
    "known_kinds",
    "revision",
    "run_checks",
]
