"""The leaderboard of a workspace: experiments, then finished forecasts and many targets in their sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from litmus_core.cli._session import show, table
from litmus_core.types import LiveJudgement, LiveState, LiveVerdict, to_plain

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


def live_states(live: Mapping[str, LiveVerdict | None]) -> dict[str, LiveState | None]:
    """Return what the last verdict says of the model behind each endpoint's name; None if never judged."""
    return {name: None if verdict is None else verdict.judgement.state for name, verdict in live.items()}


def live_text(states: Mapping[str, LiveState | None]) -> str:
    """Return the states as one cell of a table; "" without an endpoint."""
    from litmus_core.verdicts import live_headline

    words = {
        name: live_headline(LiveJudgement(state=state)) if state else "Never judged by outcomes"
        for name, state in states.items()
    }
    return "; ".join(f"{name}: {word}" for name, word in words.items())


def _sections(lines: list[dict[str, Any]], work: Mapping[str, Sequence[JudgedWork]]) -> list[str]:
    sections = [
        f"{_TITLES[noun]}\n{table([*map(_row, section)])}" for noun, section in work.items() if section
    ]
    without = () if any(line["live"] for line in lines) else ("live",)
    lines = [{name: cell for name, cell in line.items() if name not in without} for line in lines]
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
