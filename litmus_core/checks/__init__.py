"""Checks: find data problems that would make a model's score misleading, and propose fixes."""

from litmus_core.checks._check import Check
from litmus_core.checks._context.quick_model import encode_columns, fit_text_baseline, join_texts
from litmus_core.checks._context.table import CheckContext
from litmus_core.checks._default_split import default_split
from litmus_core.checks._registry import CHECKS, check_kinds
from litmus_core.checks._revision import revision
from litmus_core.checks._runner import are_copies, run_checks
from litmus_core.checks._stored import read_report, report_path
from litmus_core.checks._texts import evidence_sentences, finding_sentence, statement_sentence

__all__ = [
    "CHECKS",
    "Check",
    "CheckContext",
    "are_copies",
    "check_kinds",
    "default_split",
    "encode_columns",
    "evidence_sentences",
    "finding_sentence",
    "fit_text_baseline",
    "join_texts",
    "read_report",
    "report_path",
    "revision",
    "run_checks",
    "statement_sentence",
]
