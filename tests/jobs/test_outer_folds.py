"""Outer folds judge in place of a test part: every row once, by models trained without it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import litmus_core as lc
from litmus_core.engine import FitRequest, NothingFinishedError, second_models, validation_predictions
from litmus_core.errors import DataError, NoAnswerError, UsageError
from litmus_core.jobs._judging.cautions import _is_learned
from litmus_core.jobs._judging.scores import predictions_on_test
from litmus_core.jobs._outer.child import _in_class_order, _train_and_predict, without
from litmus_core.jobs._outer.numbers import (
    OUTER_COLUMN,
    check_judged_by_test_set,
    judged_by_folds,
)
from litmus_core.jobs._outer.predictions import FoldPredictions, pooled, read_folds, write_fold
from litmus_core.jobs._outer.run import (
    _reason,
    _trained_families,
    outer_folds,
    unfinished_models,
    usual_outer_folds,
)
from litmus_core.jobs._run_data import RunData, _column_names
from litmus_core.jobs._stages import sequence
from litmus_core.jobs._stages.shortfall import Shortfall
from litmus_core.types import Algorithm, Budget, Folds, Retrained, RunPlan, SplitPlan, Verdict, WarmStart
from tests.store import facts


def _frame(n_rows: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "age": rng.normal(size=n_rows),
            "left": np.where(np.arange(n_rows) % 3 == 0, "yes", "no"),
            "day": pd.date_range("2026-01-01", periods=n_rows // 2).repeat(2),
            "shop": [f"s{row % 7}" for row in range(n_rows)],
        }
    )


def _task(**changes: Any) -> Any:
    return facts.task(**{"positive_class": "yes", **changes})


def _numbers(frame: pd.DataFrame, task: Any, n_folds: int) -> tuple[Any, Any]:
    return judged_by_folds(frame, task, n_folds=n_folds)


def _data(frame: pd.DataFrame, task: Any, n_folds: int) -> RunData:
    parts, numbers = _numbers(frame, task, n_folds)
    codes = np.full(len(frame), 3, dtype=np.int8)
    for code, rows in enumerate((parts.train, parts.validation, parts.test)):
        codes[rows] = code
    column = SimpleNamespace(name="age")
    return RunData(frame=frame, part=codes, block=None, columns=(column,), target="left", outer=numbers)  # type: ignore[arg-type]


@pytest.mark.parametrize("n_folds", [2, 5, 10])
def test_every_row_is_judged_once_and_learned_from(n_folds: int) -> None:
    frame = _frame()
    parts, numbers = _numbers(frame, _task(), n_folds)
    assert set(numbers) == set(range(n_folds))
    assert len(parts.test) == 0
    assert sorted([*parts.train, *parts.validation]) == list(range(len(frame)))
    shares = pd.Series(frame["left"] == "yes").groupby(numbers).mean()
    assert shares.between(0.2, 0.5).all()  # each fold has both classes in about the same shares


def test_rows_of_one_group_are_judged_together() -> None:
    frame = _frame()
    task = _task(split=SplitPlan(kind="group", column="shop"))
    _, numbers = _numbers(frame, task, 5)
    assert (pd.Series(numbers).groupby(frame["shop"]).nunique() == 1).all()


def test_more_folds_than_groups_are_as_many_as_groups() -> None:
    frame = _frame().assign(shop=[f"s{row // 20}" for row in range(60)])
    _, numbers = _numbers(frame, _task(split=SplitPlan(kind="group", column="shop")), 10)
    assert len(set(numbers)) == 3


def test_in_class_order_of_time_a_fold_learns_from_earlier_rows_only() -> None:
    frame = _frame()
    task = _task(split=SplitPlan(kind="time", column="day"))
    data = _data(frame, task, 4)
    context: Any = SimpleNamespace(experiment=SimpleNamespace(task=task), plan=RunPlan())
    assert (data.outer == -1).any()  # the earliest rows are judged by no fold
    for fold in range(4):
        rows = without(data, fold, context)
        learned = np.concatenate([rows.index("train"), rows.index("validation")])
        assert frame["day"].iloc[learned].max() < frame["day"].iloc[rows.index("test")].min()


def test_with_two_groups_a_fold_each_judges_and_with_one_nothing_can() -> None:
    frame = _frame().assign(shop=["a"] * 30 + ["b"] * 20 + ["c"] * 10)
    task = _task(split=SplitPlan(kind="group", column="shop"))
    assert len(set(_numbers(frame, task, 5)[1])) == 3
    with pytest.raises(DataError, match="too few different values"):
        _numbers(frame.assign(shop="a"), task, 5)


def test_a_class_of_three_rows_is_judged_though_a_test_part_would_lack_it() -> None:
    frame = _frame().assign(left=["yes"] * 3 + ["no"] * 57)
    _, numbers = _numbers(frame, _task(metric="roc_auc"), 3)
    assert sorted(numbers[:3]) == [0, 1, 2]


def test_a_fold_learns_from_all_rows_but_its_own() -> None:
    data = _data(_frame(), _task(), 5)
    context: Any = SimpleNamespace(experiment=SimpleNamespace(task=_task()), plan=RunPlan())
    for fold in range(5):
        rows = without(data, fold, context)
        tested = rows.index("test")
        assert (np.asarray(data.outer)[tested] == fold).all()
        learned = np.concatenate([rows.index("train"), rows.index("validation")])
        assert sorted([*tested, *learned]) == list(range(60))
        assert len(rows.index("validation")) > 0
        assert rows.outer is None


def test_a_column_that_rows_are_split_and_folded_by_is_read_once() -> None:
    task = facts.task(features=("age",), split=SplitPlan(kind="group", column="shop"))
    assert _column_names(task, ("shop", "day", "")) == ["age", "left", "shop", "day"]


def _context(*, folds: Folds | None = None, limit_s: float = 120.0, origin: Any = None) -> Any:
    plan = RunPlan(folds=folds, origin=origin)
    workspace = SimpleNamespace(run_dir=lambda run_id: Path("/nowhere") / run_id)
    return SimpleNamespace(
        plan=plan, workspace=workspace, experiment=SimpleNamespace(task=_task(time_limit_s=limit_s))
    )


def test_a_limit_too_short_for_the_folds_leaves_a_test_part_and_says_so() -> None:
    assert outer_folds(_context(folds=Folds(outer=5))).n_folds == 5
    found = outer_folds(_context(folds=Folds(outer=5), limit_s=9.0))
    assert found.n_folds == 0
    assert found.note.startswith("9 s are too few for 5 outer folds")


def test_what_has_learned_from_all_rows_cannot_be_continued(tmp_path: Path) -> None:
    folder = tmp_path / "run_0"
    folder.mkdir()
    check_judged_by_test_set(folder)
    pd.DataFrame({"part": [0], OUTER_COLUMN: [0]}).to_parquet(folder / "parts.parquet")
    origin = WarmStart(candidate_id="run_0-a", run_id="run_0", model="a", n_before=1)
    context = _context(origin=origin)
    context.workspace.run_dir = lambda run_id: tmp_path / run_id
    with pytest.raises(UsageError, match="has learned from all rows"):
        outer_folds(context)


@pytest.mark.parametrize(
    ("outer", "changes", "said"),
    [
        (1, {}, "1 outer folds cannot judge"),
        (21, {}, "21 outer folds cannot judge"),
        (-2, {}, "-2 outer folds cannot judge"),
        (5, {"test_version_id": "dv_2"}, "the test table would be unused"),
        (5, {"validation_version_id": "dv_2"}, "the validation table would be unused"),
    ],
)
def test_outer_folds_that_cannot_be_are_refused_in_words(outer: int, changes: Any, said: str) -> None:
    from litmus_core.engine import check_folds

    with pytest.raises(UsageError, match=said):
        check_folds(Folds(0, outer=outer), _task(**changes))
    check_folds(Folds(0, outer=2), _task())


def _fold(index: list[int], *, chosen: str = "-a", threshold: float | None = 0.4) -> FoldPredictions:
    known = {"-a": np.ones(len(index), dtype=bool), "-b": np.arange(len(index)) > 0}
    answers = {"-a": np.asarray(index, dtype=float), "-b": -np.asarray(index, dtype=float)}
    return FoldPredictions(
        index=np.asarray(index),
        predictions=answers,
        answered=known,
        thresholds={"-a": threshold, "-b": None},
        chosen=chosen,
    )


def test_the_procedure_answers_each_row_by_what_its_fold_chose(tmp_path: Path) -> None:
    folds = {0: _fold([1, 3]), 1: _fold([0, 2], chosen="-b")}
    for number, fold in folds.items():
        (tmp_path / "outer" / str(number)).mkdir(parents=True)
        write_fold(tmp_path / "outer" / str(number), fold)
    back = read_folds(tmp_path)
    chosen, same = pooled(back), pooled(back, "-a")
    assert chosen is not None
    assert same is not None
    assert chosen.index.tolist() == [1, 3, 2]  # "-b" does not know row 0
    assert chosen.predictions.tolist() == [1.0, 3.0, -2.0]
    assert chosen.fold.tolist() == [0, 0, 1]
    assert chosen.threshold is None  # one fold's choice has none
    assert same.threshold is not None
    assert same.threshold.tolist() == [0.4] * 4
    assert pooled(back, "-c") is None
    assert pooled({}) is None


def test_a_candidate_that_a_fold_did_not_train_has_no_score(tmp_path: Path) -> None:
    (tmp_path / "outer" / "0").mkdir(parents=True)
    write_fold(tmp_path / "outer" / "0", _fold([0, 1]))
    data = _data(_frame(), _task(), 2)
    with pytest.raises(NoAnswerError, match="was not trained in every outer fold"):
        predictions_on_test(tmp_path, data, facts.candidate("other"))


def test_a_fold_tries_the_families_that_the_run_got_done() -> None:
    done = [facts.candidate("a", family="linear"), facts.candidate("b", family="lightgbm")]
    assert set(_trained_families(RunPlan(), done)) == {"linear", "lightgbm"}
    asked = RunPlan(algorithms=(Algorithm(key="lightgbm"),))
    assert _trained_families(asked, done) == ()


def test_a_model_that_some_folds_did_not_finish_is_said() -> None:
    run = [facts.candidate(name) for name in ("a", "b", "c")]
    team = facts.candidate("d", is_ensemble=True)
    folds = {0: _fold([0, 1]), 1: replace(_fold([2, 3]), predictions={"-a": np.ones(2)})}
    assert unfinished_models([run[0], team], folds, run_id="run_1") == ()
    (said,) = unfinished_models([*run, team], folds, run_id="run_1")
    assert said.startswith(
        "Not every outer fold finished B (1 of 2 without it) and C (2 of 2 without it); those"
    )


def test_a_fold_trains_the_second_models_of_the_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    data = _data(_frame(), _task(), 2)
    asked: list[Algorithm] = []
    (deeper, *_) = second_models(("lightgbm",), problem_type="binary", n_rows=60, seconds=90.0)
    request = FitRequest(
        folder=tmp_path, train=data.frame, validation=None, columns=(), task=_task(), deadline=0.0
    )
    monkeypatch.setattr("litmus_core.jobs._stages.fit_request.request_of", lambda *_, deadline: request)
    monkeypatch.setattr("litmus_core.jobs._stages.tuning.tuned", lambda *_, say: None)

    def fit(request: FitRequest, **_: Any) -> None:
        asked.extend(request.algorithms)
        raise NothingFinishedError(hint="")

    monkeypatch.setattr("litmus_core.engine.fit_models", fit)
    context: Any = SimpleNamespace(stop_requested=lambda: False)
    task: Any = SimpleNamespace(second_models=(deeper,), repeats=None)
    with pytest.raises(NothingFinishedError):
        _train_and_predict(context, task, data, seconds=1.0)
    assert asked == [deeper]


def test_classes_that_a_fold_lacks_have_no_probability() -> None:
    found = _in_class_order(np.array([[0.3, 0.7]]), ["c", "a"], ("a", "b", "c"))
    assert found.tolist() == [[0.7, 0.0, 0.3]]


def test_copies_in_other_folds_are_learned_from() -> None:
    frame = _frame(20)
    frame.loc[10, ["age", "left"]] = frame.loc[3, ["age", "left"]]
    data = _data(frame, _task(), 5)
    numbers = np.arange(20) % 5
    numbers[10] = 1
    data = RunData(
        frame=frame, part=data.part, block=None, columns=data.columns, target="left", outer=numbers
    )
    assert np.flatnonzero(_is_learned(data, data.judging)).tolist() == [3, 10]
    numbers[10] = numbers[3]
    assert not _is_learned(data, data.judging).any()


def test_where_one_folds_time_is_too_short_for_a_model_a_test_part_judges(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folded = _data(_frame(), _task(), 2)
    fitted: list[RunData] = []

    def fit(context: Any, data: RunData, clock: Any) -> Shortfall:
        fitted.append(data)
        if data.outer is not None:
            raise NothingFinishedError(hint="Allow more time.")
        return Shortfall()

    monkeypatch.setattr(sequence, "_fit", fit)
    monkeypatch.setattr(
        sequence, "_rows", lambda context, outer: replace(folded, outer=None, note=outer.note)
    )
    clock = SimpleNamespace(say=lambda message: None, share=lambda data: None)
    context = SimpleNamespace(plan=RunPlan(), stop_requested=lambda: False)
    data, _ = sequence._fit_in_time(context, folded, clock)
    assert [each.outer is None for each in fitted] == [False, True]
    assert data.note == "No model was finished in one fold's time, so a test part judges."
    context.stop_requested = lambda: True
    with pytest.raises(NothingFinishedError):
        sequence._fit_in_time(context, folded, clock)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A run in three outer folds, of one family: from the file to its verdict."""
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"x": rng.normal(size=90), "z": rng.normal(size=90)})
    frame["y"] = 2 * frame["x"] + rng.normal(size=90)
    handle = lc.train(
        frame,
        "y",
        goal="rmse <= 1.5",
        algorithm="linear",
        folds=Folds(2, refit=True, outer=3),
        compute=lc.Compute(time_limit_s=600),
        workspace=tmp_path_factory.mktemp("outer"),
    )
    yield handle.wait()
    handle.studio.close()


