"""A task as one plain sentence, and the reasons for its problem type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.presenters.markdown import literal
from litmus_core.data import target_facts
from litmus_core.task_types import Facet, all_task_types, get_task_type
from litmus_core.text import format_count
from litmus_core.types import Column, ProblemType, Suggestion, Task

__all__ = ["PROBLEMS", "answer_kinds", "example_sentence", "only_kind_message", "question", "why_message"]

PROBLEMS: dict[ProblemType, str] = {task_type.key: task_type.title for task_type in all_task_types()}


def answer_kinds(column: Column, *, n_values: int, suggested: ProblemType) -> tuple[ProblemType, ...]:
    """Return the problem types that a column allows; ``n_values`` of its rows have a value.

    Regression needs numbers, binary classification two classes, multiclass enough rows of each class. What
    Litmus proposes is always included.
    """
    target = target_facts(column, n_rows=n_values + column.n_missing)
    proposed = get_task_type(suggested)
    return tuple(
        task_type.key for task_type in all_task_types() if task_type is proposed or task_type.accepts(target)
    )


def only_kind_message(kind: ProblemType) -> str:
    """Return why there is only one problem type for a column."""
    return _WORDS.of(kind).only_kind


def why_message(suggestion: Suggestion, column: Column, kind: ProblemType) -> str:
    """Return the reason for the problem type: Litmus's, or that the visitor chose it."""
    if get_task_type(kind) is suggestion.type:
        return suggestion.why
    return _WORDS.of(kind).chosen.format(n=format_count(column.n_distinct, "different value"))


def question(task: Task) -> str:
    """Return an experiment's task as a sentence: ``Predict **price** from 9 columns``."""
    return f"Predict **{literal(task.target)}** from {_columns(task.features)}"


def example_sentence(suggestion: Suggestion, features: tuple[str, ...], problem_type: ProblemType) -> str:
    """Return an example of the question for one new row."""
    target = f"*{literal(suggestion.target)}*"
    return f"Given {_columns(features)}, say {_WORDS.of(problem_type).asks(target, suggestion)}."


def _asks_which(target: str, suggestion: Suggestion) -> str:
    if not suggestion.classes:
        return f"which {target} it is"
    shown = ", ".join(f"*{literal(str(name))}*" for name in suggestion.classes[:3])
    more = len(suggestion.classes) - 3
    return f"which {target} it is: {shown}{f' or {more} more' if more > 0 else ''}"


def _asks_whether(target: str, suggestion: Suggestion) -> str:
    if suggestion.positive_class is None:
        return _asks_which(target, suggestion)
    return f"whether {target} is *{literal(str(suggestion.positive_class))}*"


def _asks_how_much(target: str, _suggestion: Suggestion) -> str:
    return f"how much {target} is"


@dataclass(frozen=True, slots=True)
class _QuestionWords:
    """Texts about a task type: why it is the only one, that the visitor chose it, and a question.

    ``{n}`` is the number of different values; the question is about one row.
    """

    only_kind: str
    chosen: str
    asks: Callable[[str, Suggestion], str]


_CHOSE_A_LABEL = "You chose one of several answers: each of its {n} is an answer of its own, near no other."
_WORDS: Facet[_QuestionWords] = Facet(
    "words of a question",
    {
        "binary": _QuestionWords(
            only_kind="The column holds two different values and no numbers, "
            "so the answer is one of the two.",
            chosen=_CHOSE_A_LABEL,
            asks=_asks_whether,
        ),
        "multiclass": _QuestionWords(
            only_kind="The column holds no numbers, so the answer is one of its values.",
            chosen=_CHOSE_A_LABEL,
            asks=_asks_which,
        ),
        "regression": _QuestionWords(
            only_kind="The column holds too many different numbers to tell apart, so the answer is a number.",
            chosen="You chose a number: values are amounts, and near misses count less than far ones.",
            asks=_asks_how_much,
        ),
    },
)


def _columns(features: tuple[str, ...]) -> str:
    if not features:
        return "nothing yet"
    if len(features) <= 2:
        return " and ".join(f"*{literal(name)}*" for name in features)
    return f"{len(features)} columns"
