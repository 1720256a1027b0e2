"""Actions that make the score true are runs: on a table without copies, split anew, without a column."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from litmus_core import Studio
from litmus_core.errors import UsageError
from litmus_core.experiments import RunsService
from litmus_core.types import (
    Action,
    ActionCost,
    ActionList,
    Experiment,
    Fix,
    Gain,
    Run,
    RunPlan,
    SplitPlan,
    Statement,
    to_plain,
)
from tests.walks import Trainer

COPIES = Fix(kind="drop_duplicates", columns=("day",))
IN_TIME = Fix(kind="split", columns=("day",), split=SplitPlan(kind="time", column="day"))


@pytest.fixture
def judged(studio: Studio, experiment: Experiment, train_to: Callable[..., Trainer]) -> tuple[Run, Trainer]:
    trainer = train_to(0.8, 0.7)
    return trainer.start_run(studio.runs, experiment.id), trainer


def offer(studio: Studio, run: Run, **changes: Any) -> None:
    told: dict[str, Any] = {"key": "k", "kind": "copies", "title": Statement.plain("Make it true")}
    told["statements"] = (Statement.plain("So."),)
    told |= {
        "gain": Gain(value=0, low=0, high=0, measured=0),
        "cost": ActionCost(minutes=1.0),
        "plan": RunPlan(),
    }
    found = ActionList(
        metric="roc_auc", run_id=run.id, actions=(Action(**(told | changes)),), n_rows=0, seconds=0
    )
    path = studio.workspace.run_dir(run.id) / "actions.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(to_plain(found)))


def test_copies_are_left_out_of_a_version_of_its_own(studio: Studio, judged: tuple[Run, Trainer]) -> None:
    run, _ = judged
    offer(studio, run, fix=COPIES)

    began = studio.actions.apply(run.id, "k")

    asked, before = (studio.experiments.get(each.experiment_id) for each in (began, run))
    version = studio.datasets.get(asked.task.dataset_version_id)
    assert version.lineage.fixes == (COPIES,)
    assert asked.name == f"{before.name}, without copies"
    assert asked.task.features == before.task.features
    assert studio.datasets.get(before.task.dataset_version_id).lineage.fixes == ()


def test_a_version_is_gone_where_its_run_cannot_start(
    studio: Studio, judged: tuple[Run, Trainer], monkeypatch: pytest.MonkeyPatch
) -> None:
    run, _ = judged
    offer(studio, run, fix=COPIES)

    def refuses(*_: object) -> None:
        raise UsageError("It cannot go.")

    monkeypatch.setattr(RunsService, "start", refuses)
    n_before = len(studio.store.experiments())
    with pytest.raises(UsageError, match="It cannot go"):
        studio.actions.apply(run.id, "k")

    (dataset,) = studio.store.datasets()
    assert [each.lineage.how for each in studio.store.versions(dataset.dataset_id)] == ["imported"]
    assert len(studio.store.experiments()) == n_before


def test_rows_are_split_anew_into_parts_as_large_as_before(
    studio: Studio, judged: tuple[Run, Trainer]
) -> None:
    run, _ = judged
    offer(studio, run, kind="split", fix=IN_TIME)

    asked = studio.experiments.get(studio.actions.apply(run.id, "k").experiment_id)

    before = studio.experiments.get(run.experiment_id).task.split
    assert (asked.task.split.kind, asked.task.split.column) == ("time", "day")
    assert asked.task.split.test_fraction == before.test_fraction
    assert asked.name.endswith(", split by day")


def test_a_column_is_left_out(studio: Studio, judged: tuple[Run, Trainer]) -> None:
    run, _ = judged
    offer(studio, run, kind="leak", leave_out=("size",))

    asked = studio.experiments.get(studio.actions.apply(run.id, "k").experiment_id)

    assert "size" not in asked.task.features
    assert asked.name.endswith(", without size")


def test_a_list_is_made_anew_where_a_finding_in_it_was_said_to_be_fine(
    studio: Studio, judged: tuple[Run, Trainer]
) -> None:
    run, _ = judged
    offer(studio, run, key="leakage:size", kind="leak", leave_out=("size",))
    assert studio.actions.stored(run.id) is not None

    version = studio.experiments.get(run.experiment_id).task.dataset_version_id
    studio.checks.dismiss(version, ["leakage:size"])

    assert studio.actions.stored(run.id) is None
