"""Predictor: one trained model that predicts raw rows, wherever its weights run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np

from litmus_core.errors import RowError, UsageError
from litmus_core.runtime._answer_form import ANSWER_FORMS
from litmus_core.runtime._drift.learned import LearnedColumn, learned_columns
from litmus_core.runtime._drift.monitor import DriftMonitor, is_batch
from litmus_core.runtime._drift.warn import warn_of
from litmus_core.runtime._info import Label, ModelInfo, label_text
from litmus_core.runtime._intervals.levels import DEFAULT_LEVEL
from litmus_core.runtime._records import flat_rows, with_records

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa

    from litmus_core.frame import Features
    from litmus_core.runtime._intervals.calibration import Calibration
    from litmus_core.runtime._rows import Rows
    from litmus_core.types import Column, ProblemType

Floats = np.ndarray[Any, np.dtype[np.float64]]
Array = np.ndarray[Any, np.dtype[Any]]
T = TypeVar("T")


class Pipeline(Protocol):
    """The fitted feature pipeline: raw columns in, model columns out, row by row."""

    def transform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the model's features of ``frame``'s n rows, in the same order."""
        ...

    def features(self, rows: Any) -> Features:
        """Return the features of dicts from a request, or of columns by name, without a data frame."""
        ...

    def without(self, unread: Collection[str]) -> Pipeline:
        """Return the pipeline for a model that reads nothing computed from the raw columns ``unread``."""
        ...

    def state(self) -> dict[str, Any]:
        """Return the pipeline as JSON values, for a bundle."""
        ...


class Executor(Protocol):
    """The interface of executors, which hold the weights.

    A row must get the same prediction alone as in any batch.
    """

    def predict_proba(self, features: pd.DataFrame) -> Array:
        """Return (n, k) probabilities in the order of the model's classes; regression: (n,) values."""
        ...


class FeatureExecutor(Protocol):
    """An executor that takes features without a data frame. A row gets the same prediction as inside any
    batch.

    It may name raw columns as ``unread``: it reads nothing computed from them.
    """

    def predict_features(self, features: Features) -> Array:
        """Return (n, k) probabilities in the order of the model's classes; regression: (n,) values."""
        ...


class Steps(Protocol):
    """Steps applied to the predictions."""

    def apply(self, predictions: Floats, rows: Any, /) -> Floats:
        """Return predictions of the same shape; ``rows`` are dicts, or values by column name."""
        ...

    def state(self) -> dict[str, Any]:
        """Return the steps as JSON values, for a bundle."""
        ...

    def files(self) -> dict[str, bytes]:
        """Return the files that the steps store besides JSON, by path in a bundle."""
        ...


