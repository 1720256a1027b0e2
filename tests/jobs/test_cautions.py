"""Every training looks for what makes its score look better than it is, and the verdict says so."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from litmus_core import checks
from litmus_core.checks import report_path
from litmus_core.data import import_table, suggest
from litmus_core.jobs._judging import cautions as _cautions
from litmus_core.jobs._judging.cautions import find_cautions
from litmus_core.jobs._run_data import prepare
from litmus_core.store import Workspace
from litmus_core.types import (
    Candidate,
    Caution,
    CheckReport,
    Finding,
    FindingsDismissed,
    Score,
    SplitPlan,
    Statement,
    Task,
    to_plain,
)
from tests.store import facts


def scored(low: float, high: float, *, metric: str = "roc_auc") -> Score:
    return Score(metric=metric, value=(low + high) / 2, low=low, high=high, n_rows=600)


def candidate(**changes: object) -> Candidate:
    return replace(facts.candidate(), **changes)  # type: ignore[arg-type]


def customers(n_rows: int = 600, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(n_rows, 4)), columns=list("abcd"))
    return frame.assign(left=np.where(frame["a"] + rng.normal(size=n_rows) > 0, "yes", "no"))


def doubled(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([frame, frame]).sample(frac=1, random_state=0)


def cautions(
    tmp_path: Path,
    frame: pd.DataFrame,
    *,
    fine: tuple[str, ...] = (),
    chosen: Candidate | None = None,
    is_by_folds: bool = False,
    **changes: object,
) -> tuple[Caution, ...]:
    workspace = Workspace(tmp_path / "workspace").create()
    frame.to_csv(tmp_path / "table.csv", index=False)
    version = import_table(workspace, tmp_path / "table.csv")
    proposed = suggest(workspace, version, "left")
    asked = {"features": proposed.features, "split": SplitPlan()} | changes
    task = Task(
        dataset_version_id=version.id, target="left", problem_type="binary", metric="roc_auc", **asked
    )
    known = SimpleNamespace(fact=FindingsDismissed(dataset_id=version.dataset_id, keys=fine))
    context = SimpleNamespace(
        workspace=workspace,
        experiment=SimpleNamespace(task=task),
        versions=lambda: {version.id: version},
        journal=SimpleNamespace(events=lambda types: [known]),
    )
    folder = tmp_path / "run"
    folder.mkdir()
    data = prepare(workspace, task, lambda _: version, folder=folder)

    def score_of(index: np.ndarray) -> Score:
        return Score(metric="roc_auc", value=0.81, low=0.78, high=0.84, n_rows=len(index))

    if is_by_folds:
        data = replace(data, outer=np.arange(len(data.frame)) % 5)
    return find_cautions(context, data, chosen or candidate(), score_of)


def test_a_doubled_table_is_said_with_the_score_of_the_rows_that_are_new(tmp_path: Path) -> None:
    (found,) = cautions(tmp_path, doubled(customers()))
    assert found.kind == "duplicate_rows"
    assert found.score == Score(metric="roc_auc", value=0.81, low=0.78, high=0.84, n_rows=62)
    assert (found.n_rows, found.n_test) == (178, 240)


def test_a_clean_table_has_no_caution(tmp_path: Path) -> None:
    assert cautions(tmp_path, customers()) == ()


@pytest.mark.parametrize(
    ("own", "is_by_folds", "kinds"),
    [
        (scored(0.62, 0.68), True, ["weaker_model"]),
        (scored(0.78, 0.84), True, []),  # may be as good
        (scored(0.90, 0.94), True, []),
        (scored(0.62, 0.68), False, []),  # that very model was judged
        (scored(0.62, 0.68, metric="accuracy"), True, []),
        (None, True, []),
    ],
)
def test_a_model_worse_than_those_of_the_outer_folds_is_not_what_their_score_promises(
    tmp_path: Path, own: Score | None, is_by_folds: bool, kinds: list[str]
) -> None:
    chosen = candidate(validation=own, test=scored(0.80, 0.86))
    told = cautions(tmp_path, customers(200), chosen=chosen, is_by_folds=is_by_folds)
    assert [caution.kind for caution in told] == kinds
    assert [caution.score for caution in told] == [own for _ in kinds]


def test_rows_that_chance_makes_equal_are_no_copies(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.integers(0, 3, (900, 3)), columns=list("abc")).astype(str) + "x"
    assert cautions(tmp_path, frame.assign(left=rng.choice(["yes", "no"], 900))) == ()


@pytest.mark.parametrize("looked_at", [True, False])
def test_a_leak_is_said_where_models_look_at_it(tmp_path: Path, looked_at: bool) -> None:
    frame = customers().assign(fee=lambda table: np.where(table["left"] == "yes", 20.0, 0.0))
    frame["fee"] += np.random.default_rng(2).uniform(0, 9, len(frame))
    features = tuple("abcd") + (("fee",) if looked_at else ())
    found = cautions(tmp_path, frame, features=features)
    assert [(each.kind, each.columns) for each in found] == ([("leakage", ("fee",))] if looked_at else [])


def test_a_caution_says_which_fix_would_make_the_score_true(tmp_path: Path) -> None:
    (found,) = cautions(tmp_path, doubled(customers()))
    assert found.fix is not None
    assert (found.fix.kind, found.fix.columns) == ("drop_duplicates", ("a", "b", "c", "d", "left"))


def test_what_someone_said_to_be_fine_is_no_caution(tmp_path: Path) -> None:
    assert cautions(tmp_path, drifting(), fine=("structure:day",)) == ()


def drifting() -> pd.DataFrame:
    rng = np.random.default_rng(4)
    day = pd.date_range("2023-01-01", periods=900, freq="D")
    mood = np.repeat(rng.choice([-2.0, 2.0], 30), 30)
    frame = customers(900)
    return frame.assign(day=day, left=np.where(frame["a"] + mood > 0, "yes", "no"))


@pytest.mark.parametrize(("split", "n_said"), [(SplitPlan(), 1), (SplitPlan(kind="time", column="day"), 0)])
def test_a_drift_is_said_unless_rows_are_split_by_time(tmp_path: Path, split: SplitPlan, n_said: int) -> None:
    found = cautions(tmp_path, drifting(), split=split)
    assert [each.kind for each in found] == n_said * ["structure"]


@pytest.mark.parametrize(("grown_from", "n_older"), [((), 0), ((600,), 120)])
def test_test_rows_from_before_rows_that_train_are_said_with_the_score_of_the_later_ones(
    tmp_path: Path, grown_from: tuple[int, ...], n_older: int
) -> None:
    plan = SplitPlan(kind="time", column="day", grown_from=grown_from)
    day = pd.date_range("2023-01-01", periods=900, freq="D")
    found = cautions(tmp_path, customers(900).assign(day=day), split=plan)
    assert [each.kind for each in found] == (["older_rows"] if n_older else [])
    assert [(each.n_rows, each.n_test) for each in found] == [(n_older, 180)] * len(found)
    assert [each.score.n_rows for each in found if each.score is not None] == [60] * len(found)


def test_no_split_is_tried_of_which_nothing_would_be_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted: list[object] = []
    monkeypatch.setattr("sklearn.ensemble.ExtraTreesClassifier.fit", lambda *_: fitted.append(_))
    meter = 41_250.5 + 17 * np.arange(900)  # it may count rows
    cautions(tmp_path, drifting().assign(day=meter).sample(frac=1, random_state=0))
    assert fitted == []


def test_a_check_that_fails_costs_no_verdict_and_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError("odd rows")

    monkeypatch.setattr(_cautions, "_weaker_model", lambda *_: [])
    monkeypatch.setattr(_cautions, "_copies", fails)
    monkeypatch.setattr(_cautions, "_older_rows", lambda *_: [])
    monkeypatch.setattr(_cautions, "_check_cautions", lambda _: [])
    (found,) = find_cautions(None, None, None, None)
    assert found.error == "ZeroDivisionError"


def test_checks_that_were_made_of_the_table_are_not_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, version = Workspace(tmp_path / "workspace").create(), facts.version()
    task = replace(facts.task(), dataset_version_id=version.id)
    leak = Finding(
        kind="leakage",
        severity="harmful",
        columns=task.features[:1],
        statement=Statement.plain("Leaks."),
        score=1.0,
    )
    other = replace(leak, kind="constant_columns")
    report = CheckReport(
        dataset_version_id=version.id, target=task.target, test_version_id=None, findings=(leak, other)
    )
    stored = report_path(workspace, version, task.target, None)
    stored.parent.mkdir(parents=True)
    stored.write_text(json.dumps(to_plain(report)))
    context = SimpleNamespace(
        workspace=workspace,
        experiment=SimpleNamespace(task=task),
        versions=lambda: {version.id: version},
        journal=SimpleNamespace(events=lambda types: []),
    )
    monkeypatch.setattr(checks, "run_checks", lambda *_, **__: pytest.fail("checked again"))

    assert [(one.kind, one.columns) for one in _cautions._check_cautions(context)] == [
        ("leakage", leak.columns)
    ]
