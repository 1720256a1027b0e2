"""Model families that would suit a table if their optional packages were installed."""

from __future__ import annotations

from collections.abc import Sequence

from litmus_core.engine._catalog.selection import has_extra, model_families
from litmus_core.engine._text_encoder import INSTALL, has_encoder
from litmus_core.types import Column, ProblemType

_EXTRA = "Needs the optional part '{extra}': pip install 'litmus-automl[{extra}]'."
_WEIGHTS = f"Needs a pretrained encoder: {INSTALL}."


def missing_parts(problem_type: ProblemType, columns: Sequence[Column]) -> dict[str, str]:
    """Return an installation hint for each of these families, by key."""
    has_text = any(column.traits.is_prose for column in columns)
    missing: dict[str, str] = {}
    for family in model_families():
        if problem_type not in family.problem_types or (family.needs.text and not has_text):
            continue
        if not has_extra(family.needs.extra):
            missing[family.key] = _EXTRA.format(extra=family.needs.extra)
        elif family.needs.weights and not has_encoder():
            missing[family.key] = _WEIGHTS
    return missing