def test_a_run_is_judged_by_all_rows_and_its_model_learned_from_all(trained: Any) -> None:
    verdict: Verdict = trained.verdict
    assert verdict.outer_folds == 3
    assert verdict.score.n_rows == 90
    assert 0.8 < verdict.score.value < 1.3
    assert verdict.outcome == "meets"


def test_the_end_of_the_run_says_which_rows_judged(trained: Any) -> None:
    assert "All 90 rows judge, each by models that had not seen it" in trained.run.message
    assert "steps that were asked for" not in trained.run.message
    assert "on 90 rows, each predicted by models trained without it" in trained.sentence


def test_the_folds_of_the_chosen_model_learned_from_all_rows(trained: Any) -> None:
    index, _ = validation_predictions(
        trained.studio.workspace.run_dir(trained.run.id), trained.best.facts.model
    )
    assert sorted(index) == list(range(90))
    assert not trained.best.facts.refit_of


def test_what_a_fold_leaves_behind_is_small(trained: Any) -> None:
    run = trained.run
    folder = trained.studio.workspace.run_dir(run.id) / "outer"
    assert sorted(each.name for each in folder.iterdir()) == ["0", "1", "2"]
    assert not list(folder.rglob("*.pkl"))


def test_another_candidate_has_a_score_of_the_same_rows(trained: Any) -> None:
    other = next(each for each in trained.candidates() if not each.chosen)
    scored = trained.studio.candidates.reveal_test(other.id, by="tester")
    assert scored.test is not None
    assert scored.test.n_rows == 90


