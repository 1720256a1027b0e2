"""Where outer folds judge, intervals come from their predictions, and each fold tests the others."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from litmus_core.jobs import calibrate_candidate
from litmus_core.jobs._judging.calibration import judged_coverage
from litmus_core.jobs._judging.scores import TestPredictions
from litmus_core.jobs._outer.predictions import FoldPredictions, fold_folder, write_fold
from litmus_core.jobs._run_data import RunData
from litmus_core.types import Candidate, Column, to_plain
from tests.store import facts

_SIZE = Column(name="size", original_name="size", kind="number", storage="DOUBLE")
N_ROWS, N_FOLDS = 60, 3


def candidate(**changes: object) -> Candidate:
    return facts.candidate("a", **{"chosen": True, **changes})  # type: ignore[arg-type]


@pytest.fixture
def data(tmp_path: Path) -> RunData:
    """A run of three outer folds: what each chose is off by 1, and candidate "-a" by 3."""
    truth = np.arange(float(N_ROWS))
    frame = pd.DataFrame({"size": truth, "price": truth})
    outer = np.arange(N_ROWS) % N_FOLDS
    for number in range(N_FOLDS):
        index = np.flatnonzero(outer == number)
        folder = fold_folder(tmp_path, number)
        folder.mkdir(parents=True)
        write_fold(
            folder,
            FoldPredictions(
                index=index,
                predictions={"-b": truth[index] + 1.0, "-a": truth[index] - 3.0},
                answered={key: np.ones(len(index), dtype=bool) for key in ("-a", "-b")},
                thresholds={"-a": None, "-b": None},
                chosen="-b",
            ),
        )
    info = {"problem_type": "regression", "target": "price", "classes": [], "columns": [to_plain(_SIZE)]}
    (tmp_path / "model.json").write_text(json.dumps(info))
    return RunData(
        frame=frame,
        part=np.zeros(N_ROWS, dtype=np.int8),
        block=None,
        columns=(_SIZE,),
        target="price",
        outer=outer,
    )


@pytest.mark.parametrize(("is_chosen", "error"), [(True, 1.0), (False, 3.0)])
def test_the_chosen_one_answers_for_what_each_fold_chose(
    tmp_path: Path, data: RunData, is_chosen: bool, error: float
) -> None:
    found = calibrate_candidate(tmp_path, data, candidate(chosen=is_chosen), metric="rmse")
    low, high = found.interval(np.array([30.0]), found.check(0.9))

    assert (found.source, found.n_rows) == ("outer folds", N_ROWS)
    assert (30.0 - low[0], high[0] - 30.0) == pytest.approx((error, error))


def test_every_row_is_covered_by_what_the_other_folds_promise(tmp_path: Path, data: RunData) -> None:
    predictions = TestPredictions(
        index=np.arange(N_ROWS), raw=np.zeros(N_ROWS), threshold=None, classes=(), n_rows=N_ROWS
    )
    coverage = judged_coverage(tmp_path, data, candidate(), predictions, metric="rmse")

    assert coverage is not None
    assert (coverage.n_rows, coverage.share, coverage.of_labels) == (N_ROWS, 1.0, False)
    assert coverage.size == pytest.approx(2.0)
    assert judged_coverage(tmp_path, data, candidate(abstained=0.1), predictions, metric="rmse") is None


def test_a_run_without_its_files_is_judged_all_the_same(tmp_path: Path, data: RunData) -> None:
    (tmp_path / "model.json").unlink()
    predictions = TestPredictions(
        index=np.arange(N_ROWS), raw=np.zeros(N_ROWS), threshold=None, classes=(), n_rows=N_ROWS
    )

    assert judged_coverage(tmp_path, data, candidate(), predictions, metric="rmse") is None
