"""The model families to choose from, and the parameters that people may set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from app.presenters.fields import FieldView, present_parameters
from litmus_core.plugins import PluginParameter
from litmus_core.types import Algorithm, Hyperparameter, Scalar

__all__ = ["FamilyLike", "FamilyView", "algorithm_of", "present_families", "setting_text"]


class FamilyLike(Protocol):
    """The required attributes of an engine's family."""

    @property
    def key(self) -> str:
        """Its name in a plan."""

    @property
    def title(self) -> str:
        """Its name for people."""

    @property
    def when(self) -> str:
        """When to use it."""

    @property
    def about(self) -> str:
        """What it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyView:
    """A family to choose; ``missing`` says why it is unavailable ("" if it is available).

    ``fields`` are its parameters; empty ones are left to Litmus.
    """

    key: str
    title: str
    when: str
    chosen: bool
    missing: str
    about: str = ""
    fields: tuple[FieldView, ...] = ()


def present_families(
    families: Sequence[FamilyLike],
    chosen: Sequence[str],
    *,
    missing: dict[str, str],
    parameters: Mapping[str, Sequence[PluginParameter]],
) -> tuple[FamilyView, ...]:
    """Present the families; those that Litmus would choose come first.

    ``parameters`` are what may be set of each family, by its key.
    """
    views = [
        FamilyView(
            key=family.key,
            title=family.title,
            when=family.when,
            about=family.about,
            chosen=family.key in chosen,
            missing=missing.get(family.key, ""),
            fields=_fields(parameters.get(family.key, ())),
        )
        for family in families
    ]
    return tuple(sorted(views, key=lambda view: (bool(view.missing), not view.chosen)))


def _fields(parameters: Sequence[PluginParameter]) -> tuple[FieldView, ...]:
    """Return fields that are empty at first, and then show the default; their titles are the real names."""
    return tuple(
        replace(field, title=field.name, default=None, example=f"{_value(field.default)} (default)")
        for field in present_parameters(parameters)
    )


def algorithm_of(key: str, settings: Sequence[tuple[str, Scalar]]) -> Algorithm:
    """Return an algorithm with these settings."""
    values = tuple(Hyperparameter(name=name, value=value) for name, value in settings)
    return Algorithm(key=key, hyperparameters=values)


def setting_text(settings: Sequence[tuple[str, Scalar]]) -> str:
    """Return settings on one line.

    >>> setting_text((("num_leaves", 8), ("use_columns", False)))
    'num_leaves = 8, use_columns = no'
    """
    return ", ".join(f"{name} = {_value(value)}" for name, value in settings)


def _value(value: Scalar) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
