"""Fit pre-processors in order on the training rows: check, trace if possible, and report each."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.builtin_preprocessors import MODULE as COLUMNS
from litmus_core.engine._preprocess._probe import probe_of, single_row_places
from litmus_core.engine._preprocess._python_steps import STEPS
from litmus_core.engine._preprocess._trial import (
    Fault,
    PreprocessorTrial,
    derived_columns,
    refuse_difference,
    transform_checked,
)
from litmus_core.errors import BundleError, LitmusError, NoAnswerError, PlugInError, TrainingError
from litmus_core.frame import (
    Code,
    CodedPipeline,
    FeaturePipeline,
    Traced,
    checked_result,
    first_mismatch,
    raw_frame,
    ready_columns,
    ready_reader,
    values_from_pandas,
)
from litmus_core.plugins import IGNORES_WEIGHTS, PluginFailedError, PluginProxy, plugin_proxy
from litmus_core.types import Column, PluginRef, to_plain

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

_MOST_S, _LEAST_S, _SHARE = 600.0, 5.0, 0.2  # of the time left, for each call of a pre-processor
_TRACE_S = 30.0  # at least: tracing takes milliseconds, and loading what it needs seconds on a busy machine
_ROWS_ALONE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """One fitted pre-processor: as code, and as a graph if it was traced; otherwise ``why`` not."""

    part: PluginRef
    code: Code
    fitted: bytes
    traced: Traced | None
    why: str = ""


@dataclass(kw_only=True)
class Preprocessing:
    """The result of a run's pre-processors. ``notes`` are messages about how each of them runs."""

    columns: tuple[Column, ...]
    steps: list[_Step] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    why_coded: str = ""

    def pipeline(self, frame: pd.DataFrame, ready: pd.DataFrame, folder: Path) -> Any:
        """Return the pipeline, fitted on training rows: raw ones in ``frame``, pre-processed in ``ready``.

        What is not traced is written into ``folder``.
        """
        if not self.why_coded:
            before = [step.traced for step in self.steps if step.traced is not None]
            return FeaturePipeline(self.columns, before=before).fit(frame)
        (folder / STEPS).mkdir(parents=True, exist_ok=True)
        for step in self.steps:
            (folder / STEPS / step.code.file).write_bytes(step.fitted)
        (folder / STEPS / "why.json").write_text(json.dumps(self.why_coded), encoding="utf-8")
        inner = FeaturePipeline(self.steps[-1].code.columns).fit(ready)
        codes = [step.code for step in self.steps]
        from litmus_core.engine._preprocess._python_steps import isolated_steps

        return CodedPipeline(self.columns, codes, [isolated_steps(folder)(code) for code in codes], inner)


@dataclass(kw_only=True)
class _Rows:
    """Training rows and trial rows after the pre-processors so far."""

    train: pd.DataFrame
    probe: pd.DataFrame
    columns: tuple[Column, ...]


def fit_preprocessing(
    parts: Sequence[PluginRef],
    *,
    columns: Sequence[Column],
    train: pd.DataFrame,
    target: pd.Series[Any],
    folder: Path,
    weights: NDArray[np.float64] | None = None,
    seed: int,
    deadline: float,
) -> tuple[Preprocessing, pd.DataFrame]:
    """Fit ``parts`` in order on raw training rows; return the result, and the pre-processed rows.

    ``deadline`` is in time.time() seconds; ``target`` (n,) and any ``weights`` (n,) are passed to the parts'
    ``fit``. Raises PlugInError (TrainingError for a built-in one) if a part fails, or does not treat each row
    separately.
    """
    raw = raw_frame(train[[column.name for column in columns]], columns)
    probe, _ = probe_of(raw, seed=seed)
    rows = _Rows(train=raw, probe=probe, columns=tuple(columns))
    preprocessing = Preprocessing(columns=tuple(columns))
    for part in parts:
        limit_s = min(_MOST_S, max(_LEAST_S, _SHARE * (deadline - time.time())))
        try:
            proxy = plugin_proxy(part, folder)
            fitted = proxy.fit(rows.train, target, weights=weights, seed=seed, timeout_s=limit_s)
            if proxy.ignores_weights and part.module != COLUMNS:
                preprocessing.notes.append(f"{_display_name(part)} {IGNORES_WEIGHTS}")
            step, rows = _step_of(
                proxy, fitted, rows, str(target.name), seed, limit_s, at=len(preprocessing.steps)
            )
        except Fault as fault:
            raise _stopped_error(part, str(fault)) from fault
        except PlugInError as error:
            raise _stopped_error(part, _plain_reason(part, error.reason)) from error
        preprocessing.steps.append(step)
    _choose_form(preprocessing, probe, rows)
    return preprocessing, rows.train


