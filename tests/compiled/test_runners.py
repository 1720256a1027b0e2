"""What runs a step is found by the step's kind: the module of that name."""

from __future__ import annotations

from importlib import import_module

import pytest

from litmus_core.compiled import PlanStep
from litmus_core.compiled._runners import runner_of, step_kinds
from litmus_core.engine._families.registry import onnx_steps
from litmus_core.errors import BundleError


def test_every_module_of_steps_names_what_runs_its_kind() -> None:
    assert {"dense", "trees", "mean", "weighted", "text_nearest"} <= step_kinds()
    for kind in step_kinds():
        assert callable(import_module(f"litmus_core.compiled._steps.{kind}").RUNNER.run)


def test_every_kind_of_step_that_one_family_alone_has_can_be_run() -> None:
    assert onnx_steps().keys() <= step_kinds()


@pytest.mark.parametrize("kind", ["", "__init__", "..", ".._plan", "mean.RUNNER", "os"])
def test_a_plan_imports_nothing_but_steps(kind: str) -> None:
    with pytest.raises(BundleError, match="does not know"):
        runner_of(PlanStep(id="a", kind=kind))
