"""One environment for each peer of the race, for the packages that tables lie in, and for conformal peers.

They are made with ``uv`` below ``LITMUS_RACE_FOLDER`` (``~/.cache/litmus-race``), once: an environment
whose pins changed is made again.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

PINS: dict[str, tuple[str, ...]] = {
    "tables": ("river==0.26.1", "statsmodels==0.15.0", "vega-datasets==0.9.0"),
    "autogluon": ("autogluon.tabular[catboost,fastai,lightgbm,tabm,xgboost]==1.6.3", "pyarrow"),
    "flaml": ("flaml[automl]==2.7.0", "catboost==1.2.10", "pyarrow"),
    "mljar": ("mljar-supervised==1.3.2", "pyarrow"),
    "conformal": ("MAPIE==1.6.0", "crepes==0.9.1", "numpy==2.4.6", "scikit-learn==1.9.1"),
    "forecasting": ("skforecast==0.26.0", "lightgbm==4.7.0", "pandas==2.3.3"),
    "lightautoml": ("lightautoml==0.4.2", "pyarrow"),
}
_MADE = "made-of.txt"


class EnvironmentLacksError(Exception):
    """An environment cannot be made or asked here; its message says of which one and why."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name


def root() -> Path:
    """Return the folder of all environments."""
    return Path(os.environ.get("LITMUS_RACE_FOLDER", Path.home() / ".cache" / "litmus-race"))


def folder_of(name: str) -> Path:
    return root() / name


def python_of(name: str) -> Path:
    """Return the interpreter of the environment ``name``, which has to be made and of these pins."""
    made = folder_of(name) / _MADE
    if not made.exists() or made.read_text(encoding="utf-8") != _as_text(name):
        raise EnvironmentLacksError(name, "not prepared: python -m benchmarks.race --prepare")
    return folder_of(name) / "bin" / "python"


def prepare(name: str) -> None:
    """Make the environment ``name``; raise EnvironmentLacksError with what the installer said."""
    try:
        python_of(name)
    except EnvironmentLacksError:
        _make(name)


def _make(name: str) -> None:
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv is None:
        raise EnvironmentLacksError(name, "uv is not installed")
    folder = folder_of(name)
    shutil.rmtree(folder, ignore_errors=True)
    python = folder / "bin" / "python"
    for command in (
        [uv, "venv", "--quiet", "--python", sys.executable, str(folder)],
        [uv, "pip", "install", "--quiet", "--python", str(python), *PINS[name]],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise EnvironmentLacksError(name, done.stderr.strip() or f"{command[1]} failed")
    (folder / _MADE).write_text(_as_text(name), encoding="utf-8")


def _as_text(name: str) -> str:
    return "\n".join(PINS[name])


def run_in(python: Path, arguments: Sequence[str]) -> None:
    """Run ``python``, no folder added to its path; raise CalledProcessError where it fails."""
    subprocess.run([str(python), "-P", *arguments], check=True, stdout=subprocess.DEVNULL)
