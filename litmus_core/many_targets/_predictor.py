"""What answers all targets of a row in one call."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import UsageError
from litmus_core.frame import list_text
from litmus_core.many_targets._targets import TargetsSpec
from litmus_core.runtime import is_batch, warn_of, with_records

if TYPE_CHECKING:
    from litmus_core.runtime import Bundle, Pipeline
    from litmus_core.types import Column

Array = NDArray[Any]
T = TypeVar("T")
_WORTH = 0.7  # of the columns that the models read, each alone, up to which sharing takes less time


class TargetsPredictor:
    """Answers all targets of rows, which come as :class:`litmus_core.runtime.Predictor` takes them.

    Targets whose models read the same features get them computed once. Not safe for use by several threads
    at once.
    """

    def __init__(
        self, spec: TargetsSpec, bundles: Sequence[Bundle], thresholds: tuple[float, ...] = ()
    ) -> None:
        self.spec, self.bundles = spec, tuple(bundles)
        self.thresholds = dict(zip(spec.names, thresholds, strict=True)) if thresholds else {}
        self._cuts = np.array(thresholds)
        self._places = [
            bundle.info.positive_index if target.positive is not None else -1
            for target, bundle in zip(spec.targets, bundles, strict=True)
        ]
        self._groups = _groups(self.bundles)
        self._reads: dict[tuple[int, ...], tuple[Sequence[Column], Pipeline] | None] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The targets' names, in the order of the answers' columns."""
        return self.spec.names

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that every row must have."""
        by_name = {column.name: column for bundle in self.bundles for column in bundle.columns}
        return tuple(by_name.values())

    @property
    def examples(self) -> list[dict[str, Any]]:
        """Real rows as JSON objects, with all columns that some target reads."""
        pairs = zip(*(bundle.examples for bundle in self.bundles), strict=False)
        joined = [{key: value for row in rows for key, value in row.items()} for rows in pairs]
        names = {column.name for column in self.columns}
        return [row for row in joined if names <= set(row)]

    def predict_raw(self, rows: Any) -> Array:
        """Return (n, k) chances of yes, or numbers."""
        predictions: list[Array] = [np.empty(0)] * len(self.bundles)
        for places in self._groups:
            for place, raw in zip(places, self._of_group(places, rows), strict=True):
                at = self._places[place]
                predictions[place] = raw if at < 0 else raw[:, at]
        return np.column_stack(predictions)

    def predict_proba(self, rows: Any) -> Array:
        """Return the chance (n, k) that each label is yes; raises UsageError for numbers."""
        if self.spec.kind == "numbers":
            raise UsageError("The targets are numbers, so there are no probabilities.", hint="Use predict.")
        return self._warned(rows)

    def predict(self, rows: Any) -> Array:
        """Return (n, k): whether each label is yes, by its own threshold, or numbers."""
        raw = self._warned(rows)
        return raw >= self._cuts if self.spec.kind == "labels" else raw

    def predict_records(self, rows: Any) -> list[dict[str, Any]]:
        """Return one JSON-safe dict per row: ``{"labels", "probabilities"}``, or ``{"values"}``."""
        raw = self.predict_raw(rows).tolist()
        names = self.names
        if self.spec.kind == "numbers":
            return [{"values": dict(zip(names, row, strict=True))} for row in raw]
        return [
            {
                "labels": [
                    name for name, chance, cut in zip(names, row, self._cuts, strict=True) if chance >= cut
                ],
                "probabilities": dict(zip(names, row, strict=True)),
            }
            for row in raw
        ]

    def with_notes(self, predict: Callable[[Any], T], rows: Any) -> tuple[T, tuple[str, ...]]:
        """Return ``predict(rows)``, and notes on columns of many rows unlike what the models learned."""
        if not is_batch(rows):
            return predict(rows), ()
        with ExitStack() as stack:
            monitors = [stack.enter_context(self.bundles[places[0]].noting()) for places in self._groups]
            predictions = predict(rows)
            notes = dict.fromkeys(note for monitor in monitors for note in monitor.notes())
        return predictions, tuple(notes)

    def _warned(self, rows: Any) -> Array:
        raw, notes = self.with_notes(self.predict_raw, rows)
        warn_of(notes)
        return raw

    def flat_rows(self, rows: Any) -> list[dict[str, Any]]:
        """Return one flat dict per row, for a CSV file: tags as they stood in their column, then chances."""
        return [
            dict(record["values"])
            if "values" in record
            else {self.spec.tags or "yes": self._join(record["labels"])}
            | {f"probability {name}": chance for name, chance in record["probabilities"].items()}
            for record in self.predict_records(rows)
        ]

    def _join(self, labels: list[str]) -> str:
        is_listed = self.spec.tags and not self.spec.separator
        return list_text(labels) if is_listed else (self.spec.separator or ";").join(labels)

    def warm(self) -> TargetsPredictor:
        """Load all weights, so that the next answer is fast."""
        for bundle in self.bundles:
            bundle.warm()
        return self

    def close(self) -> None:
        """Remove unpacked files."""
        for bundle in self.bundles:
            bundle.close()

    def _of_group(self, places: tuple[int, ...], rows: Any) -> list[Array]:
        """Return each answer to ``rows``, from features that are computed once."""
        bundles = [self.bundles[place] for place in places]
        if len(bundles) == 1:
            return [bundles[0].predict_raw(rows)]
        if places not in self._reads:
            self._reads[places] = _shared_reads(bundles)
        reads = self._reads[places]
        if reads is None:
            return [bundle.predict_raw(rows) for bundle in bundles]
        columns, pipeline = reads

        def answer(rows: Any) -> list[Array]:
            table = rows if isinstance(rows, list | tuple) else _columns(rows, columns)
            features = pipeline.features(table)
            return [bundle.predict_features(features, table) for bundle in bundles]

        return with_records(answer, rows, columns)


def _columns(rows: Any, columns: Sequence[Column]) -> Any:
    from litmus_core.runtime import to_columns

    return to_columns(rows, columns)


def _shared_reads(bundles: Sequence[Bundle]) -> tuple[Sequence[Column], Pipeline] | None:
    """Return the columns that some of these models read, and the pipeline that computes features of them.

    None where each model reads few of many columns, so that computing all for all takes longer.
    """
    first = bundles[0]
    unread = [
        set(getattr(bundle.executor, "unread", ()) if bundle.post is None else ()) for bundle in bundles
    ]
    nobody_reads = set.intersection(*unread)
    columns = [column for column in first.columns if column.name not in nobody_reads]
    if len(columns) > _WORTH * sum(len(first.columns) - len(names) for names in unread):
        return None
    return columns, first.pipeline.without(nobody_reads) if nobody_reads else first.pipeline


def _groups(bundles: Sequence[Bundle]) -> list[tuple[int, ...]]:
    """Return the places of bundles whose models read features of equal pipelines."""
    groups: dict[str, list[int]] = {}
    for place, bundle in enumerate(bundles):
        reads = getattr(bundle.executor, "predict_features", None) is not None
        names = [column.name for column in bundle.columns]
        key = json.dumps([names, bundle.pipeline.state()], sort_keys=True) if reads else str(place)
        groups.setdefault(key, []).append(place)
    return [tuple(places) for places in groups.values()]
