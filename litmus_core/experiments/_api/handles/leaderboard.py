"""Leaderboards in Python: as data frames, and as HTML for notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from litmus_core.types import Candidate

_SHOWN = ("name", "validation", "test", "latency_p95_ms", "size_mb", "form", "chosen")
_CELL = "padding:.2rem .6rem;text-align:left;border-bottom:1px solid #8884"


def board_row(candidate: Candidate) -> dict[str, Any]:
    """Return a candidate as a row: scores with intervals, latency in ms, size in MB.

    ``latency_p95_ms`` is for one row per call, over ``latency_calls`` calls; None for fewer than 20 calls.
    """
    single = candidate.latency_at(1)
    judged = candidate.validation if candidate.validation and candidate.validation.n_rows else None
    row = {
        "candidate": candidate.id,
        "name": candidate.name,
        "validation": candidate.validation and candidate.validation.value,
        "validation_low": judged and judged.low,
        "validation_high": judged and judged.high,
        "test": candidate.test and candidate.test.value,
        "latency_p95_ms": single and single.percentile_ms,
        "latency_calls": single and single.n_calls,
        "size_mb": None if candidate.size_bytes is None else candidate.size_bytes / 1e6,
        "form": candidate.form,
        "abstained": candidate.abstained,
        "fit_s": candidate.fit_s,
        "chosen": candidate.chosen,
    }
    row |= {f"validation {score.metric}": score.value for score in candidate.also_validation}
    return row | {f"test {score.metric}": score.value for score in candidate.also_test}


def run_html(title: str, status: str, sentence: str, candidates: Sequence[Candidate]) -> str:
    """Return a run as self-contained HTML, with user texts escaped."""
    rows = [board_row(candidate) for candidate in candidates]
    names = [*_SHOWN, *dict.fromkeys(name for row in rows for name in row if " " in name)]
    head = f"<p><b>{escape(title)}</b>: {escape(status)}. {escape(sentence)}</p>"
    return f"<div>{head}{table_html(rows, names)}</div>"


def table_html(rows: Iterable[Mapping[str, Any]], names: Sequence[str]) -> str:
    """Return rows as an HTML table; empty if there are none."""
    lines = [_line("td", [row.get(name) for name in names]) for row in rows]
    if not lines:
        return ""
    header = _line("th", [name.replace("_", " ") if " " not in name else name for name in names])
    return f'<table style="border-collapse:collapse">{header}{"".join(lines)}</table>'


def _line(tag: str, values: Iterable[Any]) -> str:
    cells = "".join(f'<{tag} style="{_CELL}">{escape(_text(value))}</{tag}>' for value in values)
    return f"<tr>{cells}</tr>"


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