def _display_name(part: PluginRef) -> str:
    """Return a pre-processor's display name: a built-in one has only its name."""
    return part.name if part.module == COLUMNS else f"Your pre-processor {part.name}"


def _stopped_error(part: PluginRef, reason: str) -> LitmusError:
    hint = "Nothing was trained, because the run needs it. Fix it, or train without it."
    if part.module == COLUMNS:
        return TrainingError(f"{part.name} cannot be made: {reason}.", hint=hint)
    return PlugInError(point=part.point, name=part.name, reason=reason, hint=hint)


def _plain_reason(part: PluginRef, reason: str) -> str:
    """Return a reason without the error's type if Litmus' own code raised it."""
    return reason.removeprefix("ValueError: ") if part.module == COLUMNS else reason


def _step_of(
    proxy: PluginProxy, fitted: bytes, rows: _Rows, target: str, seed: int, limit_s: float, *, at: int
) -> tuple[_Step, _Rows]:
    part = proxy.part
    tried = PreprocessorTrial(proxy=proxy, fitted=fitted, limit_s=limit_s)
    derived = transform_checked(tried, rows.train, watch=True)
    new_columns = derived_columns(derived, rows.train, rows.columns, target=target)
    code = Code(module=part.module, name=part.name, file=f"{at}.pkl", columns=new_columns)
    train = checked_result(derived, code, like=rows.train)
    probe = _transform_trial_rows(tried, rows.probe, code, train, rows.train, seed=seed)
    traced, why = _trace(proxy, fitted, rows, code, probe, max(limit_s, _TRACE_S))
    step = _Step(part=part, code=code, fitted=fitted, traced=traced, why=why)
    return step, _Rows(train=train, probe=probe, columns=new_columns)


def _transform_trial_rows(
    tried: PreprocessorTrial,
    probe: pd.DataFrame,
    code: Code,
    train: pd.DataFrame,
    frame_before: pd.DataFrame,
    *,
    seed: int,
) -> pd.DataFrame:
    """Return the transformed trial rows; raises Fault if a row's result depends on other rows."""
    try:
        derived = transform_checked(tried, probe)
    except (Fault, PlugInError) as error:
        reason = error.reason if isinstance(error, PlugInError) else str(error)
        raise Fault(f"it stops at rows with missing values ({reason})") from error
    try:
        checked_probe = checked_result(derived, code, like=probe)
        for place in single_row_places(probe):
            one = probe.iloc[[place]]
            result = checked_result(transform_checked(tried, one), code, like=one)
            refuse_difference(result, checked_probe.iloc[[place]])
        second_probe, places = probe_of(frame_before, seed=seed + 1)
        second_probe = second_probe.iloc[: len(places)]
        result = checked_result(transform_checked(tried, second_probe), code, like=second_probe)
        refuse_difference(result, train.iloc[places])
    except NoAnswerError as error:
        if isinstance(error, PlugInError):
            raise
        raise Fault(f"{error.reason}: its columns depend on the rows it is given") from error
    return checked_probe


