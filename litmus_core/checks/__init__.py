"""Checks: what in a table would make a model lie, said plainly, with the fix."""

from litmus_core.checks._check import Check
from litmus_core.checks._quick import encoded, fit_words, joined
from litmus_core.checks._registry import CHECKS, known_kinds
from litmus_core.checks._revision import revision
from litmus_core.checks._run import run_checks
from litmus_core.checks._table import Table

__all__ = [
    "CHECKS",
    "Check",
    "Table",
    "encoded",
    "fit_words",
    "joined",
    "known_kinds",
    "revision",
    "run_checks",
]
