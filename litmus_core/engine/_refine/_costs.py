"""The cost of each member in its production form: time of a call without shared work, and size on disk."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.engine._compile.candidate import compile_candidate
from litmus_core.engine._run_folder.folder import compiled_path
from litmus_core.engine._run_folder.models import candidate_bytes, compiled_bytes
from litmus_core.engine._run_folder.open_candidate import open_candidate
from litmus_core.errors import LitmusError, NotCompilableError

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.runtime import Predictor

_CALLS, _SINGLE_CALLS = 7, 60
_MOST_S = 3.0  # for each model, for the calls of one size
_COLUMNS = ""  # key for preparing the columns, besides the models' names


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Milliseconds of a call with that many rows: ``columns`` to prepare them, ``total`` for the candidate in
    all.

    ``members`` are the times of each member's own work, by name; one that cannot be timed is missing. They
    are negative if a member reads so few columns that it takes less time than preparing all.
    """

    batch_rows: int
    columns: float
    total: float
    members: dict[str, float]


def costs_of(
    folder: Path, model: str, members: Mapping[str, Path], rows: pd.DataFrame, *, batches: Sequence[int]
) -> list[Costs]:
    """Time ``model`` of a run's folder and ``members``, each in its own folder, on raw rows, for calls of
    each size.

    A member without a compiled form is compiled first if possible.
    """
    opened = {name: _open_predictor(where, name) for name, where in {**members, model: folder}.items()}
    costs = []
    for batch_rows in batches:
        calls: dict[str, Callable[[Any], Any]] = {
            name: one.predict for name, one in opened.items() if one is not None
        }
        ensemble = opened[model]
        if ensemble is not None:
            calls[_COLUMNS] = partial(_prepare, ensemble)
        times = _median_times(calls, _request_rows(rows, batch_rows))
        columns = times.get(_COLUMNS, 0.0)
        member_times = {name: times[name] - columns for name in members if name in times}
        costs.append(
            Costs(
                batch_rows=batch_rows,
                columns=columns,
                total=times.get(model, columns + sum(max(0.0, time_) for time_ in member_times.values())),
                members=member_times,
            )
        )
    return costs


def sizes_of(members: Mapping[str, Path]) -> dict[str, int]:
    """Return models' sizes on disk in bytes, each in a run's folder: compiled, or native if it is not."""
    return {name: _bytes(folder, name) for name, folder in members.items()}


def _bytes(folder: Path, model: str) -> int:
    if not compiled_path(folder, model).exists():
        with tempfile.TemporaryDirectory(prefix="litmus-") as scratch, suppress(NotCompilableError):
            compile_candidate(folder, model, Path(scratch) / "model")
            return compiled_bytes(Path(scratch) / "model")
    return candidate_bytes(folder, model)


def _open_predictor(folder: Path, model: str) -> Predictor | None:
    from litmus_core.compiled import load_compiled

    try:
        if compiled_path(folder, model).exists():
            return open_candidate(folder, model)
        with tempfile.TemporaryDirectory(prefix="litmus-") as scratch:
            compile_candidate(folder, model, Path(scratch) / "model")
            return open_candidate(folder, model, executor=load_compiled(Path(scratch) / "model"))
    except NotCompilableError:
        return open_candidate(folder, model, native=True)
    except LitmusError:
        return None


def _request_rows(rows: pd.DataFrame, n_rows: int) -> Any:
    """Return that many rows in a request's form."""
    places = np.arange(n_rows) % len(rows)
    frame = rows.iloc[places].reset_index(drop=True)
    return [_plain_row(row) for row in frame.to_dict("records")] if n_rows == 1 else frame


def _plain_row(row: dict[Any, Any]) -> dict[str, Any]:
    return {str(name): None if value is None or value != value else value for name, value in row.items()}


def _prepare(predictor: Predictor, rows: Any) -> Any:
    """Run the predictor up to the executor."""
    from litmus_core.runtime import to_columns

    table = rows if isinstance(rows, list) else to_columns(rows, predictor.columns)
    return predictor.pipeline.features(table)


def _median_times(calls: Mapping[str, Callable[[Any], Any]], rows: Any) -> dict[str, float]:
    """Return each call's median milliseconds; they alternate, so that what slows one slows all.

    The first round is not counted, unless it took all the time.
    """
    times: dict[str, list[float]] = {name: [] for name in calls}
    began = time.perf_counter()
    for _ in range(1 + (_SINGLE_CALLS if len(rows) == 1 else _CALLS)):
        for name, call in calls.items():
            started = time.perf_counter()
            call(rows)
            times[name].append(time.perf_counter() - started)
        if time.perf_counter() - began > _MOST_S * len(calls):
            break
    return {name: 1000.0 * float(np.median(row_times[1:] or row_times)) for name, row_times in times.items()}
