"""``litmus continue``: refused in words, and both sides in one table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from litmus_core.cli import app
from litmus_core.cli._warm_start import as_text
from litmus_core.experiments import Comparison
from litmus_core.types import Candidate, Score
from tests.trained import Trained


def refused(*words: object) -> Any:
    result = CliRunner().invoke(app, [*map(str, words), "--json"])
    assert result.exit_code == 2
    return json.loads(result.stdout)["error"]


def test_a_candidate_that_is_not_there_is_said(tmp_path: Path) -> None:
    said = refused("continue", "run_1-lightgbm", "--workspace", tmp_path / "workspace")

    assert said["type"] == "NotFoundError"


@pytest.mark.parametrize(
    ("card", "words"),
    [("lightgbm", "has no new row with a 'sold'"), ("linear", "'Linear model' cannot go on learning")],
)
def test_what_cannot_go_on_is_said_before_anything_starts(trained: Trained, card: str, words: str) -> None:
    version = trained.experiment.task.dataset_version_id
    candidate = f"{trained.run.id}-{card}"

    said = refused("continue", candidate, "--data", version, "--workspace", trained.workspace)

    assert words in said["message"]


def candidate(value: float, fit_s: float, **facts: Any) -> Candidate:
    test = Score(metric="accuracy", value=value, low=value - 0.01, high=value + 0.01, n_rows=300)
    plain: dict[str, Any] = {
        "run_id": "r",
        "experiment_id": "e",
        "is_ensemble": False,
        "family_kind": "boosting",
    }
    return Candidate(model="m", family="lightgbm", fit_s=fit_s, test=test, **plain, **facts)


def test_both_sides_are_shown_with_their_scores_and_seconds() -> None:
    both = Comparison(
        before=None,
        continued=candidate(0.91, 1.5, id="run_2-m", name="Trees: continued"),
        retrained=candidate(0.95, 9.0, id="run_3-m", name="Trees"),
    )

    said = as_text(both, []).splitlines()

    assert said[0].startswith("On the same 300 test rows the continued model scores accuracy 0.91")
    assert "retraining is ahead." in said[0]
    rows = [line.split() for line in said if "run_" in line and "litmus" not in line]
    assert [(row[0], row[-1]) for row in rows] == [("continued", "run_2-m"), ("retrained", "run_3-m")]
    assert said[-1] == "Next: litmus export run_2-m --to model.zip"
