"""Runs on more rows than fit into memory: a sample is drawn, parted, kept, and taken again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.data import import_table, read_rows, split
from litmus_core.errors import DataError
from litmus_core.jobs._memory_budget import MemoryBudget, memory_budget
from litmus_core.jobs._run_data import RunData, prepare, reopen
from litmus_core.jobs._sample import is_sample, sample_message
from litmus_core.jobs._stages.larger_sample import more_rows_note, trial_data_of
from litmus_core.jobs._stages.warm_start import check_all_present
from litmus_core.store import Workspace
from litmus_core.types import Compression, Compute, DatasetVersion, Resources, RunPlan, SplitPlan, Task

N_ROWS = 6_000
BYTES = 8 + 8 + 61  # of a row of a, b and the target, about
ROOM = MemoryBudget(memory_gb=1.0, given_gb=1.0)  # for more than all rows


class Scarce(MemoryBudget):
    """Room for 1,000 rows, the fewest that there are."""

    @property
    def frame_bytes(self) -> float:
        return 1.0


SCARCE = Scarce(memory_gb=0.5, given_gb=0.5)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace").create()


def table(workspace: Workspace, folder: Path, n_rows: int = N_ROWS, start: int = 0) -> DatasetVersion:
    at = np.arange(start, start + n_rows)
    label = np.where(at % 600 == 5, "rare", np.where(at % 3 == 0, "yes", "no"))
    frame = pd.DataFrame({"a": at * 17 % 1009, "b": at / 7, "shop": at // 20, "sold": label})
    frame.loc[at % 100 == 50, "sold"] = None
    frame.to_csv(folder / f"t{start}.csv", index=False)
    return import_table(workspace, folder / f"t{start}.csv")


def task_on(version: DatasetVersion, **parts: Any) -> Task:
    return Task(
        dataset_version_id=version.id,
        target="sold",
        problem_type="multiclass",
        metric="accuracy",
        features=("a", "b"),
        **parts,
    )


def prepared(workspace: Workspace, task: Task, *versions: DatasetVersion, **how: Any) -> tuple[RunData, Path]:
    folder = workspace.path / f"run{len(list(workspace.path.glob('run*')))}"
    folder.mkdir()
    by_id = {each.id: each for each in versions}
    return prepare(workspace, task, by_id.__getitem__, folder=folder, **how), folder


def test_where_all_rows_fit_nothing_is_drawn(workspace: Workspace, tmp_path: Path):
    version = table(workspace, tmp_path)
    task = task_on(version)

    data, folder = prepared(workspace, task, version, budget=ROOM)
    other, before = prepared(workspace, task, version)

    assert data.places is None
    assert (folder / "parts.parquet").read_bytes() == (before / "parts.parquet").read_bytes()
    assert data.frame.equals(other.frame)
    parts = split(read_rows(workspace, version, columns=["a", "b", "sold"]), task)
    assert data.index("test").tolist() == parts.test.tolist()
    assert data.note == parts.note


def test_where_not_all_rows_fit_a_sample_is_parted_and_said(workspace: Workspace, tmp_path: Path):
    version = table(workspace, tmp_path)

    data, _ = prepared(workspace, task_on(version), version, budget=SCARCE)

    assert len(data.frame) == 1_000
    assert data.note.startswith(
        "Trained and tested on 1,000 of 6,000 rows: more do not fit into 0.5 GB. "
        "60 rows without 'sold' were not drawn."
    )


def test_a_rare_class_is_as_rare_in_the_sample_as_in_the_table(workspace: Workspace, tmp_path: Path):
    version = table(workspace, tmp_path)

    data, _ = prepared(workspace, task_on(version), version, budget=SCARCE)

    assert (data.frame["sold"] == "rare").sum() == 2


def test_a_run_that_goes_on_has_its_own_rows_whatever_fits_now(workspace: Workspace, tmp_path: Path):
    version = table(workspace, tmp_path)
    task = task_on(version)
    data, folder = prepared(workspace, task, version, budget=SCARCE)

    again = prepare(workspace, task, {version.id: version}.__getitem__, folder=folder, budget=ROOM)

    assert again.places.tolist() == data.places.tolist()
    assert again.part.tolist() == data.part.tolist()


def test_rows_that_all_fit_now_are_taken_whatever_an_earlier_run_had(workspace: Workspace, tmp_path: Path):
    version = table(workspace, tmp_path)
    task = task_on(version)
    _, before = prepared(workspace, task, version, budget=SCARCE)

    data, _ = prepared(
        workspace, task, version, budget=MemoryBudget(memory_gb=1.0, given_gb=0.5), before=[before]
    )

    assert data.places is None


def test_a_small_table_is_never_cut_by_what_happens_to_be_free():
    assert MemoryBudget(memory_gb=0.3).n_rows(660.0) >= 150_000
    assert MemoryBudget(memory_gb=0.3, given_gb=0.3).n_rows(660.0) < 10_000


def test_the_rows_drawn_are_those_of_the_table(workspace: Workspace, tmp_path: Path):
    version = table(workspace, tmp_path)

    data, _ = prepared(workspace, task_on(version), version, budget=SCARCE)

    assert data.places is not None
    there = read_rows(workspace, version, columns=["a", "b", "sold"]).iloc[data.places]
    assert data.frame.equals(there.reset_index(drop=True))
    assert data.places_of(np.array([0, 5])).tolist() == data.places[[0, 5]].tolist()
    assert data.positions_of((int(data.places[3]), -1)) == (3,)


def test_a_sample_is_reopened_as_it_was(workspace: Workspace, tmp_path: Path):
    version = table(workspace, tmp_path)
    task = task_on(version, split=SplitPlan(kind="group", column="shop"))
    data, folder = prepared(workspace, task, version, budget=SCARCE)

    again = reopen(workspace, task, {version.id: version}.__getitem__, folder=folder)

    assert again.frame.equals(data.frame)
    assert again.part.tolist() == data.part.tolist()
    assert again.block is not None
    assert again.block.tolist() == data.block.tolist()
    assert again.note == data.note
    assert is_sample(folder)
    assert sample_message(folder).startswith("Trained and tested on ")
    assert sample_message(tmp_path) == ""
    shops = [set(data.rows(name)["shop"]) for name in ("train", "validation", "test")]
    assert not (shops[0] & shops[2])
    assert not (shops[1] & shops[2])


def test_by_time_the_latest_rows_of_the_sample_test(workspace: Workspace, tmp_path: Path):
    version = table(workspace, tmp_path)
    task = task_on(version, split=SplitPlan(kind="time", column="b"))

    data, _ = prepared(workspace, task, version, budget=SCARCE)

    assert data.rows("train")["b"].max() < data.rows("test")["b"].min()
    assert data.rows("test")["b"].min() == pytest.approx(0.8 * N_ROWS / 7, rel=0.05)


def test_own_test_rows_are_kept_whole_where_they_are_few(workspace: Workspace, tmp_path: Path):
    version, own = table(workspace, tmp_path), table(workspace, tmp_path, n_rows=150, start=N_ROWS)
    task = task_on(version, test_version_id=own.id)

    data, _ = prepared(workspace, task, version, own, budget=SCARCE)

    tested = data.places_of(data.index("test"))
    assert tested.tolist() == [N_ROWS + at for at in range(150) if (N_ROWS + at) % 100 != 50]
    assert data.rows("test")["b"].min() == pytest.approx(N_ROWS / 7)


def test_the_next_run_of_an_experiment_takes_the_same_rows(workspace: Workspace, tmp_path: Path):
    version = table(workspace, tmp_path)
    task = task_on(version)
    first, folder = prepared(workspace, task, version, budget=SCARCE)

    class Roomier(Scarce):
        def n_rows(self, bytes_per_row: float) -> int:
            return 1_900

    roomier = Roomier(memory_gb=0.9, given_gb=0.5)
    again, _ = prepared(workspace, task, version, budget=roomier, before=(tmp_path, folder), also=("shop",))
    asked, _ = prepared(workspace, task, version, budget=Roomier(memory_gb=2, given_gb=2.0), before=(folder,))
    refining, _ = prepared(workspace, task, version, budget=None, before=(folder,))

    assert again.places.tolist() == first.places.tolist()  # type: ignore[union-attr]
    assert again.part.tolist() == first.part.tolist()
    assert "shop" in again.frame
    assert len(asked.frame) > 1_850  # somebody gave it more memory
    assert refining.places.tolist() == first.places.tolist()  # type: ignore[union-attr]


def test_a_model_of_a_sample_does_not_go_on(workspace: Workspace, tmp_path: Path):
    version = table(workspace, tmp_path)
    data, folder = prepared(workspace, task_on(version), version, budget=SCARCE)

    with pytest.raises(DataError, match="trained on a sample"):
        check_all_present(folder)
    with pytest.raises(DataError, match="do not fit into memory"):
        check_all_present(tmp_path, data)


def test_memory_that_a_plan_gives_is_what_a_run_takes():
    assert memory_budget(RunPlan(compute=Compute(train=Resources(memory_gb=4)))) == MemoryBudget(
        memory_gb=4, given_gb=4
    )
    free = memory_budget(RunPlan())
    assert free is not None
    assert free.given_gb is None
    assert free.memory_gb > 0
    on_ray = memory_budget(RunPlan(compute=Compute(where="ray", train=Resources(memory_gb=4))))
    assert on_ray is not None
    assert on_ray.given_gb is None
    refining = Compression(candidate_id="c", run_id="r", model="m", shares=())
    assert memory_budget(RunPlan(origin=refining)) is None


def test_a_run_on_a_sample_says_what_twice_the_rows_would_bring(workspace: Workspace, tmp_path: Path):
    version = table(workspace, tmp_path)
    task = task_on(version)
    sampled, _ = prepared(workspace, task, version, budget=SCARCE)
    whole, _ = prepared(workspace, task, version)

    assert more_rows_note(sampled, task, seconds=1).startswith("Twice the rows would bring ")
    assert more_rows_note(whole, task, seconds=1) == ""
    assert trial_data_of(sampled, task).frame.index.isin(sampled.places).all()
