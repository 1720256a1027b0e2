"""A plan written is the plan read, and its steps run in order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from litmus_core.compiled import CompiledModel, Plan, PlanStep, load_compiled, read_plan, write_plan
from litmus_core.errors import BundleError
from litmus_core.frame import Features


def _plan(*steps: PlanStep) -> Plan:
    return Plan(problem_type="regression", n_classes=1, steps=steps)


def test_a_plan_comes_back_as_it_was_written(tmp_path: Path):
    step = PlanStep(
        id="s0", kind="weighted", of=("a",), settings={"x": 1}, arrays={"weights": np.array([0.5])},
        files={"onnx": b"abc"},
    )  # fmt: skip
    write_plan(_plan(step), tmp_path)

    back = read_plan(tmp_path).steps[0]
    assert (back.id, back.kind, back.of, back.settings) == ("s0", "weighted", ("a",), {"x": 1})
    assert back.arrays["weights"].tolist() == [0.5]
    assert back.files == {"onnx": b"abc"}


def test_a_model_says_which_columns_it_does_not_read(tmp_path: Path):
    write_plan(Plan(problem_type="regression", n_classes=1, steps=(), unread=("size",)), tmp_path)
    assert load_compiled(tmp_path).unread == ("size",)


def test_an_unknown_kind_is_refused_in_words():
    with pytest.raises(BundleError, match="a step of the kind 'magic'"):
        CompiledModel(_plan(PlanStep(id="s", kind="magic")))


@pytest.mark.parametrize(("written", "maker"), [(1, "an older"), (99, "a newer")])
def test_a_plan_of_another_format_is_refused_in_words(tmp_path: Path, written: int, maker: str):
    write_plan(_plan(PlanStep(id="s", kind="mean")), tmp_path)
    path = tmp_path / "plan.json"
    path.write_text(path.read_text().replace('"format": 2', f'"format": {written}'))

    with pytest.raises(BundleError, match=f"made by {maker} Litmus: it has format {written}") as error:
        read_plan(tmp_path)
    assert "xport the model again" in error.value.hint


def test_a_folder_that_is_not_whole_is_refused(tmp_path: Path):
    write_plan(_plan(PlanStep(id="s", kind="mean")), tmp_path)
    (tmp_path / "arrays.npz").unlink()

    with pytest.raises(BundleError, match="incomplete"):
        load_compiled(tmp_path)


def test_features_are_cut_by_rows():
    features = Features(
        np.array([[1.0], [2.0]]), np.zeros((2, 0), np.uint8), np.array([[3], [4]], np.int32), (["a", "b"],)
    )

    second = features.rows(1, 2)
    assert (second.n_rows, second.numbers.tolist(), second.categories.tolist()) == (1, [[2.0]], [[4]])
    assert second.texts == (["b"],)
