"""The model families to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

__all__ = ["FamilyLike", "FamilyView", "present_families"]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyView:
    """A family to choose; ``missing`` says why it is unavailable ("" if it is available)."""

    key: str
    title: str
    when: str
    chosen: bool
    missing: str


def present_families(
    families: Sequence[FamilyLike], chosen: Sequence[str], *, missing: dict[str, str]
) -> tuple[FamilyView, ...]:
    """Present the families; those that Litmus would choose come first."""
    views = [
        FamilyView(
            key=family.key,
            title=family.title,
            when=family.when,
            chosen=family.key in chosen,
            missing=missing.get(family.key, ""),
        )
        for family in families
    ]
    return tuple(sorted(views, key=lambda view: (bool(view.missing), not view.chosen)))
