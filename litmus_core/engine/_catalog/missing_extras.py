"""Cards that a table would allow, and what has to be installed for them first."""

from __future__ import annotations

from collections.abc import Sequence

from litmus_core.engine._catalog.selection import has_torch, model_families
from litmus_core.engine._text_encoder import INSTALL, has_encoder
from litmus_core.types import Column, ProblemType

_TORCH = "Needs the optional part 'torch': pip install 'litmus-automl[torch]'."
_WEIGHTS = f"Needs a pretrained encoder: {INSTALL}."


def missing_parts(problem_type: ProblemType, columns: Sequence[Column]) -> dict[str, str]:
    """Return a sentence for each such card, by its key."""
    has_text = any(column.kind == "text" for column in columns)
    found: dict[str, str] = {}
    for card in model_families():
        if problem_type not in card.problem_types or (card.needs_text and not has_text):
            continue
        if card.needs_torch and not has_torch():
            found[card.key] = _TORCH
        elif card.needs_weights and not has_encoder():
            found[card.key] = _WEIGHTS
    return found
