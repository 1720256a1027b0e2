"""Answers in the words of a task's own kind of question."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from litmus_core.data import baselines, check_task, import_table, read_labels, with_task_target
from litmus_core.errors import DataError, UsageError
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion, PluginRef, Task

ABOVE = PluginRef(point="task_type", reference="above", parameters=(("limit", 2.5),), name="above")


@pytest.fixture(scope="module")
def waits(tmp_path_factory):
    folder = tmp_path_factory.mktemp("waits")
    minutes = [1.0, 2.0, 3.0, 40.0, None] * 20
    frame = pd.DataFrame({"minutes": minutes, "queue": [1, 2, 5, 9, 1] * 20, "who": ["a", "b"] * 50})
    frame.to_csv(folder / "waits.csv", index=False)
    workspace = Workspace(folder / "workspace").create()
    return workspace, import_table(workspace, folder / "waits.csv", name="waits")


def asked(version: DatasetVersion, part: PluginRef, **facts) -> Task:
    return Task(
        dataset_version_id=version.id, target="minutes", features=("queue", "who"), task_type=part, **facts
    )


def above(version: DatasetVersion) -> Task:
    return asked(version, ABOVE, problem_type="binary", metric="accuracy", positive_class="yes")


def test_above_says_yes_over_the_line_and_nothing_where_nothing_is_known(waits):
    workspace, version = waits
    answers = read_labels(workspace, version, above(version))

    assert answers[:5].tolist() == ["no", "no", "yes", "yes", None]


def test_checks_and_baselines_see_the_answers(waits):
    workspace, version = waits
    task = above(version)
    check_task(version, task, workspace=workspace)
    column = with_task_target(workspace, version, task).column("minutes")
    guess, _ = baselines(workspace, version, task)

    assert (column.storage, column.n_distinct, column.n_missing) == ("VARCHAR", 2, 20)
    assert guess.value == pytest.approx(0.5, abs=0.1)
    assert "Always guessing" in guess.sentence


def test_a_line_that_nothing_is_above_of_is_no_question(waits):
    workspace, version = waits
    task = replace(above(version), task_type=replace(ABOVE, parameters=(("limit", 99.0),)))

    with pytest.raises(
        DataError, match=r"As above\(limit=99.0\), all rows of 'minutes' have the answer 'no'"
    ):
        check_task(version, task, workspace=workspace)


def test_ratio_names_the_offset_that_would_do(waits):
    workspace, version = waits
    ratio = PluginRef(point="task_type", reference="ratio", parameters=(("offset", -1.0),), name="ratio")

    with pytest.raises(
        DataError, match="20 rows of 'waits' have no logarithm: 'minutes' is 1 there"
    ) as error:
        check_task(
            version, asked(version, ratio, problem_type="regression", metric="mae"), workspace=workspace
        )
    assert "ratio(offset=1)" in error.value.hint


def test_above_needs_numbers(waits):
    workspace, version = waits
    task = replace(above(version), target="who", features=("queue",))

    with pytest.raises(UsageError, match="'who' of 'waits' holds no numbers"):
        check_task(version, task, workspace=workspace)
