"""Store classes and functions of a notebook or script as files of the workspace, which runs copy."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from litmus_core.errors import writing
from litmus_core.experiments._api.objects.source import is_local, source_of
from litmus_core.experiments._api.spec import AlgorithmSpec
from litmus_core.experiments._api.training import Training
from litmus_core.types import PluginRef, Point

CELLS = "cells"  # the folder in the workspace


def stored_algorithm(algorithm: Any, home: Path) -> Any:
    """Return ``algorithm`` with classes of the notebook replaced by references to files under ``home``."""
    if isinstance(algorithm, list | tuple):
        return [stored_algorithm(entry, home) for entry in algorithm]
    if isinstance(algorithm, AlgorithmSpec) and _is_code(algorithm.name):
        return AlgorithmSpec(reference_in(home, algorithm.name), **algorithm.hyperparameters)
    return AlgorithmSpec(reference_in(home, algorithm)) if _is_code(algorithm) else algorithm


def stored_training(training: Training | None, home: Path) -> Training | None:
    """Return ``training`` with classes of the notebook replaced by references to files under ``home``."""
    if training is None:
        return None
    models = [reference_in(home, model) if _is_code(model) else model for model in _as_list(training.models)]
    return replace(
        training,
        models=models,
        preprocess=_parts(training.preprocess, "preprocess", home),
        postprocess=_parts(training.postprocess, "postprocess", home),
    )


def reference_in(home: Path, value: Any) -> str:
    """Write a class or function to a file under ``home``, and return a reference to it. Raises UsageError.

    The same source gives the same file, so that a run that names it again finds what ran.
    """
    text = source_of(value)
    name = f"{value.__name__}_{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    path = home / CELLS / f"{name}.py"
    if not path.exists():
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return f"{path}:{value.__name__}"


def _parts(parts: Any, point: Point, home: Path) -> list[Any]:
    return [
        PluginRef(point=point, reference=reference_in(home, part)) if _is_code(part) else part
        for part in _as_list(parts)
    ]


def _as_list(value: Any) -> Sequence[Any]:
    return list(value) if isinstance(value, list | tuple) else [value] if value else []


def _is_code(value: Any) -> bool:
    """Return whether ``value`` is a class or function that no other process can import."""
    return callable(value) and hasattr(value, "__qualname__") and is_local(value)
