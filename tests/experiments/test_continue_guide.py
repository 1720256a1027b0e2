"""The guide to going on with a model, as it stands there, from an append to a bundle."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import litmus_core

ROOT = Path(__file__).resolve().parents[2]


def test_the_guides_example_runs_and_what_went_on_is_a_model_as_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "docs" / "guides" / "continue.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.S)
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}

    exec(compile(example, "continue.md", "exec"), names)
    first, going_on, anew = (names[each] for each in ("handle", "going_on", "anew"))
    studio = first.studio
    said = capsys.readouterr().out
    code = going_on.code
    before, after = (
        pd.read_parquet(studio.workspace.run_dir(each.run_id) / "parts.parquet")["part"].tolist()
        for each in (first, going_on)
    )
    both = studio.continued(anew.run_id)
    parent, grown, again = (each.best.facts for each in (first, going_on, anew))
    bundle = going_on.best.export(tmp_path / "model.zip")
    studio.close()

    assert re.search(r"the same \d+ test rows the model that went on scores .* Training took", said)
    assert (both.before.id, both.continued.id, both.anew.id) == (parent.id, grown.id, again.id)
    assert grown.name.endswith("continued")
    assert grown.form == "compiled"
    assert after[: len(before)] == before
    assert grown.test.n_rows == again.test.n_rows > before.count(2)
    assert f"litmus_core.continue_training(\n    {parent.id!r}" in code
    row = pd.read_csv("sample_data/penguins.csv").iloc[0].drop("species").to_dict()
    assert litmus_core.load_bundle(bundle.path).predict([row])[0] in ("Adelie", "Chinstrap", "Gentoo")