@pytest.mark.parametrize(
    ("n_rows", "plan", "changes", "n_folds"),
    [
        (345, RunPlan(), {}, 5),
        (59, RunPlan(), {}, 0),
        (2_000, RunPlan(), {}, 0),
        (345, RunPlan(), {"time_limit_s": 80.0}, 5),
        (345, RunPlan(), {"time_limit_s": 30.0}, 0),
        (1_800, RunPlan(), {"time_limit_s": 80.0}, 0),
        (345, RunPlan(), {"budget": Budget(max_latency_ms=1.0)}, 0),
        (345, RunPlan(), {"test_version_id": "dv_2"}, 0),
        (345, RunPlan(), {"split": SplitPlan(kind="time", column="day")}, 0),
        (345, RunPlan(), {"split": SplitPlan(test_fraction=0.3)}, 0),
        (345, RunPlan(), {"split": SplitPlan(kind="group", column="shop")}, 5),
        (345, RunPlan(origin=WarmStart(candidate_id="a", run_id="r", model="a", n_before=1)), {}, 0),
        (345, RunPlan(origin=Retrained(candidate_id="a")), {}, 5),
    ],
)
def test_outer_folds_judge_by_themselves_where_rows_are_few_and_time_is_enough(
    n_rows: int, plan: RunPlan, changes: Any, n_folds: int
) -> None:
    task = _task(**{"time_limit_s": 240.0, **changes})
    assert usual_outer_folds(plan, task, columns=facts.version().columns, n_rows=n_rows) == n_folds


def test_a_repeated_run_gives_the_same_score_of_every_row(trained: Any) -> None:
    again = trained.repeat().wait()
    assert "The chosen one also for the test rows" in again.run.message
    assert again.verdict.score == trained.verdict.score
    assert again.verdict.outer_folds == 3


def test_what_stopped_a_fold_is_said_without_the_name_of_a_class() -> None:
    assert _reason(RuntimeError("NothingFinishedError: No model was finished")) == "No model was finished."
