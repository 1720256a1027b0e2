"""The guide to what comes after the model, as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.runtime import step_specs

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guides" / "post-processing.md"


def test_the_guides_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, module, second = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S)
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    (tmp_path / "price_steps.py").write_text(module)
    random = np.random.default_rng(0)
    listed = random.uniform(10, 100, 400).round(2)
    prices = (0.9 * listed + random.normal(0, 2, 400)).round(2)
    pd.DataFrame({"list price": listed, "age": random.integers(0, 9, 400), "price": prices}).to_csv(
        tmp_path / "prices.csv", index=False
    )
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}

    exec(compile(first, "post-processing.md", "exec"), names)
    assert {part.reference for each in names["handle"].candidates() for part in each.postprocess} == {
        "rule",
        "abstain",
    }
    names["handle"].studio.close()
    exec(compile(second, "post-processing.md", "exec"), names)

    best = names["handle"].best.facts
    names["handle"].studio.close()
    assert best.name.endswith(", then NoCheaperThan and round")


@pytest.mark.parametrize("step", [spec.reference for spec in step_specs()])
def test_the_guide_names_every_step_and_parameter(step: str) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    spec = next(each for each in step_specs() if each.reference == step)

    assert f"| `{step}(" in text
    assert [each.name for each in spec.parameters if f"{each.name}=" not in text] == []
