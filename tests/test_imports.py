"""Front doors are light: what is heavy is imported when it is used."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
from collections.abc import Collection

import pytest

import litmus_core

HEAVY = {
    "autogluon",
    "catboost",
    "duckdb",
    "fastapi",
    "lightgbm",
    "llvmlite",
    "matplotlib",
    "pandas",
    "polars",
    "pyarrow",
    "ray",
    "scipy",
    "sklearn",
    "streamlit",
    "torch",
    "uvicorn",
    "xgboost",
}
FRONT_DOORS = sorted(each.name for each in pkgutil.iter_modules(litmus_core.__path__))


def loaded_by(*modules: str, heavy: Collection[str] = HEAVY) -> dict[str, list[str]]:
    """Import each module in turn in one fresh process; return the heavy libraries that each brought."""
    program = (
        "import importlib, json, sys\n"
        "heavy, brought = set(json.loads(sys.argv[1])), {}\n"
        "for name in sys.argv[2:]:\n"
        "    importlib.import_module(name)\n"
        "    brought[name] = sorted(heavy & {each.partition('.')[0] for each in sys.modules})\n"
        "    heavy -= set(brought[name])\n"
        "print(json.dumps(brought))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, json.dumps(sorted(heavy)), *modules],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    brought: dict[str, list[str]] = json.loads(done.stdout)
    return brought


@pytest.mark.parametrize("module", ["litmus_core", "litmus_core.runtime"])
def test_what_a_bundle_needs_is_light_to_import(module: str) -> None:
    assert loaded_by(module) == {module: []}


def test_no_front_door_of_the_library_loads_a_heavy_library() -> None:
    doors = [f"litmus_core.{name}" for name in FRONT_DOORS]

    assert loaded_by(*doors) == {door: [] for door in doors}


def test_what_stays_beside_an_endpoint_does_without_arrays() -> None:
    assert loaded_by("litmus_core.deploy.supervisor", heavy={*HEAVY, "numpy"}) == {
        "litmus_core.deploy.supervisor": []
    }
