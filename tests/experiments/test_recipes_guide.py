"""The guide to recipes, as it stands there: its recipe is tested and kept, its example is followed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from litmus_core import Studio
from litmus_core.recipes import FLAGS, NUMBERS, OF_CLASSES, built_in_texts
from litmus_core.recipes._steps import _KINDS

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "guides" / "recipes.md").read_text(encoding="utf-8")


def test_the_guides_example_follows_a_recipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", GUIDE, re.S)
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}

    exec(compile(example, "recipes.md", "exec"), names)

    studio, end = names["handle"].studio, names["end"]
    first, *_ = studio.runs(names["handle"].experiment.id)
    assert (first.plan.cards, first.plan.time_limit_s) == (("linear",), 18.0)
    assert end.said
    states = [place.state for place in studio.recipe_walk(end.experiment_id).places]
    studio.close()
    assert states[0] == "done"
    assert "1 A linear model done" in capsys.readouterr().out


def test_the_guides_recipe_passes_its_tests_and_is_kept(tmp_path: Path) -> None:
    (recipe,) = re.findall(r"```yaml\n(.*?)```", GUIDE, re.S)

    with Studio.open(tmp_path / "workspace") as studio:
        results: list[Any] = []
        kept = studio.save_recipe(recipe, on_test=results.append)

        assert [(each.passed, each.said) for each in results] == [(True, "")]
        assert studio.recipe("which-penguin") == kept


@pytest.mark.parametrize("name", [*NUMBERS, *FLAGS, *_KINDS, *built_in_texts(), *OF_CLASSES])
def test_the_guide_names_every_recipe_step_and_thing_that_conditions_know(name: str) -> None:
    assert re.search(rf"`{name}[`:(]", GUIDE)
