"""Task types beyond the built-in problem types: which fit a column, their texts and parameter forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.presenters.fields import FieldView, present_parameters
from app.presenters.question.draft import Draft
from litmus_core.metrics import default_metric
from litmus_core.plugins import PluginDescription, PluginParameter
from litmus_core.task_types import get_task_type
from litmus_core.types import Column, PluginRef, Scalar

__all__ = ["AS_IT_IS", "KindView", "present_kinds", "with_kind"]

AS_IT_IS = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindView:
    """One task type to choose; ``why`` says what it does and when it helps."""

    described: PluginDescription
    title: str
    why: str
    fields: tuple[FieldView, ...]

    @property
    def name(self) -> str:
        """Its name."""
        return self.described.name


def present_kinds(
    described: Sequence[PluginDescription], column: Column, *, ref: PluginRef | None = None
) -> tuple[KindView, ...]:
    """Present the task types that fit a column; the form of the selected type, ``ref``, has its values."""
    is_number = column.stores_numbers
    fitting = [entry for entry in described if is_number or _is_plugin_with_base(entry)]
    return tuple(
        KindView(
            described=kind,
            title=kind.title,
            why=f"{kind.title}. {kind.when}".strip(),
            fields=tuple(
                replace(field, default=_current_value(parameter, kind, ref))
                for field, parameter in zip(present_parameters(kind.parameters), kind.parameters, strict=True)
            ),
        )
        for kind in fitting
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


def _is_plugin_with_base(described: PluginDescription) -> bool:
    """Return whether a type is a plug-in that predicts labels."""
    return ":" in described.reference and get_task_type(described.facts["base"]).has_classes


def _current_value(parameter: PluginParameter, described: PluginDescription, ref: PluginRef | None) -> Scalar:
    values = dict(ref.parameters) if ref is not None and ref.name == described.name else {}
    return values.get(parameter.name, parameter.default)
