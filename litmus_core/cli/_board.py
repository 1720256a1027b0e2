"""The leaderboard of a workspace: experiments, then finished forecasts and many targets in their sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from litmus_core.cli._session import show, table
from litmus_core.types import to_plain

if TYPE_CHECKING:
    from litmus_core.experiments import JudgedWork

_TITLES = {"forecasts": "Forecasts", "targets": "Many targets"}


def show_board(
    experiments: list[dict[str, Any]],
    lines: list[dict[str, Any]],
    work: Mapping[str, Sequence[JudgedWork]],
    *,
    as_json: bool,
) -> None:
    """Print experiments, as facts or as ``lines`` for people, and below them the sections of other work."""
    facts = {"experiments": experiments} | {
        noun: [_facts(one) for one in section] for noun, section in work.items()
    }
    show(facts, as_json=as_json, text=lambda: "\n\n".join(_sections(lines, work)))


def _sections(lines: list[dict[str, Any]], work: Mapping[str, Sequence[JudgedWork]]) -> list[str]:
    sections = [
        f"{_TITLES[noun]}\n{table([*map(_row, section)])}" for noun, section in work.items() if section
    ]
    return [table(lines), *sections] if lines or not sections else sections


def _facts(one: JudgedWork) -> dict[str, Any]:
    """Return finished work as JSON holds it; the names of what experiments have, too, are theirs."""
    from litmus_core.verdicts import flag_keys, grade_of

    verdict = one.verdict
    return {
        "id": one.id,
        "name": one.name,
        "table": one.table,
        "created": one.created_at,
        "predicts": one.predicts,
        "verdict": verdict.outcome,
        "grade": grade_of(verdict).key,
        "chance": verdict.probability_passes,
        "flags": flag_keys(verdict),
        "metric": verdict.score.metric,
        "test": verdict.score.value,
        "interval": [verdict.score.low, verdict.score.high],
        "baseline": {"name": one.baseline, "test": verdict.baseline},
        "beats_baseline": one.beats_baseline,
        "bar": verdict.bar and to_plain(verdict.bar),
        "gap": verdict.gap,
    }


def _row(one: JudgedWork) -> dict[str, Any]:
    from litmus_core.verdicts import verdict_headline

    return {
        "id": one.id,
        "name": one.name,
        "predicts": one.predicts,
        "verdict": verdict_headline(one.verdict),
        "score": one.score_text,
        "beside the baseline": one.baseline_text,
        "created": one.created_at,
    }
