"""What ``litmus train`` prints for people."""

from __future__ import annotations

from typing import Any

import pytest

from litmus_core.cli._progress import watch
from litmus_core.cli._session import table
from litmus_core.cli._training import run_text
from litmus_core.types import Progress


def test_figures_in_a_table_have_no_exponent() -> None:
    lines = table([{"score": value} for value in (10740.4, 702.13, 0.012984, -28019.2)]).split("\n")
    assert [line.strip() for line in lines] == ["score", "10,740", "702.1", "0.01298", "-28,019"]


class _Handle:
    """A run that trains and then finishes, as ``watch`` reads it."""

    run_id = "run_a"
    status, id, message = "finished", "run_a", "Linear model has the best validation score."

    @property
    def studio(self) -> Any:
        return self

    runs = tracking = studio

    def mirror(self, run_id: str) -> None:
        """Nothing mirrors it."""

    def wait(self, run_id: str, *, on_progress: Any) -> Any:
        for status, message in (("running", "Training Linear model"), ("finished", self.message)):
            on_progress(
                Progress(
                    run_id=run_id,
                    status=status,  # type: ignore[arg-type]
                    stage=None,
                    message=message,
                    elapsed_s=1.0,
                    remaining_s=None,
                    n_trained=1,
                    training_now=None,
                    best=None,
                )
            )
        return self


def test_scores_of_money_have_its_sign_in_the_table_of_models() -> None:
    line = {
        "candidate": "run-m",
        "name": "m",
        "chosen": True,
        "validation": 12_345.6,
        "test": None,
        "also_validation": {},
        "also_test": {},
        "latency_ms": {},
        "size_bytes": None,
        "abstained": None,
    }
    verdict = {
        "sentence": "It meets.",
        "cautions": [],
        "outcome": "meets",
        "excesses": [],
        "score": {"metric": "mae"},
        "cases": {"unit": "EUR"},
    }
    report = {
        "verdict": verdict,
        "leaderboard": [line],
        "best": None,
        "steps": None,
        "message": "",
        "experiment": "ex",
        "run": "run",
    }
    assert "m      €12,346     -" in run_text(report)
    assert "€" not in run_text(report | {"verdict": verdict | {"score": {"metric": "r2"}}})


def test_the_last_message_is_left_to_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    assert watch(_Handle()).message == _Handle.message  # type: ignore[arg-type]
    said = capsys.readouterr().err
    assert "Training Linear model" in said
    assert "best validation score" not in said