class Predictor:
    """A model that predicts rows: pipeline, executor, post-processing and, for two classes, a threshold.

    Rows are a list of dicts (None and missing-value markers are missing), a pandas or polars frame, the path
    of a CSV or Parquet file, or a chunk of one. Columns beyond ``columns``, target included, are ignored; a
    missing column or a value of the wrong type raises RowError with the field, and the row if there is one.
    No rows give an empty result. Many rows with a column unlike what the model learned are predicted with a
    DriftWarning. Not safe for use by several threads at once. ``calibrate`` returns the calibration of
    intervals and label sets (None: there is none); it is called when the first of them is requested.
    ``find_examples`` returns real rows, preferably of no training; without them no rows are unusual.
    """

    def __init__(
        self,
        model_info: Mapping[str, Any] | ModelInfo,
        pipeline: Pipeline,
        executor: Executor | FeatureExecutor,
        *,
        post: Steps | None = None,
        calibrate: Callable[[], Calibration | None] | None = None,
        find_examples: Callable[[], list[dict[str, Any]]] = list,
    ) -> None:
        self.info = ModelInfo.of(model_info)
        self.task_type = self.info.task_type
        self.form = ANSWER_FORMS.of(self.info.problem_type)(self.info)
        self.pipeline = pipeline
        self.executor: Any = executor
        self.post = post
        self._calibrate, self._find_examples = calibrate, find_examples
        self._monitor: DriftMonitor | None = None

    @property
    def problem_type(self) -> ProblemType:
        """``binary``, ``multiclass`` or ``regression``."""
        return self.info.problem_type

    @property
    def target(self) -> str:
        """Name of the column that the model predicts."""
        return self.info.target

    @property
    def classes(self) -> tuple[str | int | float | bool, ...]:
        """Labels in their original type, in the order of :meth:`predict_proba`'s columns."""
        return self.info.classes

    @property
    def columns(self) -> tuple[Column, ...]:
        """Feature columns that every row must have."""
        return self.info.columns

    @property
    def positive_class(self) -> str | None:
        """The label, as text, whose probability is compared with the threshold (binary only)."""
        if not self.task_type.has_positive_class:
            return None
        return label_text(self.classes[self.info.positive_index])

    @property
    def threshold(self) -> float | None:
        """Decision threshold on the positive class's probability; None: 0.5."""
        return self.info.threshold

    @property
    def costs(self) -> tuple[tuple[float, ...], ...]:
        """The cost of each prediction (columns) for each truth (rows), if costs decide; else empty."""
        return self.info.costs

    @property
    def abstain_below(self) -> float | None:
        """Predictions with a lower probability are "don't know" (:attr:`abstain_label`); None: never."""
        return self.info.abstain_below

    @property
    def abstain_label(self) -> str:
        """The text for predictions that are not sure enough; "" if the model never abstains."""
        return self.info.abstain_label

    def schema(self) -> pa.DataFrameSchema:
        """Return a pandera schema of the model's input frames; it rejects the values that the model rejects.

        Raises MissingExtraError without pandera.
        """
        from litmus_core.runtime._schema import input_schema

        return input_schema(self.columns, name=f"input of the model of '{self.target}'")

    def predict_proba(self, rows: Rows) -> Floats:
        """Return (n, k) float64 probabilities, each row summing to 1; raises UsageError in regression."""
        if not self.task_type.has_classes:
            raise UsageError(
                f"'{self.target}' is a number, so there are no probabilities.", hint="Use predict_values."
            )
        return self._warned(self.predict_raw, rows)

    def predict_values(self, rows: Rows) -> Floats:
        """Return (n,) float64 values; raises UsageError unless this is a regression."""
        if self.task_type.has_classes:
            raise UsageError(
                f"'{self.target}' is a choice between labels, not a number.", hint="Use predict."
            )
        return self._warned(self.predict_raw, rows)

    def predict_raw(self, rows: Rows) -> Floats:
        """Return the model's output before any decision: (n, k) probabilities, or (n,) values."""
        raw, table = self._execute(rows)
        self._observe(table, len(raw))
        return self._finished(raw, table)

    def predict_features(self, features: Features, rows: Any) -> Floats:
        """Return what :meth:`predict_raw` does, of ``features`` that its pipeline computed from ``rows``.

        ``rows`` are dicts, or values by column name. Predictors of equal pipelines can share the features.
        """
        raw = np.asarray(self.executor.predict_features(features) if features.n_rows else ())
        self._observe(rows, features.n_rows)
        return self._finished(self._finite(raw, features.n_rows), rows)

    def predict(self, rows: Rows) -> Array:
        """Return (n,) labels in their original type (text where the model is not sure), or values."""
        return self.form.predictions(self._warned(self.predict_raw, rows))

    def labels(self, probabilities: Floats) -> Array:
        """Return the label of each row of ``predict_proba``'s result."""
        return self.form.predictions(probabilities)

    def predict_records(self, rows: Rows, *, level: float | None = None) -> list[dict[str, Any]]:
        """Return one JSON-safe dict per row: ``{"label", "probabilities"}`` or ``{"value"}``.

        For a model that may abstain, ``abstained`` says whether it did. With a ``level`` there are ``low``
        and ``high``, or the ``set`` of labels, as of :meth:`predict_interval` and :meth:`predict_set`.
        """
        if level is None:
            return self.form.records(self.predict_raw(rows))
        predictions, certainty = self.predict_certainty(rows, level=level)
        records = self.form.records(predictions)
        for name, values in certainty.items():
            for record, value in zip(records, values, strict=True):
                record[name] = value
        return records

    def predict_interval(self, rows: Rows, *, level: float = DEFAULT_LEVEL) -> Floats:
        """Return (n, 2) lower and upper ends that hold the truth in the share ``level`` of rows.

        Levels are whole per cents from 0.5 to 0.99. Raises UsageError unless this is a regression, if the
        model has no calibration, or if its rows are too few to promise the level.
        """
        if self.task_type.has_classes:
            raise UsageError(f"'{self.target}' is a choice between labels.", hint="Use predict_set.")
        _, certainty = self._warned(lambda rows: self.predict_certainty(rows, level=level), rows)
        ends: Floats = np.column_stack([certainty["low"], certainty["high"]])
        return ends

    def predict_set(self, rows: Rows, *, level: float = DEFAULT_LEVEL) -> list[tuple[Label, ...]]:
        """Return, for each row, labels that hold the true one in the share ``level`` of rows.

        No set is empty: the predicted label is always in it, and comes first; the others follow by
        probability. Raises as :meth:`predict_interval` does, and UsageError for a regression.
        """
        if not self.task_type.has_classes:
            raise UsageError(f"'{self.target}' is a number.", hint="Use predict_interval.")
        _, certainty = self._warned(lambda rows: self.predict_certainty(rows, level=level), rows)
        return [tuple(labels) for labels in certainty["set"]]

    def predict_certainty(self, rows: Rows, *, level: float) -> tuple[Floats, dict[str, list[Any]]]:
        """Return :meth:`predict_raw`'s output, and ``low`` and ``high``, or ``set``, of n rows each."""
        calibration = self.needed_calibration
        calibration.check(level)
        predictions = self.predict_raw(rows)
        if not len(predictions):
            return predictions, {name: [] for name in self.form.certainty_schema}
        margin = calibration.margin(level, self._group_rows(rows))
        return predictions, self.form.certainty(predictions, calibration, margin)

    @property
    def examples(self) -> list[dict[str, Any]]:
        """Real rows as JSON objects, in the form of a prediction request; none if nobody gave them."""
        return self._find_examples()

    @contextmanager
    def noting(self) -> Iterator[DriftMonitor]:
        """Collect what is unusual in the rows that are predicted in the ``with`` block, without a warning."""
        before, self._monitor = self._monitor, DriftMonitor(lambda: self._learned)
        try:
            yield self._monitor
        finally:
            self._monitor = before

    @cached_property
    def _learned(self) -> tuple[LearnedColumn, ...]:
        reads_features = getattr(self.executor, "predict_features", None) is not None
        columns = self._reads[0] if reads_features else self.columns
        return learned_columns(columns, self.pipeline.state(), self.examples)

    def _observe(self, rows: Any, n_rows: int) -> None:
        if self._monitor is not None:
            self._monitor.observe(rows, n_rows)

    def with_notes(self, predict: Callable[[Rows], T], rows: Rows) -> tuple[T, tuple[str, ...]]:
        """Return ``predict(rows)``, and notes on columns of many rows unlike what the model learned."""
        if not is_batch(rows):
            return predict(rows), ()
        with self.noting() as monitor:
            return predict(rows), monitor.notes()

    def _warned(self, predict: Callable[[Rows], T], rows: Rows) -> T:
        predictions, notes = self.with_notes(predict, rows)
        warn_of(notes)
        return predictions

    def _group_rows(self, rows: Rows) -> Any:
        """Return the rows that groups are read from: dicts, or the column by its name; None without
        groups."""
        calibration = self.needed_calibration
        if calibration.by is None:
            return None
        from litmus_core.runtime._rows import to_columns

        rows = flat_rows(rows, [calibration.by])
        return rows if isinstance(rows, (list, tuple)) else to_columns(rows, [calibration.by])

    @cached_property
    def calibration(self) -> Calibration | None:
        """The calibration of intervals and label sets; None if the model has none."""
        return None if self._calibrate is None else self._calibrate()

    @property
    def needed_calibration(self) -> Calibration:
        """The calibration; raises UsageError if the model has none."""
        if self.calibration is None:
            raise UsageError(
                "This model has nothing to say how sure its answers are.",
                hint="Export it again, from a run whose files are still there.",
            )
        return self.calibration

    def _finished(self, raw: Array, table: Any) -> Floats:
        """Return the executor's output as predictions, after the steps that read the rows of ``table``."""
        predictions = self.form.read_output(raw)
        return predictions if self.post is None or not len(raw) else self.post.apply(predictions, table)

    def _execute(self, rows: Rows) -> tuple[Array, Any]:
        """Return the executor's output, and the rows in the form that later steps read."""
        raw, n_rows, table = self._run_executor(rows)
        return self._finite(raw, n_rows), table

    def _finite(self, raw: Array, n_rows: int) -> Array:
        """Return the executor's output for ``n_rows`` rows; raises RowError if it is not finite."""
        if n_rows == 0:
            return np.empty(0)
        if len(raw) != n_rows:
            raise ValueError(f"the executor answered {len(raw)} of {n_rows} rows")
        finite = np.isfinite(raw)
        if not finite.all():
            row = int(np.argmin(finite.reshape(len(raw), -1).all(axis=1)))
            raise RowError(
                "The model has no finite answer for row ",
                row=row,
                rest=".",
                hint="Look for extreme values in that row.",
            )
        return raw

    def _run_executor(self, rows: Rows) -> tuple[Array, int, Any]:
        """Return the executor's output, the number of rows and the rows; without rows it is not called."""
        return with_records(self._run_flat, rows, self.columns)

    def _run_flat(self, rows: Rows) -> tuple[Array, int, Any]:
        from litmus_core.runtime._rows import to_columns, to_frame

        ask = getattr(self.executor, "predict_features", None)
        if ask is None:
            frame = to_frame(rows, self.columns)
            answer = self.executor.predict_proba(self.pipeline.transform(frame)) if len(frame) else ()
            return np.asarray(answer), len(frame), frame
        columns, pipeline = self._reads
        table = rows if isinstance(rows, (list, tuple)) else to_columns(rows, columns)
        features = pipeline.features(table)
        return np.asarray(ask(features) if features.n_rows else ()), features.n_rows, table

    @cached_property
    def _reads(self) -> tuple[Sequence[Column], Pipeline]:
        """The columns read from rows, and the pipeline that computes features; steps may read any column."""
        unread = getattr(self.executor, "unread", ()) if self.post is None else ()
        if not unread:
            return self.columns, self.pipeline
        read = [column for column in self.columns if column.name not in unread]
        return read, self.pipeline.without(unread)