def _trace(
    proxy: PluginProxy, fitted: bytes, rows: _Rows, code: Code, probe: pd.DataFrame, limit_s: float
) -> tuple[Traced | None, str]:
    """Return the pre-processor as a graph with the same results; or None, and why not."""
    with tempfile.TemporaryDirectory(dir=proxy.host.scratch.folder) as scratch:
        fitted_path, to = Path(scratch, "fitted.pkl"), Path(scratch, "traced.json")
        fitted_path.write_bytes(fitted)
        request = {
            "do": "litmus_core.engine._preprocess._worker_ops:trace",
            "fitted": str(fitted_path),
            "columns": to_plain(list(rows.columns)),
            "to": str(to),
        }
        try:
            proxy.host.ask(request, timeout_s=limit_s)
            traced = Traced.from_state(json.loads(to.read_text(encoding="utf-8")))
        except PluginFailedError as error:
            return None, str(error).removeprefix("UsageError: ").removeprefix("UnsupportedMethodError: ")
        except BundleError as error:
            return None, error.message
    kinds = {column.name: column for column in code.columns}
    if [column.name for column in traced.columns] != list(kinds):
        return None, "traced, it made other columns than it made of rows"
    traced = replace(traced, columns=tuple(_kind_of(column, kinds[column.name]) for column in traced.columns))
    differing = _differing_column(rows.columns, [traced], rows.probe, probe)
    return (
        (None, f"traced, it gave other values of '{differing}' than it gave of rows")
        if differing
        else (traced, "")
    )


def _kind_of(traced: Column, column: Column) -> Column:
    """Return a text's kind in the training rows; other kinds follow from the type."""
    return replace(traced, kind=column.kind) if traced.stores_text and column.stores_text else traced


def _differing_column(
    columns: Sequence[Column], traced: Sequence[Traced], other: pd.DataFrame, derived: pd.DataFrame
) -> str:
    """Return the first column that traced pre-processors compute differently; "" if none."""
    table = ready_columns(columns, traced, other)
    for column in traced[-1].columns:
        result = raw_frame({column.name: table[column.name]}, [column])[column.name]
        if first_mismatch(values_from_pandas(result), values_from_pandas(derived[column.name])) is not None:
            return column.name
    return ""


def _choose_form(preprocessing: Preprocessing, probe: pd.DataFrame, rows: _Rows) -> None:
    """Decide whether the pre-processors run as a graph or as Python, and note it."""
    for step in preprocessing.steps:
        if step.traced is None:
            preprocessing.why_coded = (
                preprocessing.why_coded or f"{step.part.name} runs as Python: {step.why.rstrip('.')}"
            )
    if preprocessing.steps and not preprocessing.why_coded:
        preprocessing.why_coded = _single_row_differences(preprocessing, probe, rows)
    for step in preprocessing.steps:
        if not preprocessing.why_coded:
            preprocessing.notes.append(
                f"{_display_name(step.part)} became part of the model: production needs no code."
            )
    if preprocessing.why_coded:
        names = ", ".join(step.part.name for step in preprocessing.steps)
        preprocessing.notes.append(
            f"Your pre-processing ({names}) runs as Python in production, which is slower: "
            f"{preprocessing.why_coded}."
        )


def _single_row_differences(preprocessing: Preprocessing, probe: pd.DataFrame, rows: _Rows) -> str:
    """Return why the graph is wrong for a single dict; "" if it gives the same as for many rows."""
    traced = [step.traced for step in preprocessing.steps if step.traced is not None]
    last = probe.iloc[-_ROWS_ALONE:]
    tail = rows.probe.iloc[-_ROWS_ALONE:]
    try:
        plain: list[Any] = last.to_dict("records")
        compute = ready_reader(preprocessing.columns, traced)
        dicts = [compute(row) for row in plain]
    except (LitmusError, ArithmeticError, TypeError, ValueError) as error:
        return f"one row alone cannot be computed from the graph ({type(error).__name__}: {error})"
    for column in traced[-1].columns:
        values = [_moment(row[column.name]) if column.traits.is_moment else row[column.name] for row in dicts]
        result = raw_frame({column.name: values}, [column])[column.name]
        if first_mismatch(values_from_pandas(result), values_from_pandas(tail[column.name])) is not None:
            return f"one row alone gave other values of '{column.name}'"
    return ""


def _moment(value: Any) -> Any:
    import numpy as np

    return None if value is None or value != value else np.datetime64(int(value), "us")
