"""Examples of plug-ins: their purpose, and whether the workspace has them already."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.presenters.plugins import PLACES
from litmus_core.types import Point

__all__ = ["ExampleView", "present_examples"]


class ExampleLike(Protocol):
    """The required attributes of an example."""

    @property
    def point(self) -> Point:
        """Its extension point."""

    @property
    def file(self) -> str:
        """The name of its file."""

    @property
    def text(self) -> str:
        """The whole file."""

    @property
    def guide(self) -> str:
        """The page that explains it, as Markdown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleView:
    """One example."""

    title: str
    about: str
    file: str
    text: str
    guide: str
    is_there: bool


def present_examples(examples: Sequence[ExampleLike], *, names: Collection[str]) -> tuple[ExampleView, ...]:
    """Present examples; ``names`` are the names of the workspace's files."""
    return tuple(
        ExampleView(
            title=PLACES[example.point][0],
            about=PLACES[example.point][1],
            file=example.file,
            text=example.text,
            guide=example.guide,
            is_there=example.file in names,
        )
        for example in examples
    )
