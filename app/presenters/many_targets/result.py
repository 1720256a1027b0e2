"""What many targets are worth together and alone, what their thresholds do, and what a row is answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.presenters import humanize
from app.presenters.many_targets.setup import METRIC_HELP
from app.presenters.markdown import literal
from litmus_core.experiments import TargetsRecord, ThresholdCounts
from litmus_core.many_targets import TargetsReport, TargetsSpec, say, targets_sentences
from litmus_core.text import (
    format_chance,
    format_count,
    format_score,
    format_share,
    join_names,
    unbroken,
)

__all__ = [
    "AnsweredRowView",
    "JointResultView",
    "effect_sentence",
    "line_details",
    "moved_sentence",
    "present_answered",
    "present_lines",
    "present_result",
]

_GOOD = ("good", "likely")
_FEWEST = 10  # test rows that a verdict needs


@dataclass(frozen=True, slots=True, kw_only=True)
class JointResultView:
    """The decision: grade and chance, how good it is in plain words, and what it rests on.

    ``scores`` are titles, scores and explanations of the other ways to judge the targets together.
    """

    state: humanize.StateMessage
    chance: str
    sentence: str
    plain: str
    guess: str
    advice: str
    scores: tuple[tuple[str, str, str], ...]
    why: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredRowView:
    """What one row is answered: the labels that apply in a sentence, or numbers; then a line for each."""

    sentence: str
    lines: dict[str, list[Any]]


def present_result(record: TargetsRecord, report: TargetsReport) -> JointResultView:
    """Present a report, the decision first."""
    verdict, spec = report.verdict, record.request.spec
    state = humanize.verdict_state(verdict)
    chance = ""
    if verdict.bar is not None and verdict.probability_passes is not None:
        least = "at least" if verdict.bar.is_floor else "at most"
        bar = f"{say(verdict.bar.metric)} of {least} {format_score(verdict.bar.value)}"
        chance = unbroken(f"{format_chance(verdict.probability_passes)} chance of a {bar}")
    sentences = targets_sentences(report)
    return JointResultView(
        state=state,
        chance=chance,
        sentence=unbroken(sentences[1]),
        plain=unbroken(_plain(spec, report)),
        guess=unbroken(f"The same answer for every row scores {format_score(verdict.baseline)} there."),
        advice=_advice(report, state),
        scores=tuple(
            (say(name), format_score(value), METRIC_HELP[name])
            for name, value in report.scores.items()
            if name != verdict.score.metric
        ),
        why=tuple(map(unbroken, sentences[3 : -len(report.lines)])),
        notes=tuple(literal(note) for note in record.request.notes[1 if spec.tags else 0 :]),
    )


def _plain(spec: TargetsSpec, report: TargetsReport) -> str:
    scores, n = report.scores, report.verdict.score.n_rows
    if spec.kind == "numbers":
        best = max(report.lines, key=lambda line: line.score)
        worst = min(report.lines, key=lambda line: line.score)
        return (
            f"The models explain {format_share(max(scores['mean_r2'], 0.0))} of how the numbers vary: "
            f"{best.name} best ({format_share(max(best.score, 0.0))}), "
            f"{worst.name} least ({format_share(max(worst.score, 0.0))})."
        )
    n_right = round(scores["subset_accuracy"] * n)
    wrong = round(scores["hamming_loss"] * n * len(report.lines))
    return (
        f"Of {format_count(n, 'row')}, {n_right:,} have every target right. Of all "
        f"{n * len(report.lines):,} answers yes or no, {wrong:,} are wrong."
    )


def _advice(report: TargetsReport, state: humanize.StateMessage) -> str:
    verdict = report.verdict
    weakest = min(report.lines, key=lambda line: line.score)
    if state.tone in _GOOD:
        return "Use it: try a row, score a file, or deploy it as a live service."
    if verdict.bar is None:
        return "Set a bar with a new training, and Litmus says whether this is good enough."
    if verdict.score.n_rows < _FEWEST:
        return "More rows would settle it."
    return f"More time or more rows may help; {weakest.name} is the weakest."


def present_lines(record: TargetsRecord, report: TargetsReport) -> dict[str, list[Any]]:
    """Return a table with a row for each target."""
    table: dict[str, list[Any]] = {
        "Target": [line.name for line in report.lines],
        "Score": [line.score for line in report.lines],
    }
    if record.thresholds:
        table["Yes from"] = list(record.thresholds)
        table["Test rows"] = [line.n_yes for line in report.lines]
    return table | {"Model": [line.model for line in report.lines]}


def effect_sentence(counts: ThresholdCounts) -> str:
    """Say what a threshold does to validation rows.

    >>> effect_sentence(ThresholdCounts(n=300, flagged=40, hits=36, n_yes=45))
    'Of 300 validation rows it says yes to 40, 36 of them rightly, and misses 9.'
    """
    return (
        f"Of {format_count(counts.n, 'validation row')} it says yes to {counts.flagged:,}, "
        f"{counts.hits:,} of them rightly, and misses {counts.n_yes - counts.hits:,}."
    )


def moved_sentence(moved: Sequence[str]) -> str:
    """Say that thresholds are not those of the verdict; "" where none was moved."""
    if not moved:
        return ""
    return (
        f"You moved {format_count(len(moved), 'threshold')}: {join_names(list(moved))}. "
        "The scores above are of those that Litmus chose."
    )


def present_answered(record: dict[str, Any]) -> AnsweredRowView:
    """Present one answer of :meth:`TargetsPredictor.predict_records`."""
    if "values" in record:
        values = record["values"]
        lines = {"Target": list(values), "Answer": [format_score(value) for value in values.values()]}
        return AnsweredRowView(sentence="", lines=lines)
    labels, chances = record["labels"], record["probabilities"]
    order = sorted(chances, key=lambda name: -chances[name])
    return AnsweredRowView(
        sentence=join_names(list(labels)) if labels else "None of them",
        lines={
            "Target": order,
            "Applies": ["yes" if name in labels else "no" for name in order],
            "Probability": [100 * chances[name] for name in order],
        },
    )


def line_details(record: TargetsRecord) -> list[str]:
    """Return what tells a training from others in a list."""
    details = [format_count(len(record.request.spec.targets), "target")]
    if record.report is not None:
        score = record.report.verdict.score
        details.append(unbroken(f"{say(score.metric)} {format_score(score.value)}"))
    return details
