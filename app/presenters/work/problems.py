"""Why a request does not fit its table, and what to press."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from litmus_core.errors import LitmusError, RemediableError

__all__ = ["ProblemView", "Remedy", "RemedyView", "present_problem"]

Remedy = Mapping[str, str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyView:
    """Choices that make the request valid, and the words on their button."""

    label: str
    choices: tuple[tuple[str, str | int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemView:
    """Why there can be no training yet, and what to press."""

    message: str
    hint: str
    remedies: tuple[RemedyView, ...]


def present_problem(error: LitmusError, label: Callable[[Remedy], str]) -> ProblemView:
    """Present an error, with a button for each way out."""
    remedies = error.remedies if isinstance(error, RemediableError) else ()
    return ProblemView(
        message=error.message,
        hint="Choose other columns above, or what fits:" if remedies else error.hint,
        remedies=tuple(RemedyView(label=label(remedy), choices=tuple(remedy.items())) for remedy in remedies),
    )
