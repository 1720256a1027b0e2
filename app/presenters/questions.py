"""A task as a question in one plain sentence."""

from __future__ import annotations

from litmus_core.types import ProblemType, Suggestion, Task

__all__ = ["PROBLEMS", "example_sentence", "question"]

PROBLEMS: dict[ProblemType, str] = {
    "binary": "One of two answers",
    "multiclass": "One of several answers",
    "regression": "A number",
}


def question(task: Task) -> str:
    """Say what an experiment asks: ``Predict **price** from 9 columns``."""
    return f"Predict **{task.target}** from {_columns(task.features)}"


def example_sentence(suggestion: Suggestion, features: tuple[str, ...], problem_type: ProblemType) -> str:
    """Say how the question will be asked of one new row."""
    given = f"Given {_columns(features)}, "
    target = f"*{suggestion.target}*"
    if problem_type == "regression":
        return f"{given}say how much {target} is."
    if problem_type == "binary" and suggestion.positive_class is not None:
        return f"{given}say whether {target} is *{suggestion.positive_class}*."
    if suggestion.classes:
        shown = ", ".join(f"*{name}*" for name in suggestion.classes[:3])
        more = len(suggestion.classes) - 3
        rest = f" or {more} more" if more > 0 else ""
        return f"{given}say which {target} it is: {shown}{rest}."
    return f"{given}say which {target} it is."


def _columns(features: tuple[str, ...]) -> str:
    if not features:
        return "nothing yet"
    if len(features) <= 2:
        return " and ".join(f"*{name}*" for name in features)
    return f"{len(features)} columns"
