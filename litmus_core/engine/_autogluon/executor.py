"""The executor kind for AutoGluon's own models; AutoGluon itself is loaded with the model."""

from __future__ import annotations

from pathlib import Path

from litmus_core.runtime import Executor, ExecutorKind


def _load(folder: Path) -> Executor:
    from litmus_core.engine._autogluon.native_executor import load

    return load(folder)


AUTOGLUON = ExecutorKind(load=_load, packages={"autogluon": "autogluon.tabular"})
