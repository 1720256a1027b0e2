"""A new training option is one field: every way to ask for it and every place that tells of it follow."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLANS = "litmus_core/types/_plans.py"
BEFORE = """\
            "help": "In folds, let trees learn once more from what all models answered.",
        },
    )
"""
FIELD = """    steady: bool = field(
        default=False,
        metadata={"title": "steady", "phrase": "only steady", "help": "Let predictions change little."},
    )
"""
# What a person, a recipe, an action plug-in, a page and a script see of the option.
SEEN = """
import inspect
from types import SimpleNamespace
from app.presenters.results.comparison import _plan
from litmus_core import Training
from litmus_core.cli._training import train_model
from litmus_core.deploy._code_templates import _training
from litmus_core.experiments._api.training import plan_of
from litmus_core.handoffs._sections import _training_summary
from litmus_core.plugins._proposals import Proposal, plan_of as proposed
from litmus_core.types import TRAINING_FLAGS, Gain, RunPlan, from_plain, to_plain

plan = plan_of(Training(steady=True))
gain = Gain(value=0.0, low=0.0, high=0.0, measured=0.0)
asked = Proposal(key="a", title="A", gain=gain, plan={"steady": True})
experiment = SimpleNamespace(task=SimpleNamespace(time_limit_s=3.0))
print(from_plain(RunPlan, to_plain(plan)).training.steady)
print("steady" in inspect.signature(train_model).parameters)
print("steady" in TRAINING_FLAGS)
print(proposed(asked, RunPlan()).training.steady)
print("    steady=True," in _training(plan, by_reference=True).lines())
print("only steady" in _training_summary(plan))
print(("steady", "yes") in _plan(SimpleNamespace(plan=plan), experiment))
"""


def test_a_new_training_option_is_one_field(tmp_path: Path) -> None:
    for package in ("litmus_core", "app"):
        shutil.copytree(ROOT / package, tmp_path / package)  # with what Python compiled of it
    plans = tmp_path / PLANS
    source = plans.read_text(encoding="utf-8")
    assert BEFORE in source
    plans.write_text(source.replace(BEFORE, BEFORE + FIELD), encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-c", SEEN],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.split() == ["True"] * 7, done.stderr
