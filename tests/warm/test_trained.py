"""A training is given to another one of a session where it is the same, and carried out otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from litmus_core.jobs import RunContext
from litmus_core.store import Workspace
from litmus_core.types import (
    DatasetImported,
    DatasetVersion,
    Experiment,
    Folds,
    PluginRef,
    RepeatedRun,
    RunEnded,
    RunPlan,
    RunStage,
    Task,
)
from tests.warm.trained import FOLDER, KEPT, keep_trainings

PLAN = RunPlan(families=("linear",))


@pytest.fixture
def train(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[RunContext], RunEnded]:
    """Trainings that say how many there were before them, and name their run and experiment in a file."""
    monkeypatch.setenv(FOLDER, str(tmp_path / "kept"))
    monkeypatch.delenv(KEPT, raising=False)
    made: list[str] = []

    def train(context: RunContext) -> RunEnded:
        made.append(context.run_id)
        told = {"run": context.run_id, "experiment": context.experiment.id}
        (context.folder / "spec.json").write_text(json.dumps(told))
        (context.folder / "worker.log").write_text(context.run_id)
        context.report(RunStage(run_id=context.run_id, stage="fit", message="Training"))
        status: Any = "stopped" if context.plan.folds == Folds(7) else "finished"
        return RunEnded(run_id=context.run_id, status=status, message=f"{len(made)}")

    return keep_trainings(train)


def context(tmp_path: Path, letter: str, *, content: str = "a", n_seen: int = 1, **changes: Any) -> Any:
    """Return a run whose ids end in ``letter``, and the facts that it reports."""
    home = tmp_path / f"home {letter} {len(list(tmp_path.iterdir()))}"
    folder = home / "workspace" / "runs" / f"run_00000{letter}"
    folder.mkdir(parents=True)
    version = DatasetVersion(
        id=f"dv_00000{letter}", dataset_id="shop", name="shop", version=1, path="", n_rows=9, n_bytes=9,
        content_hash=content, columns=(), source="", created_at="",
    )  # fmt: skip
    task = Task(
        dataset_version_id=version.id, target="sold", features=("size",), problem_type="binary",
        metric="roc_auc",
    )  # fmt: skip
    experiment = Experiment(id=f"ex_00000{letter}", name="shop: sold", task=task, created_at=letter)
    imported = SimpleNamespace(fact=DatasetImported(version=version))
    facts: list[Any] = []
    given = {"number": 1, "plan": PLAN, "experiment": experiment} | changes
    run = RunContext(
        workspace=Workspace(home / "workspace"),
        journal=SimpleNamespace(
            events=lambda types: [imported] if types == [DatasetImported] else n_seen * [None]
        ),
        run_id=folder.name,
        folder=folder,
        stop_requested=lambda: False,
        report=facts.append,
        started=0.0,
        **given,
    )
    return run, facts


def test_the_same_training_is_given_with_the_ids_of_the_other_run(
    tmp_path: Path, train: Callable[[RunContext], RunEnded]
) -> None:
    first, told = context(tmp_path, "a")
    second, told_again = context(tmp_path, "b")
    (second.folder / "worker.log").write_text("its own")

    ended, ended_again = train(first), train(second)

    assert (ended.message, ended_again.message) == ("1", "1")
    assert ended_again == replace(ended, run_id="run_00000b")
    assert told_again == [replace(told[0], run_id="run_00000b")]
    spec = json.loads((second.folder / "spec.json").read_text())
    assert spec == {"run": "run_00000b", "experiment": "ex_00000b"}
    assert (second.folder / "worker.log").read_text() == "its own"


@pytest.mark.parametrize(
    "changes",
    [
        {"content": "b"},
        {"n_seen": 2},
        {"number": 2},
        {"plan": replace(PLAN, families=("lightgbm",))},
        {"plan": replace(PLAN, compute=replace(PLAN.compute, time_limit_s=9.0))},
        {"plan": replace(PLAN, origin=RepeatedRun(run_id="run_99999c"))},
        {"plan": replace(PLAN, hooks=(PluginRef(reference="Diary", point="hook"),))},
        {"plan": replace(PLAN, postprocess=(PluginRef(reference="Diary", point="postprocessor"),))},
    ],
    ids=str,
)
def test_another_training_is_carried_out(
    tmp_path: Path, train: Callable[[RunContext], RunEnded], changes: dict[str, Any]
) -> None:
    for letter, given in (("a", {}), ("b", changes), ("c", changes)):
        ended = train(context(tmp_path, letter, **given)[0])
    always = any(name in str(changes) for name in ("run_99999c", "Diary"))
    assert ended.message == ("3" if always else "2")


def test_a_training_that_did_not_finish_is_carried_out_again(
    tmp_path: Path, train: Callable[[RunContext], RunEnded]
) -> None:
    said = [train(context(tmp_path, each, plan=replace(PLAN, folds=Folds(7)))[0]).message for each in "ab"]
    assert said == ["1", "2"]


def test_a_later_session_is_given_what_lies_where_all_of_them_keep(
    tmp_path: Path, train: Callable[[RunContext], RunEnded], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEPT, str(tmp_path / "of all sessions"))
    said = []
    for letter in "ab":
        monkeypatch.setenv(FOLDER, str(tmp_path / f"session {letter}"))
        said.append(train(context(tmp_path, letter)[0]).message)
    assert said == ["1", "1"]


@pytest.mark.parametrize("damage", ["facts.pkl", "run/spec.json", "digest", "run/more.json"])
def test_what_is_damaged_or_cut_short_is_trained_again(
    tmp_path: Path, train: Callable[[RunContext], RunEnded], damage: str
) -> None:
    train(context(tmp_path, "a")[0])
    (kept,) = (tmp_path / "kept").iterdir()
    (kept / damage).write_text("{}")
    assert [train(context(tmp_path, each)[0]).message for each in "bc"] == ["2", "2"]


def test_who_does_not_ask_for_it_trains(
    tmp_path: Path, train: Callable[[RunContext], RunEnded], monkeypatch: pytest.MonkeyPatch
) -> None:
    train(context(tmp_path, "a")[0])
    monkeypatch.delenv(FOLDER)
    assert train(context(tmp_path, "b")[0]).message == "2"
