"""A compiled model as a list of steps, and its files in a folder: JSON, arrays and ONNX graphs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from litmus_core.errors import BundleError
from litmus_core.types import ProblemType

FORMAT = 2
PLAN, ARRAYS = "plan.json", "arrays.npz"
_HINT = "Copy it again from where it was exported, or export the model again."


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """One step: its kind, the earlier steps whose outputs it reads, and its data.

    ``settings`` are JSON values, ``arrays`` numeric arrays, ``files`` whole files (such as ONNX graphs).
    """

    id: str
    kind: str
    of: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    arrays: Mapping[str, np.ndarray[Any, Any]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Steps in running order; the last one's output is the model's.

    It is (n,) probabilities of the second class (binary), (n, ``n_classes``) probabilities (multiclass) or
    (n,) values (regression), where ``n_classes`` is 1. Features made only of the raw columns ``unread`` are
    not read.
    """

    problem_type: ProblemType
    n_classes: int
    steps: tuple[PlanStep, ...]
    unread: tuple[str, ...] = ()


def write_plan(plan: Plan, folder: Path) -> None:
    """Write ``plan`` to a new folder ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    steps = []
    for step in plan.steps:
        arrays |= {f"{step.id}/{name}": values for name, values in step.arrays.items()}
        for name, content in step.files.items():
            (folder / f"{step.id}.{name}").write_bytes(content)
        steps.append(
            {
                "id": step.id,
                "kind": step.kind,
                "of": list(step.of),
                "settings": dict(step.settings),
                "arrays": sorted(step.arrays),
                "files": sorted(step.files),
            }
        )
    facts: dict[str, Any] = {
        "format": FORMAT,
        "problem_type": plan.problem_type,
        "n_classes": plan.n_classes,
        "steps": steps,
    }
    if plan.unread:
        facts["unread"] = list(plan.unread)
    np.savez(folder / ARRAYS, allow_pickle=False, **arrays)
    (folder / PLAN).write_text(json.dumps(facts, indent=1), encoding="utf-8")


def is_outdated(folder: Path) -> bool:
    """Return whether ``folder`` holds a plan of an older Litmus that can no longer be read."""
    try:
        number = json.loads((folder / PLAN).read_text(encoding="utf-8"))["format"]
    except (OSError, KeyError, TypeError, ValueError):  # read_plan reports the error
        return False
    return isinstance(number, int) and number < FORMAT


def read_plan(folder: Path) -> Plan:
    """Read what :func:`write_plan` wrote; raises BundleError for an incomplete folder."""
    try:
        facts = json.loads((folder / PLAN).read_text(encoding="utf-8"))
        _check_format(facts["format"])
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            steps = tuple(_step(fact, arrays, folder) for fact in facts["steps"])
        unread = tuple(map(str, facts.get("unread", ())))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise BundleError("The compiled model's files are incomplete.", hint=_HINT) from error
    return Plan(problem_type=facts["problem_type"], n_classes=facts["n_classes"], steps=steps, unread=unread)


def _check_format(written: int) -> None:
    if written == FORMAT:
        return
    facts = f"has format {written!r}, this one reads format {FORMAT}"
    if written < FORMAT:
        raise BundleError(
            f"The compiled model was made by an older Litmus: it {facts}.",
            hint="Export the model again with this version.",
        )
    raise BundleError(
        f"The compiled model was made by a newer Litmus: it {facts}.",
        hint="Update Litmus here, or export the model again with this version.",
    )


def _step(facts: Mapping[str, Any], arrays: Any, folder: Path) -> PlanStep:
    name = facts["id"]
    return PlanStep(
        id=name,
        kind=facts["kind"],
        of=tuple(facts["of"]),
        settings=facts["settings"],
        arrays={fact: arrays[f"{name}/{fact}"] for fact in facts["arrays"]},
        files={fact: (folder / f"{name}.{fact}").read_bytes() for fact in facts["files"]},
    )
