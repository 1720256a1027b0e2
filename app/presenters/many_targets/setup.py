"""What a table holds as targets, what would make it valid, and how all of them can be judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.presenters.markdown import literal
from app.presenters.work.problems import Remedy
from litmus_core.experiments import TargetsProposal
from litmus_core.many_targets import TargetsOutlook, TargetsSpec, say
from litmus_core.text import format_count, format_score, unbroken

__all__ = [
    "METRIC_HELP",
    "MetricView",
    "OutlookView",
    "TargetLineView",
    "Way",
    "first_way",
    "goal_text",
    "present_metrics",
    "present_outlook",
    "remedy_label",
    "time_choices",
    "way_of",
]

Way = Literal["tags", "labels", "numbers"]
_MARKS = {",": "a comma", ";": "a semicolon", " ": "a space", "|": "a vertical bar", "/": "a slash"}
_WORDS = {
    "micro_f1": "All answers count alike",
    "macro_f1": "Each target counts alike, rare or frequent",
    "subset_accuracy": "A row counts if everything is right",
    "hamming_loss": "Share of wrong answers",
    "mean_r2": "How much the models explain",
    "mean_nrmse": "How far they are off, as a share of the spread",
}
METRIC_HELP = {
    "micro_f1": "1 is perfect: it finds all that belong, and gives none that do not.",
    "macro_f1": "The mean of each target's own score; 1 is perfect.",
    "subset_accuracy": "The share of rows with every target right.",
    "hamming_loss": "Of all yes and no answers, the share that is wrong: less is better.",
    "mean_r2": "1 is perfect, 0 is as good as always saying the mean.",
    "mean_nrmse": "0 is perfect, 1 is as good as always saying the mean: less is better.",
}
_SECONDS = (60, 120, 300, 600, 1_800, 3_600, 7_200)
_LEAST_S, _USUAL_S = 5, 15  # for a target
_EXAMPLE = {"mean_r2": 0.5, "mean_nrmse": 0.7}


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetLineView:
    """A target before training: the share of rows that are yes; or how its numbers are spread."""

    name: str
    n_yes: int | None
    share: float | None
    numbers: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlookView:
    """What was found in the table, in a sentence and in lines, and what there is to say of it."""

    sentence: str
    lines: tuple[TargetLineView, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricView:
    """A way to judge all targets together; ``example`` is a bar to begin with."""

    name: str
    title: str
    help: str
    guess: str
    example: float
    op: Literal[">=", "<="]


def first_way(proposal: TargetsProposal) -> Way | None:
    """Return the kind of targets to begin with; None where the table can have none."""
    if proposal.tags:
        return "tags"
    if proposal.alike or len(proposal.labels) > 1:
        return "labels"
    if len(proposal.numbers) > 1:
        return "numbers"
    return "tags" if proposal.texts else None


def way_of(spec: TargetsSpec) -> Way:
    """Return how the targets of a request stand in its table."""
    return "tags" if spec.tags else spec.kind


def present_outlook(outlook: TargetsOutlook) -> OutlookView:
    """Present what was read of the targets."""
    n = len(outlook.targets)
    has_tags = outlook.separator is not None
    of = format_count(n, "tag" if has_tags else "target")
    mark = _MARKS.get(outlook.separator or "", f"'{outlook.separator}'")
    separated = f", separated by {mark}" if outlook.separator else ", given as lists" if has_tags else ""
    lines = tuple(
        TargetLineView(
            name=target.name,
            n_yes=target.n_yes,
            share=None if target.n_yes is None else target.n_yes / outlook.n_rows,
            numbers=""
            if target.mean is None or target.spread is None
            else f"{format_score(target.mean)} ± {format_score(target.spread)}",
        )
        for target in outlook.targets
    )
    return OutlookView(
        sentence=unbroken(f"{of}{separated}, in {format_count(outlook.n_rows, 'row')}."),
        lines=lines,
        notes=tuple(literal(note) for note in outlook.notes[1 if has_tags else 0 :]),
    )


def remedy_label(remedy: Remedy) -> str:
    """Return the words on the button of a remedy."""
    if "separator" in remedy:
        mark = str(remedy["separator"])
        return f"Separate by {_MARKS.get(mark, literal(mark))}"
    if "fewest" in remedy:
        return f"Keep tags of {format_count(int(remedy['fewest']), 'row')} or more"
    return f"Leave out {literal(str(remedy['without']))}"


def present_metrics(outlook: TargetsOutlook) -> tuple[MetricView, ...]:
    """Present how the targets can be judged, the usual way first."""
    views = []
    for name, guess in outlook.guesses.items():
        is_loss = name in ("hamming_loss", "mean_nrmse")
        example = _EXAMPLE.get(name, guess / 2 if is_loss else (1 + guess) / 2)
        views.append(
            MetricView(
                name=name,
                title=_WORDS[name],
                help=f"{METRIC_HELP[name]} Technical word: {say(name)}.",
                guess=unbroken(f"The same answer for every row scores {format_score(guess)}."),
                example=round(example, 2),
                op="<=" if is_loss else ">=",
            )
        )
    return tuple(views)


def goal_text(metric: MetricView, bar: float | None) -> str:
    """Return the goal as Python and the command line take it."""
    return metric.name if bar is None else f"{metric.name}{metric.op}{bar:g}"


def time_choices(n_targets: int) -> tuple[Sequence[int], int]:
    """Return how many seconds may be chosen for all targets, and how many to begin with."""
    choices = [seconds for seconds in _SECONDS if seconds >= _LEAST_S * n_targets]
    choices = choices or [_LEAST_S * n_targets * 2]
    usual = next((seconds for seconds in choices if seconds >= _USUAL_S * n_targets), choices[-1])
    return choices, usual
