"""Folds, ensembles and calibration, in AutoGluon's single precision."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from litmus_core.compiled import CompiledModel, Plan, PlanStep
from litmus_core.compiled._runners import runner_of
from litmus_core.frame import Features

FIRST, SECOND = np.array([0.2, 0.0, 1.0]), np.array([0.4, 0.0, 1.0])


def run(kind: str, parts: list[Any], **facts: Any) -> np.ndarray[Any, Any]:
    """Return what a step of ``kind`` makes of the answers ``parts``."""
    answers = {str(at): np.asarray(part) for at, part in enumerate(parts)}
    step = PlanStep(id="it", kind=kind, of=tuple(answers), **facts)
    return runner_of(step).run(nothing(len(parts[0])), answers)


def nothing(n_rows: int) -> Features:
    return Features(np.zeros((n_rows, 0)), np.zeros((n_rows, 0), np.uint8), np.zeros((n_rows, 0), np.int32))


def test_folds_are_averaged_in_single_precision():
    mean = run("mean", [FIRST, SECOND])

    assert mean.dtype == np.float32
    assert mean.tolist() == [np.float32((np.float32(0.2) + np.float32(0.4)) / np.float32(2)), 0.0, 1.0]


def test_an_ensemble_weighs_a_row_alone_as_it_does_among_others():
    weights = {"weights": np.array([0.25, 0.75])}
    together = run("weighted", [FIRST, SECOND], arrays=weights)

    assert np.allclose(together, [0.35, 0.0, 1.0])
    assert run("weighted", [FIRST[:1], SECOND[:1]], arrays=weights)[0] == together[0]


@pytest.mark.parametrize("n_rows", [1, 3])
@pytest.mark.parametrize("kind", ["mean", "weighted"])
def test_what_combines_answers_picks_their_columns_itself(kind: str, n_rows: int):
    both = np.stack([FIRST, SECOND], axis=1)[:n_rows]
    arrays = {"weights": np.array([0.5, 0.25])} if kind == "weighted" else {}
    apart = run(kind, [SECOND[:n_rows], FIRST[:n_rows]], arrays=arrays)
    wide = run(kind, [both, both], arrays=arrays)

    picked = run(kind, [both, FIRST[:n_rows]], arrays=arrays, settings={"columns": [1, None]})
    spans = run(kind, [both, both], arrays=arrays, settings={"columns": [[0, 2], None]})

    assert picked.tolist() == apart.tolist()
    assert spans.tolist() == wide.tolist()


def test_an_ensemble_of_many_classes_weighs_a_row_alone_as_it_does_among_others():
    weights, parts = {"weights": np.array([0.3, 0.7])}, np.random.default_rng(0).random((2, 40, 6))
    together = run("weighted", list(parts), arrays=weights)
    alone = [run("weighted", list(parts[:, [row]]), arrays=weights) for row in range(40)]

    assert np.concatenate(alone).tolist() == together.tolist()


def test_an_ensemble_of_many_classes_weighs_each():
    weights = {"weights": np.array([0.5, 0.5])}

    assert run("weighted", [[[0.2, 0.8]], [[0.4, 0.6]]], arrays=weights).round(6).tolist() == [
        [np.float32(0.3), np.float32(0.7)]
    ]


def test_probabilities_of_nought_and_one_are_moved_off_it_and_others_stay():
    moved = run("off_edges", [FIRST])

    assert moved[0] == np.float32(0.2)
    assert 0 < moved[1] < 1e-6
    assert moved[2] == np.float32(1 - 1e-7)
    assert run("off_edges", [FIRST[2:]])[0] == moved[2]


def test_rows_of_many_classes_still_sum_to_one_when_they_are_moved():
    moved = run("off_edges", [[[0.0, 0.25, 0.75], [0.2, 0.3, 0.5]]])

    assert moved[0, 0] == pytest.approx(1e-7)
    assert moved.sum(axis=1).tolist() == [1.0, 1.0]
    assert moved[1].tolist() == np.array([0.2, 0.3, 0.5], np.float32).tolist()


def test_a_temperature_divides_the_logarithms():
    milder = run("temperature", [[0.8, 0.5, 0.0]], settings={"temperature": 2.0})

    assert np.allclose(milder, [2 / 3, 0.5, 0.0])
    assert np.allclose(run("temperature", [[[0.8, 0.2]]], settings={"temperature": 2.0}), [[2 / 3, 1 / 3]])


def test_a_plan_of_two_classes_answers_for_both():
    step = PlanStep(
        id="m", kind="dense", settings={"link": {"kind": "logistic"}}, arrays={"offset": np.array([0.0])}
    )
    model = CompiledModel(Plan(problem_type="binary", n_classes=2, steps=(step,)))

    assert model.predict_features(nothing(2)).tolist() == [[0.5, 0.5], [0.5, 0.5]]


@pytest.mark.parametrize("n_rows", [1, 5])
@pytest.mark.parametrize("columns", [1, 3])
def test_doubles_are_rounded_by_the_last_step_of_a_model(n_rows: int, columns: int) -> None:
    """Linear models and networks of a stack read answers as they are."""
    trees = np.full((n_rows, 3), 1 / 3)
    own = trees if columns > 1 else trees[:, 0]
    part = {"start": 0, "columns": columns}

    for answer in (run("trees_part", [trees], settings=part), run("off_edges", [own])):
        assert answer.dtype == np.float32
        assert np.array_equal(answer, own.astype(np.float32))
    assert np.array_equal(run("trees_part", [trees], settings=part | {"in_doubles": True}), own)
