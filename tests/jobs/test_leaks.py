"""Folds and a pre-processor that learns from the answers do not go together."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from litmus_core.errors import UsageError
from litmus_core.jobs._stages.target_encoding_guard import fold_count_without_target_encoders
from litmus_core.plugins import copy_parts
from litmus_core.types import PluginRef, RunPlan
from tests.engine.conftest import COLUMNS, table

TESTS = Path(__file__).resolve().parents[1]


def situation(folder: Path, *names: str) -> tuple[Any, Any]:
    frame = table(200)
    frame["answer"] = (frame["signal"] > 1.2).astype(object)
    asked = [PluginRef(point="preprocess", reference=f"pre_steps:{name}") for name in names]
    plan = RunPlan(preprocess=copy_parts(asked, base=TESTS, to=folder / "modules"))
    experiment = SimpleNamespace(task=SimpleNamespace(seed=0))
    data = SimpleNamespace(
        columns=COLUMNS,
        target="answer",
        rows=lambda part: frame,
        index=lambda part: frame.index,
        weights_of=lambda index: None,
    )
    return SimpleNamespace(plan=plan, experiment=experiment, folder=folder), data


def test_folds_that_litmus_chose_give_way(tmp_path: Path) -> None:
    assert fold_count_without_target_encoders(*situation(tmp_path, "ByAnswers"), 5, is_requested=False) == 0


def test_folds_that_were_asked_for_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="ByAnswers learns from the answers"):
        fold_count_without_target_encoders(*situation(tmp_path, "ByAnswers"), 5, is_requested=True)


def test_what_leaves_the_answers_alone_keeps_its_folds(tmp_path: Path) -> None:
    assert fold_count_without_target_encoders(*situation(tmp_path, "Tidy"), 5, is_requested=True) == 5
    assert fold_count_without_target_encoders(*situation(tmp_path), 3, is_requested=True) == 3
