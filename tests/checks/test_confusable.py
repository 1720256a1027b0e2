from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from litmus_core.checks import CheckContext
from litmus_core.checks._similarity.labels import confusable
from litmus_core.data import import_table
from litmus_core.store import Workspace

WORDS = {
    "CPU": "intel core ghz socket cores cache processor",
    "Fridge": "cooler shelf litre freezer door ice energy",
    "TV": "screen inch hdmi smart led remote uhd",
}


def products(workspace: Workspace, path: Path, *, n_rows: int = 400) -> CheckContext:
    rng = np.random.default_rng(0)
    label = rng.choice(list(WORDS), n_rows)
    title = [" ".join(rng.choice(WORDS[each].split(), 4)) + f" {rng.integers(100, 999)}" for each in label]
    frame = pd.DataFrame({"title": title, "label": label})
    frame.loc[frame.index[frame["label"] == "CPU"][:30], "label"] = "CPUs"
    frame.loc[frame.index[frame["label"] == "TV"][:3], "label"] = "TVs"
    frame.to_csv(path / "products.csv", index=False)
    return CheckContext(workspace, import_table(workspace, path / "products.csv"), target="label")


def test_two_names_of_one_class_get_mixed_up_and_others_do_not(tmp_path: Path) -> None:
    table = products(Workspace(tmp_path / "workspace").create(), tmp_path)
    same, others = confusable(table, [("CPU", "CPUs"), ("CPU", "Fridge")])
    assert same.is_confusable
    assert not others.is_confusable
    assert others.separation > 0.9


def test_a_label_with_three_rows_is_not_judged(tmp_path: Path) -> None:
    table = products(Workspace(tmp_path / "workspace").create(), tmp_path)
    (found,) = confusable(table, [("TV", "TVs")])
    assert not found.is_known
    assert not found.is_confusable


def test_where_no_labels_can_be_told_apart_none_are_confusable(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {"size": rng.normal(size=300), "class": rng.choice(["Class 1", "Class 2", "x"], 300)}
    )
    frame.to_csv(tmp_path / "noise.csv", index=False)
    workspace = Workspace(tmp_path / "workspace").create()
    table = CheckContext(workspace, import_table(workspace, tmp_path / "noise.csv"), target="class")
    (found,) = confusable(table, [("Class 1", "Class 2")])
    assert found.is_known
    assert not found.is_confusable
