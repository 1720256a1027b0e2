"""``litmus train`` where something that was named does not run: the rest is shown, and the status is 1."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from litmus_core.cli import app
from tests.trained import table

_CODE = """
class Raises:
    def fit(self, X, y):
        raise ValueError("no luck")

    def predict_proba(self, X):
        return X


class Looks:
    def transform(self, frame):
        return frame.assign(double=2 * frame["siez"])
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    table(240).to_csv(tmp_path / "shop.csv", index=False)
    (tmp_path / "ours.py").write_text(_CODE)
    return tmp_path


def litmus_train(shop: Path, *more: str):
    asked = ["train", str(shop / "shop.csv"), "--target", "sold", "--time-limit", "10", "--family", "linear"]
    place = ["--folds", "0", "--workspace", str(shop / "workspace"), "--json"]
    return CliRunner().invoke(app, [*asked, *place, *more])


def test_a_model_that_raises_costs_the_status_and_not_the_leaderboard(shop: Path) -> None:
    done = litmus_train(shop, "--model", f"{shop / 'ours.py'}:Raises")
    report = json.loads(done.stdout)

    assert done.exit_code == 1
    assert report["status"] == "failed"
    assert report["missing"] == ["Your model Raises stopped: ValueError: no luck, in line 4 of ours.py."]
    assert [each["name"] for each in report["leaderboard"]] == ["Linear model"]
    assert report["verdict"]["score"]["n_rows"] > 0
    assert "Your model Raises stopped" in done.stderr


def test_nothing_is_trained_without_the_pre_processor_that_was_named(shop: Path) -> None:
    done = litmus_train(shop, "--pre", f"{shop / 'ours.py'}:Looks")
    report = json.loads(done.stdout)

    assert done.exit_code == 1
    assert report["error"]["message"] == (
        "Your pre-processor Looks stopped: KeyError: 'siez', in line 12 of ours.py."
    )
    assert report["error"]["hint"].startswith("Nothing was trained, because the run needs it.")
