"""Where a random split would flatter and nobody says how rows are split, Litmus splits by what it found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from litmus_core import Data, Studio, train
from litmus_core.checks import default_split
from litmus_core.data import split
from litmus_core.types import Finding, Fix, SplitPlan, Task
from tests.panels import visits_of_patients
from tests.walks import Trainer

Asked = Callable[[Any], Task]
BY_PATIENT = SplitPlan(kind="group", column="patient")


@pytest.fixture
def visits(tmp_path: Path) -> Path:
    visits_of_patients().to_csv(tmp_path / "visits.csv", index=False)
    return tmp_path / "visits.csv"


@pytest.fixture
def asked(tmp_path: Path, train_to: Callable[..., Trainer]) -> Asked:
    """Return the task that ``train`` makes of a table."""
    train_to(0.8, 0.8)

    def ask(data: Any) -> Task:
        handle = train(data, "ill", workspace=tmp_path / "workspace")
        with handle.studio:
            return handle.experiment.task

    return ask


def test_rows_of_one_patient_stay_together_and_the_number_is_not_learned_from(
    visits: Path, asked: Asked
) -> None:
    task = asked(visits)
    assert task.split == BY_PATIENT
    assert task.split.is_found
    assert "patient" not in task.features
    note = split(visits_of_patients(), task).note
    assert note.startswith(
        "Rows of one 'patient' stay together: a random split would flatter the score. Choose one"
    )


@pytest.mark.parametrize("said", [{"split": "random"}, {"test": visits_of_patients(seed=1)}])
def test_who_says_how_rows_are_split_is_obeyed(visits: Path, asked: Asked, said: dict[str, Any]) -> None:
    assert asked(Data(visits, **said)).split == SplitPlan()


def test_models_of_a_found_split_are_compared_with_those_of_the_same_one_asked_for(
    visits: Path, asked: Asked
) -> None:
    found, chosen = asked(visits), asked(Data(visits, split="group:patient"))
    assert (found.split.is_found, chosen.split.is_found) == (True, False)
    assert found.split == chosen.split


def test_a_finding_marked_as_fine_splits_nothing(visits: Path, studio: Studio) -> None:
    version = studio.datasets.import_file(visits)
    assert studio.checks.default_split(version.id, "ill") == BY_PATIENT
    (found,) = studio.checks.run(version.id, target="ill", kinds=("structure",)).findings
    studio.checks.dismiss(version.id, [found.key])
    assert studio.checks.default_split(version.id, "ill") is None


def test_the_finding_by_which_a_random_split_flatters_most_decides_and_places_do_not(
    visits: Path, studio: Studio
) -> None:
    version = studio.datasets.import_file(visits)
    (found,) = studio.checks.run(version.id, target="ill", kinds=("structure",)).findings
    later = _by(found, SplitPlan(kind="time", column="height"), score=found.score + 0.1)
    assert default_split(version, [found, later]) == SplitPlan(kind="time", column="height")
    assert default_split(version, [replace(found, severity="warning")]) is None
    places = replace(
        version,
        columns=tuple(
            replace(each, kind="place") if each.name == "patient" else each for each in version.columns
        ),
    )
    assert default_split(places, [found]) is None


def _by(finding: Finding, plan: SplitPlan, *, score: float) -> Finding:
    return replace(finding, score=score, fix=Fix(kind="split", columns=plan.columns, split=plan))
