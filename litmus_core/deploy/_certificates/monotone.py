"""Count how often a bundle's predictions break its monotone constraints, by sweeping single columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.runtime import PIPELINE, Bundle, load_bundle
from litmus_core.text import join_names
from litmus_core.types import Direction, MonotoneProbes

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

N_PROBES = 1_000_000
_STEPS = 100  # probes a sweep: one row is predicted with ascending values of one column
_SWEEPS_AT_ONCE = 500
_BEYOND = 0.05  # how far sweeps go beyond the training range, as a share of it
_TOLERANCE = 1e-9  # relative to the prediction: sums of doubles differ in their last digits


def probe_monotone(
    folder: Path, rows: Sequence[Mapping[str, Any]] = (), *, n_probes: int = N_PROBES
) -> MonotoneProbes | None:
    """Count the violations of the bundle in ``folder``; None if no column is constrained.

    A sweep takes a real row and predicts it with ascending values of one column. Each probe compares two
    neighbouring predictions of a sweep. ``rows`` are JSON objects; the bundle's golden rows if there are
    none.
    """
    with load_bundle(folder) as bundle:
        task = bundle.manifest.task
        if task is None or not task.monotone:
            return None
        ranges, random = _ranges(folder), np.random.default_rng(0)
        n_sweeps = -(-n_probes // (_STEPS * len(task.monotone)))
        counted = [
            _violations(steps, direction)
            for column, direction in task.monotone
            for steps in _sweeps(bundle, rows or bundle.examples, column, ranges[column], n_sweeps, random)
        ]
    columns = join_names(f"{column} {direction}" for column, direction in task.monotone)
    return MonotoneProbes(
        columns=columns,
        n_probes=sum(n_steps for n_steps, _ in counted),
        n_violations=sum(n_violations for _, n_violations in counted),
    )


def _ranges(folder: Path) -> dict[str, tuple[float, float]]:
    """Return the range of each number column in the rows that the features were fitted on."""
    encoders = json.loads((folder / PIPELINE).read_text(encoding="utf-8"))["encoders"]
    return {
        encoder["column"]["name"]: (encoder["low"], encoder["high"])
        for encoder in encoders
        if encoder["kind"] == "number"
    }


def _sweeps(
    bundle: Bundle,
    rows: Sequence[Mapping[str, Any]],
    column: str,
    ends: tuple[float, float],
    n_sweeps: int,
    random: np.random.Generator,
) -> Iterator[NDArray[np.float64]]:
    """Yield predictions (sweeps, steps + 1): of a row a sweep, at ascending values of the column."""
    import pandas as pd

    frame = pd.DataFrame([dict(row) for row in rows])[[raw.name for raw in bundle.columns]]
    margin = _BEYOND * (ends[1] - ends[0])
    for start in range(0, n_sweeps, _SWEEPS_AT_ONCE):
        n_rows = min(_SWEEPS_AT_ONCE, n_sweeps - start)
        values = np.sort(random.uniform(ends[0] - margin, ends[1] + margin, (n_rows, _STEPS + 1)), axis=1)
        places = random.integers(len(frame), size=n_rows).repeat(_STEPS + 1)
        swept = frame.iloc[places].reset_index(drop=True)
        swept[column] = values.ravel()
        yield _predictions(bundle, swept).reshape(n_rows, _STEPS + 1)


def _predictions(bundle: Bundle, rows: pd.DataFrame) -> NDArray[np.float64]:
    raw = bundle.predict_raw(rows)
    return raw if raw.ndim == 1 else raw[:, bundle.info.positive_index]


def _violations(predictions: NDArray[np.float64], direction: Direction) -> tuple[int, int]:
    """Return the number of probes, and how many of them go the wrong way."""
    steps = np.diff(predictions, axis=1)
    wrong = -steps if direction == "increasing" else steps
    allowed = _TOLERANCE * np.maximum(1.0, np.abs(predictions[:, 1:]))
    return steps.size, int((wrong > allowed).sum())
