"""Targets whose models read the same features get these computed once, of columns that some model reads."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from litmus_core.many_targets import JointTarget, TargetsPredictor, TargetsSpec

_COLUMNS = tuple(SimpleNamespace(name=name) for name in "abc")


class _Pipeline:
    def __init__(self, unread: frozenset[str] = frozenset()) -> None:
        self.unread, self.n_calls = unread, 0

    def state(self) -> dict[str, Any]:
        return {"encoders": []}

    def without(self, unread: set[str]) -> _Pipeline:
        self.reduced = _Pipeline(frozenset(unread))
        return self.reduced

    def features(self, rows: Any) -> Any:
        self.n_calls += 1
        return SimpleNamespace(rows=rows, unread=self.unread)


def _bundle(pipeline: _Pipeline, unread: tuple[str, ...], value: float) -> Any:
    def predict_features(features: Any, rows: Any) -> Any:
        assert features.unread <= set(unread)  # nothing that it reads is missing
        return np.full(len(rows), value)

    executor = SimpleNamespace(predict_features=predict_features, unread=unread)
    return SimpleNamespace(
        pipeline=pipeline,
        executor=executor,
        columns=_COLUMNS,
        post=None,
        predict_features=predict_features,
        predict_raw=lambda rows: np.full(len(rows), value),
    )


def _model(pipeline: _Pipeline, *unread: tuple[str, ...]) -> TargetsPredictor:
    bundles = [_bundle(pipeline, names, float(place)) for place, names in enumerate(unread, start=1)]
    targets = tuple(JointTarget(name=name, column=name) for name in "xy")
    return TargetsPredictor(TargetsSpec(kind="numbers", targets=targets, metric="mean_r2"), bundles)


def test_features_are_computed_once_and_without_what_no_model_reads() -> None:
    pipeline = _Pipeline()
    model = _model(pipeline, ("b",), ("b",))
    assert model.predict_records([{"a": 1}]) == [{"values": {"x": 1.0, "y": 2.0}}]
    assert model.predict([{"a": 1}, {"a": 2}]).tolist() == [[1.0, 2.0]] * 2
    assert (pipeline.reduced.unread, pipeline.reduced.n_calls, pipeline.n_calls) == ({"b"}, 2, 0)


def test_models_that_read_different_columns_answer_alone() -> None:
    pipeline = _Pipeline()
    assert _model(pipeline, ("a", "b"), ("b", "c")).predict([{"a": 1}]).tolist() == [[1.0, 2.0]]
    assert pipeline.n_calls == 0


def test_tags_that_were_lists_are_answered_as_lists() -> None:
    model = _model(_Pipeline(), (), ())
    for separator, answer in (("", '["x","y"]'), (";", "x;y")):
        spec = replace(model.spec, kind="labels", tags="t", separator=separator)
        (row,) = TargetsPredictor(spec, model.bundles, (0.5, 0.5)).flat_rows([{"a": 1}])
        assert row == {"t": answer, "probability x": 1.0, "probability y": 2.0}
