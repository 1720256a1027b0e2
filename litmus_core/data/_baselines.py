"""Baselines on the validation rows: what guessing and a simple model score, as a reference for the bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.data._labels.class_labels import as_labels
from litmus_core.data._labels.row_scale import RowScale, row_scale
from litmus_core.data._labels.target_transform import labels_of, with_task_target
from litmus_core.data._rows.read import read_rows, read_some_rows
from litmus_core.data._rows.sampling import restrict_to_sample, sample_rows
from litmus_core.data._split.overlap import find_split_overlap
from litmus_core.data._split.split import SplitParts, split
from litmus_core.data._task_checks import check_problem
from litmus_core.metrics import (
    SingleGroups,
    best_constant,
    constant_answer,
    get_metric,
    is_in_target_unit,
    values_to_try,
)
from litmus_core.runtime import label_text
from litmus_core.text import format_count, in_unit, quote_names
from litmus_core.types import Baseline

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.metrics import Metric
    from litmus_core.store import Workspace
    from litmus_core.types import DatasetVersion, Task

_MOST_ROWS = 20_000
_MOST_READ = 2_000_000  # rows of a table whose target is read
_MOST_CELLS = 10_000_000
_MOST_TRIED = 5_000  # training rows on which constants are tried

Floats = NDArray[np.float64]


def baselines(
    workspace: Workspace,
    version: DatasetVersion,
    task: Task,
    *,
    validation: DatasetVersion | None = None,
    test: DatasetVersion | None = None,
) -> tuple[Baseline, ...]:
    """Return the validation scores of a constant prediction and of a quick linear model.

    From a table of more than two million rows, that many are sampled and split, and the sentences say so.
    Both learn from the training rows only, the linear model from at most 20,000 of them; test rows are not
    used. ``validation`` and ``test`` are the versions that the task names for these parts, if any. Raises
    DataError if the rows do not allow the split or leave the metric undefined, UsageError if the target does
    not fit the task type.
    """
    check_problem(with_task_target(workspace, version, task), task)
    case = BaselineCase.of(workspace, version, task, validation, test)
    return (case.constant(workspace, version), case.linear(workspace, version, validation or version))


def converted_constant(
    workspace: Workspace,
    version: DatasetVersion,
    task: Task,
    frame: pd.DataFrame,
    *,
    train: NDArray[np.int64],
    rows: NDArray[np.int64],
) -> float:
    """Return the score on ``rows`` of the constant learned from ``train``, both positions in ``frame``.

    The task's type reads columns of each row.
    """
    none = np.array([], dtype=np.int64)
    return BaselineCase(
        task=task,
        metric=get_metric(task.metric),
        target=frame[task.target].to_numpy(),
        classes=(),
        parts=SplitParts(
            train=train, validation=rows, test=none, blocks=None, note="", n_without_target=0
        ),
        n_main=version.n_rows,
        weights=None if task.weight is None else frame[task.weight].to_numpy(dtype=float),
        read=frame[list(task.read_columns)],
    ).constant(workspace, version).value  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineCase:
    """Targets of all rows (separate files' appended) and their parts; ``classes`` empty in regression.

    ``places`` are the rows' positions in the appended tables, if only some were read; ``weights`` say how
    much each row counts (None: all the same). ``read`` are the columns that the task type reads; ``unit`` is
    the target's, such as a currency.
    """

    task: Task
    metric: Metric
    target: NDArray[Any]
    classes: tuple[Any, ...]
    parts: SplitParts
    n_main: int
    places: NDArray[np.int64] | None = None
    weights: Floats | None = None
    read: pd.DataFrame | None = None
    unit: str = ""

    @classmethod
    def of(
        cls,
        workspace: Workspace,
        version: DatasetVersion,
        task: Task,
        validation: DatasetVersion | None,
        test: DatasetVersion | None,
    ) -> BaselineCase:
        weight = () if task.weight is None else (task.weight,)
        columns = list(dict.fromkeys((task.target, *weight, *task.read_columns, *task.split.columns)))
        rows = _sampled_positions(workspace, version, task)
        tables = [
            None
            if table is None
            else _present(workspace, table, task, columns, rows=rows if at == 0 else None)
            for at, table in enumerate((version, validation, test))
        ]
        frame, validation_rows, test_rows = _append_tables(tables)
        overlap = find_split_overlap(workspace, version, task, validation=validation, test=test)
        sampled_task, places = task, None
        if rows is not None:
            appended = np.arange(len(frame) - len(rows)) + version.n_rows
            places = np.concatenate([rows, appended])
            sampled_task, overlap = restrict_to_sample(task, overlap, places=places)
        parts = split(frame, sampled_task, validation=validation_rows, test=test_rows, overlap=overlap)
        has_classes = task.type.has_classes
        target = as_labels(frame[task.target]) if has_classes else np.asarray(frame[task.target])
        classes = _classes(target[parts.train]) if has_classes else ()
        return cls(
            task=task,
            metric=get_metric(task.metric),
            target=target,
            classes=classes,
            parts=parts,
            n_main=version.n_rows,
            places=places,
            weights=None if task.weight is None else frame[task.weight].to_numpy(dtype=float),
            read=frame[list(task.read_columns)],
            unit="" if task.task_type else version.column(task.target).unit,
        )

    def weights_at(self, rows: NDArray[np.int64]) -> Floats | None:
        """Return how much each of the rows counts; None: all the same."""
        return None if self.weights is None else self.weights[rows]

    def metric_at(self, rows: NDArray[np.int64]) -> Metric:
        """Return the metric for these rows, in their order, with their weights and groups."""
        metric, group = self.metric.weighted(self.weights_at(rows)), self.task.needs.group
        return metric.grouped(self.read[group].iloc[rows] if group and self.read is not None else None)

    def at(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows' positions in the appended tables."""
        return rows if self.places is None else self.places[rows]

    def constant(self, workspace: Workspace, version: DatasetVersion) -> Baseline:
        """Score the training rows' class shares, or mean, as the prediction for every validation row."""
        if self.task.read_columns:
            return self._converted_constant(workspace, version)
        train = self.target[self.parts.train]
        weights, positive = self.weights_at(self.parts.train), self.task.positive_class
        answer = constant_answer(
            train, classes=self.classes, positive_class=positive, metric=self.metric, weights=weights
        )
        rows = self.parts.validation
        n_like = (len(rows), 1) if self.classes else len(rows)
        value = self.score(rows, np.tile(answer, n_like))
        if not self.classes:
            is_mean = np.isclose(answer[0], np.average(train.astype(float), weights=weights))
            guess = in_unit(_plain(float(answer[0]), digits=4), self.unit)
            sentence = f"Always guessing {f'the mean, {guess},' if is_mean else guess} {self.says(value)}."
            return Baseline(name="mean", sentence=sentence, metric=self.metric.name, value=value)
        costs = self.metric.cost_matrix(self.classes)
        place = answer.argmax() if costs is None else (answer @ costs).argmin()
        label = label_text(self.classes[int(place)])
        sentence = f"Always guessing '{label}' {self.says(value)}."
        return Baseline(name="majority", sentence=sentence, metric=self.metric.name, value=value)

    def _converted_constant(self, workspace: Workspace, version: DatasetVersion) -> Baseline:
        """Score the best constant of what models learn, converted back by what the task type reads of each
        row."""
        rows = self.parts.validation
        with row_scale(workspace, version, self.task) as scale:
            learned, weights = self._learned_values(scale, self.parts.train)
            sample = _sample(self.parts.train, _MOST_TRIED, np.random.default_rng(self.task.seed))

            def score(guess: float, at: NDArray[np.int64] = sample) -> float:
                return self.score(at, self._convert_back(scale, np.full(len(at), guess), at))

            guess = float(np.average(learned, weights=weights))
            if not self.task.needs.is_order:
                tried = values_to_try(learned, guess, is_custom=True)
                guess = best_constant(tried, score, greater_is_better=self.metric.greater_is_better)
            value = score(guess, rows)
        columns = quote_names(self.task.read_columns)
        guess_text = f"The same guess for every row, converted by {columns},"
        if self.task.needs.is_order:
            guess_text = "Every row the same, so in no order,"
        sentence = f"{guess_text} {self.says(value)}.{self._groups_without_score()}"
        return Baseline(name="mean", sentence=sentence, metric=self.metric.name, value=value)

    def _groups_without_score(self) -> str:
        """Say how many groups of all rows the metric leaves out; "" if none, or if it knows no groups."""
        rows = np.sort(np.concatenate([self.parts.train, self.parts.validation, self.parts.test]))
        metric = self.metric_at(rows)
        if not metric.by_group or metric.groups is None or self.classes:
            return ""
        case = metric.case(self.target[rows].astype(float), np.zeros(len(rows)))
        scores = metric.evaluate(case, SingleGroups(metric.groups))
        if not (n_without := int(np.isnan(scores).sum())):
            return ""
        groups = f"{n_without:,} of {format_count(len(scores), 'group')} by '{self.task.needs.group}'"
        return f" {groups} {'has' if n_without == 1 else 'have'} no score, so the others count."

    def _learned_values(
        self, scale: RowScale | None, rows: NDArray[np.int64]
    ) -> tuple[Floats, Floats | None]:
        """Return the numbers that models learn of the rows, and how much each of them counts."""
        values, weights = self.target[rows].astype(float), self.weights_at(rows)
        if scale is None or self.read is None:
            return values, weights
        learned, counts = scale.learned(values, self.read.iloc[rows])
        if counts is None or weights is None:
            return learned, weights if counts is None else counts
        return learned, counts * weights

    def _convert_back(self, scale: RowScale | None, predictions: Floats, rows: NDArray[np.int64]) -> Floats:
        """Return predictions of such numbers for the rows, converted back."""
        if scale is None or self.read is None:
            return predictions
        return scale.original(predictions, self.read.iloc[rows])

    def linear(self, workspace: Workspace, version: DatasetVersion, validation: DatasetVersion) -> Baseline:
        """Score a quick linear model on (at most 20,000 of) the validation rows."""
        rows, prediction = self.predict_validation(workspace, version, validation)
        value = self.score(rows, prediction)
        sentence = f"A simple model, trained in seconds, {self.says(value)}."
        return Baseline(name="quick linear", sentence=sentence, metric=self.metric.name, value=value)

    def predict_validation(
        self, workspace: Workspace, version: DatasetVersion, validation: DatasetVersion
    ) -> tuple[NDArray[np.int64], Floats]:
        """Return (at most 20,000) validation rows, and the quick linear model's predictions for them."""
        most = max(1_000, min(_MOST_ROWS, _MOST_CELLS // len(self.task.features)))
        rng = np.random.default_rng([self.task.seed, 3])
        train, rows = _sample(self.parts.train, most, rng), _sample(self.parts.validation, most, rng)
        return rows, self.predicted(train, rows, workspace, version, validation)

    def predicted(
        self,
        train: NDArray[np.int64],
        rows: NDArray[np.int64],
        workspace: Workspace,
        version: DatasetVersion,
        rows_version: DatasetVersion,
    ) -> Floats:
        """Train the quick linear model on ``train`` and return its predictions for ``rows``."""
        from litmus_core.data import _linear_baseline

        names = [name for name in self.task.features if name not in self.task.read_columns]
        columns = tuple(version.column(name) for name in names)
        separate = 0 if rows_version is version else self.n_main
        learned_rows = read_some_rows(workspace, version, self.at(train), columns=names)
        answer_rows = read_some_rows(workspace, rows_version, self.at(rows) - separate, columns=names)
        if not self.classes:
            with row_scale(workspace, version, self.task) as scale:
                target, weights = self._learned_values(scale, train)
                predictions = _linear_baseline.predict_values(
                    learned_rows, target, answer_rows, columns=columns, seed=self.task.seed, weights=weights
                )
                return self._convert_back(scale, predictions, rows)
        return _linear_baseline.class_probabilities(
            learned_rows,
            self.codes(train),
            answer_rows,
            columns=columns,
            n_classes=len(self.classes),
            seed=self.task.seed,
            weights=self.weights_at(train),
        )

    def codes(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        place = {label: at for at, label in enumerate(self.classes)}
        return np.array([place[label] for label in self.target[rows]], dtype=np.int64)

    def score(self, rows: NDArray[np.int64], prediction: Floats) -> float:
        truth, metric = self.target[rows], self.metric_at(rows)
        if not self.classes:
            return metric.score(truth.astype(float), prediction)
        return metric.score(truth, prediction, classes=self.classes, positive_class=self.task.positive_class)

    def says(self, value: float) -> str:
        """Describe a model with this score: "is right 16 % of the time"."""
        text = f"{100 * value:.3g} %" if self.metric.unit == "share" else _plain(value, digits=3)
        if is_in_target_unit(self.metric.name):
            text = in_unit(text, self.unit)
        of = "" if self.places is None else f" (on {len(self.places):,} of the rows)"
        return f"{self.metric.phrase.format(value=text)}{of}"


def _plain(value: float, *, digits: int) -> str:
    """Format with at least ``digits`` digits, and never as a power of ten.

    >>> _plain(3813.4, digits=3), _plain(14.719, digits=3), _plain(1234567.0, digits=4)
    ('3,813', '14.7', '1,234,567')
    """
    return f"{value:,.0f}" if abs(value) >= 10 ** (digits - 1) else f"{value:,.{digits}g}"


def _sampled_positions(workspace: Workspace, version: DatasetVersion, task: Task) -> NDArray[np.int64] | None:
    """Return the positions of the rows sampled from a very long table; None if all are read."""
    if version.n_rows <= _MOST_READ:
        return None
    return sample_rows(
        workspace, version, target=task.target, n_rows=_MOST_READ, split=task.split,
        by_class=task.labels_are_stored, seed=task.seed,
    ).rows  # fmt: skip


def _present(
    workspace: Workspace,
    version: DatasetVersion,
    task: Task,
    names: Sequence[str],
    *,
    rows: NDArray[np.int64] | None,
) -> pd.DataFrame:
    present = [name for name in names if name in version.column_names]
    if rows is None:
        frame = read_rows(workspace, version, columns=present)
    else:
        frame = read_some_rows(workspace, version, rows, columns=present)
    return frame.assign(**{task.target: labels_of(workspace, version, frame[task.target], task)})


def _append_tables(tables: Sequence[pd.DataFrame | None]) -> tuple[pd.DataFrame, range | None, range | None]:
    """Return the main, validation and test tables as one frame, and where the separate ones lie in it."""
    import pandas as pd

    ends = np.cumsum([0 if table is None else len(table) for table in tables]).tolist()
    separate = [table for table in tables if table is not None]
    frame = separate[0] if len(separate) == 1 else pd.concat(separate, ignore_index=True)
    return (
        frame,
        None if tables[1] is None else range(ends[0], ends[1]),
        None if tables[2] is None else range(ends[1], ends[2]),
    )


def _classes(labels: NDArray[Any]) -> tuple[Any, ...]:
    return tuple(sorted(set(labels.tolist()), key=lambda label: (str(type(label)), label)))


def _sample(rows: NDArray[np.int64], most: int, rng: np.random.Generator) -> NDArray[np.int64]:
    return rows if len(rows) <= most else np.sort(rng.choice(rows, size=most, replace=False))
