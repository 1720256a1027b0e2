"""The guide to what comes after the model names every step. Its examples run in tests/guides."""

from __future__ import annotations

from pathlib import Path

import pytest

from litmus_core.runtime import step_specs

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guides" / "post-processing.md"


@pytest.mark.parametrize("step", [spec.reference for spec in step_specs()])
def test_the_guide_names_every_step_and_parameter(step: str) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    spec = next(each for each in step_specs() if each.reference == step)

    assert f"| `{step}(" in text
    assert [each.name for each in spec.parameters if f"{each.name}=" not in text] == []
