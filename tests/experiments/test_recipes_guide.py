"""The guide to recipes names all that a recipe may say. Its examples run in tests/guides."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from litmus_core.recipes import CLASS_FACTS, FLAGS, NUMBERS, built_in_texts
from litmus_core.recipes._steps import _KINDS

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "guides" / "recipes.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*NUMBERS, *FLAGS, *_KINDS, *built_in_texts(), *CLASS_FACTS])
def test_the_guide_names_every_recipe_step_and_thing_that_conditions_know(name: str) -> None:
    assert re.search(rf"`{name}[`:(]", GUIDE)
