"""A task as a question in one plain sentence."""

from __future__ import annotations

from app.presenters.markdown import literal
from litmus_core.text import format_count
from litmus_core.types import Column, ProblemType, Suggestion, Task

__all__ = ["PROBLEMS", "answer_kinds", "example_sentence", "only_kind_message", "question", "why_message"]

PROBLEMS: dict[ProblemType, str] = {
    "binary": "One of two answers",
    "multiclass": "One of several answers",
    "regression": "A number",
}

_NUMBERS = ("BIGINT", "DOUBLE")
_MOST_CLASSES = 1_000  # as the check of a task has it


def answer_kinds(column: Column, *, n_values: int, suggested: ProblemType) -> tuple[ProblemType, ...]:
    """Return the kinds of question that a column can answer; ``n_values`` rows of it hold a value.

    Numbers are asked for only where there are numbers, two answers where there are two, several where
    each of them has rows to be learnt from. What Litmus suggests is always among them.
    """
    n = column.n_distinct
    fits = {suggested}
    if column.storage in _NUMBERS:
        fits.add("regression")
    if n == 2:
        fits.add("binary")
    elif 2 < n <= min(_MOST_CLASSES, n_values // 2):
        fits.add("multiclass")
    return tuple(kind for kind in PROBLEMS if kind in fits)


def only_kind_message(column: Column, kind: ProblemType) -> str:
    """Say why a column's kind of answer is not a choice."""
    if kind == "regression":
        return "The column holds too many different numbers to tell apart, so the answer is a number."
    if kind == "binary":
        return "The column holds two different values and no numbers, so the answer is one of the two."
    return "The column holds no numbers, so the answer is one of its values."


def why_message(suggestion: Suggestion, column: Column, kind: ProblemType) -> str:
    """Say why it is that kind of question: Litmus's reason, or what the visitor chose instead."""
    if kind == suggestion.problem_type:
        return suggestion.why
    if kind == "regression":
        return "You chose a number: values are amounts, and near misses count less than far ones."
    n = format_count(column.n_distinct, "different value")
    return f"You chose one of several answers: each of its {n} is an answer of its own, near no other."


def question(task: Task) -> str:
    """Say what an experiment asks: ``Predict **price** from 9 columns``."""
    return f"Predict **{literal(task.target)}** from {_columns(task.features)}"


def example_sentence(suggestion: Suggestion, features: tuple[str, ...], problem_type: ProblemType) -> str:
    """Say how the question will be asked of one new row."""
    given = f"Given {_columns(features)}, "
    target = f"*{literal(suggestion.target)}*"
    if problem_type == "regression":
        return f"{given}say how much {target} is."
    if problem_type == "binary" and suggestion.positive_class is not None:
        return f"{given}say whether {target} is *{literal(str(suggestion.positive_class))}*."
    if suggestion.classes:
        shown = ", ".join(f"*{literal(str(name))}*" for name in suggestion.classes[:3])
        more = len(suggestion.classes) - 3
        rest = f" or {more} more" if more > 0 else ""
        return f"{given}say which {target} it is: {shown}{rest}."
    return f"{given}say which {target} it is."


def _columns(features: tuple[str, ...]) -> str:
    if not features:
        return "nothing yet"
    if len(features) <= 2:
        return " and ".join(f"*{literal(name)}*" for name in features)
    return f"{len(features)} columns"
