"""Checks: data problems that would make a model's score misleading, in plain words, with the fix."""

from litmus_core.checks._check import Check
from litmus_core.checks._context.quick_model import encoded, fit_text_baseline, joined
from litmus_core.checks._context.table import CheckContext
from litmus_core.checks._registry import CHECKS, check_kinds, statement_sentence
from litmus_core.checks._revision import revision
from litmus_core.checks._runner import are_copies, run_checks

__all__ = [
    "CHECKS",
    "Check",
    "CheckContext",
    "are_copies",
    "check_kinds",
    "encoded",
    "fit_text_baseline",
    "joined",
    "revision",
    "run_checks",
    "statement_sentence",
]
