"""How figures come about that README and guides state."""

from __future__ import annotations

import importlib
import inspect
import math
import re
import tomllib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy.integrate import trapezoid
from scipy.stats import norm

from tests.guides.blocks import ROOT

MEASURED = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
MB, GB = 1 << 20, 1 << 30


def of(module: str, name: str) -> Any:
    """Return a constant of the code or of a class: ``of("store._analytic.user_sql", "SqlLimits.rows")``."""
    value = importlib.import_module(f"litmus_core.{module}" if "app." not in module else module)
    for part in name.split("."):
        value = getattr(value, part)
    return value


def default(function: Callable[..., object], name: str) -> Any:
    """Return what a parameter is where nobody says otherwise."""
    return inspect.signature(function).parameters[name].default


def limits(name: str) -> Any:
    """Return what a server allows where nobody says otherwise."""
    return default(of("serving._request_parsing", "Limits"), name)


def listed(figures: Sequence[int]) -> str:
    """Return figures in a row: 1, 10 and 1,000."""
    *others, last = [f"{each:,}" for each in figures]
    return f"{', '.join(others)} and {last}"


def reach(low: float, high: float) -> str:
    """Return two ends: 2,000 to 100,000."""
    return f"{low:,.0f} to {high:,.0f}"


def learned_share(n_fewest: int) -> int:
    """Return how many rows hold so many to learn from: a fifth is held out, a quarter of the rest stops."""
    return math.ceil(n_fewest / (4 / 5 * 3 / 4))


def pythons() -> str:
    """Return the versions of Python that Litmus runs on, as its project file has them."""
    needs = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    least, above = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", needs).groups()  # type: ignore[union-attr]
    return f"3.{least} to 3.{int(above) - 1}"


def looks(k: int) -> float:
    """Return how many standard errors an interval reaches at the k-th look."""
    return float(norm.ppf(1 - 0.025 / k))


def strict_looks(k: int) -> float:
    """Return the same where the errors of all looks add up to that of one: half for the first."""
    share = 1.0 if k == 1 else 1 / (k * (k - 1))
    return float(norm.ppf(1 - 0.025 * share / 2))


def wrong_of_twenty(correlation: float, *, counted: bool, end: Callable[[int], float] = looks) -> float:
    """Return how often in 100 twenty looks call a model good that lies at the bar; scores correlate so."""
    ends = np.array([end(k if counted else 1) for k in range(1, 21)])
    shared = np.linspace(-8, 8, 4_001)[:, None]  # what the scores have in common
    below = norm.cdf((ends - np.sqrt(correlation) * shared) / np.sqrt(1 - correlation)).prod(axis=1)
    return float(100 * (1 - trapezoid(below * norm.pdf(shared[:, 0]), shared[:, 0])))


def page_times() -> tuple[float, float]:
    """Return the quickest and the slowest page of the benchmark."""
    times = [float(each) for each in re.findall(r"render, p95[^|]*\| ([\d.]+) ms", MEASURED)]
    return min(times), max(times)


_ROWS_A_SECOND, _TWO_NODES = 69_000, 119_000  # measured: see MEASURES
SECOND_PROCESSOR = _TWO_NODES / _ROWS_A_SECOND / 2  # of a processor, that a second one adds


def hours(n_rows: float, processors: int) -> float:
    """Return how long scoring takes, by what was measured."""
    share = 1.0 if processors == 1 else SECOND_PROCESSOR
    return n_rows / (_ROWS_A_SECOND * processors * share) / 3600


def rows_gb(memory_gb: float) -> float:
    """Return how many GB of rows fit into so much memory."""
    return (memory_gb - of("jobs._memory_budget", "_LIBRARIES_GB")) / of("jobs._memory_budget", "_TIMES")
