"""Task types beyond the three: which fit a column, their texts and parameter forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.presenters.fields import FieldView, present_parameters
from app.presenters.question.draft import Draft
from litmus_core.metrics import default_metric
from litmus_core.plugins import Described, PluginParameter
from litmus_core.task_types import get_task_type
from litmus_core.types import Column, PluginRef, Scalar

__all__ = ["AS_IT_IS", "KindView", "present_kinds", "with_kind"]

AS_IT_IS = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindView:
    """One task type to choose: ``why`` says what it is and when it helps."""

    described: Described
    title: str
    why: str
    fields: tuple[FieldView, ...]

    @property
    def name(self) -> str:
        """Its name."""
        return self.described.name


def present_kinds(
    known: Sequence[Described], column: Column, *, asked: PluginRef | None = None
) -> tuple[KindView, ...]:
    """Present the task types for a column; the form of the one ``asked`` for has its values."""
    is_number = column.stores_numbers
    fitting = [each for each in known if is_number or _takes_words(each)]
    return tuple(
        KindView(
            described=each,
            title=each.title,
            why=f"{each.title}. {each.when}".strip(),
            fields=tuple(
                replace(field, default=_current_value(parameter, each, asked))
                for field, parameter in zip(present_parameters(each.parameters), each.parameters, strict=True)
            ),
        )
        for each in fitting
    )


def with_kind(draft: Draft, kind: KindView | None, values: Mapping[str, Scalar]) -> Draft:
    """Return the draft with the task type ``kind`` and its parameters; None: the column's own type.

    Another type has its own metric, and no bar yet. Raises UsageError for an invalid value.
    """
    if kind is None:
        if draft.task_type is None:
            return draft
        return replace(
            draft,
            task_type=None,
            problem_type=None,
            metric=None,
            positive_class=None,
            goal=replace(draft.goal, bar=None),
        )
    part = kind.described.part(**{name: value for name, value in values.items() if value is not None})
    if draft.task_type is not None and draft.task_type.name == kind.name:
        return replace(
            draft,
            task_type=part,
            goal=replace(draft.goal, bar=draft.goal.bar if draft.task_type == part else None),
        )
    facts = kind.described.facts
    return replace(
        draft,
        task_type=part,
        problem_type=facts["base"],
        metric=facts.get("default_metric") or default_metric(facts["base"]).name,
        positive_class=facts.get("positive"),
        goal=replace(draft.goal, bar=None),
    )


def _takes_words(described: Described) -> bool:
    """Return whether a type accepts labels: a custom type that predicts labels."""
    return ":" in described.reference and get_task_type(described.facts["base"]).has_classes


def _current_value(parameter: PluginParameter, described: Described, asked: PluginRef | None) -> Scalar:
    given = dict(asked.parameters) if asked is not None and asked.name == described.name else {}
    return given.get(parameter.name, parameter.default)
