"""From one file of one's own to a run that uses all its parts by their names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from litmus_core import Training
from litmus_core.cli import app
from litmus_core.errors import UnknownNameError, UsageError
from litmus_core.experiments import Studio, train
from tests.trained import table

PARTS = '''
from typing import Annotated

import numpy as np

from beside import HALF
from litmus_core.plugins import Range, algorithm, metric, postprocessor, preprocessor


@preprocessor
class Doubled:
    def transform(self, frame):
        return frame.assign(twice=frame["size"] * 2)


@algorithm
class Shares:
    """Answers with the classes' shares, and a little of the first column."""

    def __init__(self, slope: Annotated[float, Range(0, 1)] = 0.1):
        self.slope = slope

    def fit(self, X, y):
        self.share_ = float(np.mean(y))
        self.sign_ = float(np.sign(np.corrcoef(X[:, 0], y)[0, 1]))
        return self

    def predict_proba(self, X):
        p = np.clip(self.share_ + self.slope * self.sign_ * np.tanh(X[:, 0]), 0.01, 0.99)
        return np.column_stack([1 - p, p])


@postprocessor
class Halfway:
    def apply(self, answers, rows):
        return HALF * answers + HALF / answers.shape[1]


@metric(needs="labels", greater_is_better=True, low=0, high=1)
def hits(truth, answer):
    return float(np.mean(truth == answer))
'''


def run(*words: object) -> object:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "beside.py").write_text("HALF = 0.5\n")
    (tmp_path / "parts.py").write_text(PARTS)
    return tmp_path / "parts.py"


@pytest.mark.exhaustive(
    reason="docs/guides/plugins.md adds a file and trains with it; test_doors.py asks for a "
    "plug-in's model by its name"
)
def test_one_command_makes_a_file_ready_and_its_parts_go_by_name(file, tmp_path):
    table(n_rows=240).to_csv(tmp_path / "shop.csv", index=False)
    home = tmp_path / "workspace"

    added = run("plugins", "add", file, "--workspace", home)
    assert added.exit_code == 0, added.output
    assert "Next: litmus train FILE --target COL --pre Doubled --algorithm Shares" in added.stdout
    assert sorted(each.name for each in (home / "plugins").glob("*.py")) == ["beside.py", "parts.py"]

    refused = run(
        "train", tmp_path / "shop.csv", "--target", "sold", "--algorithm", "Shares(slope=7)",
        "--workspace", home,
    )  # fmt: skip
    assert "slope of Shares is between 0 and 1, not 7." in refused.stderr

    trained = run(
        "train", tmp_path / "shop.csv", "--target", "sold", "--pre", "Doubled", "--post", "Halfway",
        "--algorithm", "Shares(slope=0.2)", "--metric", "hits", "--folds", 0, "--time-limit", 30,
        "--workspace", home, "--json",
    )  # fmt: skip
    assert trained.exit_code == 0, trained.stderr
    report = json.loads(trained.stdout)
    assert report["best"]["metric"] == "hits"
    assert {each["name"] for each in report["leaderboard"]} == {
        "Shares, slope=0.2",
        "Shares, slope=0.2, then Halfway",
    }
    with Studio.open(home) as studio:
        plan = studio.runs.get(report["run"]).plan
    assert [each.name for each in (*plan.preprocess, *plan.postprocess)] == ["Doubled", "Halfway"]
    assert [each.name for each in plan.algorithms[0].hyperparameters] == ["slope"]


def test_another_file_of_that_name_is_only_replaced_when_that_is_said(file, tmp_path):
    with Studio.open(tmp_path / "workspace") as studio:
        there = studio.workspace.path / "plugins" / "parts.py"
        there.parent.mkdir()
        there.write_text("# mine\n")
        with pytest.raises(UsageError, match=r"another parts\.py"):
            studio.plugins.add(file)
        assert there.read_text() == "# mine\n"

        assert all(each.passed for each in studio.plugins.add(file, replaces=True))
        assert {each.state for each in studio.plugins.list(built_in=False) if each.described} == {"ready"}


def test_a_file_that_is_only_copied_is_named_as_not_trusted(file, tmp_path):
    table(n_rows=60).to_csv(tmp_path / "shop.csv", index=False)
    with Studio.open(tmp_path / "workspace") as studio:
        folder = studio.workspace.path / "plugins"
        folder.mkdir()
        (folder / "parts.py").write_text(file.read_text().replace("from beside import HALF", "HALF = 0.5"))
    for wish in (
        {"algorithm": "Shares"},
        {"training": Training(postprocess="Halfway")},
        {"training": Training(preprocess="Doubled")},
    ):
        with pytest.raises(UnknownNameError, match=r"Not trusted yet: plugins/parts\.py"):
            train(tmp_path / "shop.csv", "sold", workspace=tmp_path / "workspace", **wish)


def test_what_holds_no_plug_in_is_not_copied(tmp_path):
    (tmp_path / "plain.py").write_text("class Plain:\n    pass\n")
    with Studio.open(tmp_path / "workspace") as studio:
        with pytest.raises(UsageError, match="holds no plug-in"):
            studio.plugins.add(tmp_path / "plain.py")
        assert not (studio.workspace.path / "plugins" / "plain.py").exists()


def test_a_name_that_litmus_has_itself_is_said_when_the_file_is_added(tmp_path):
    (tmp_path / "twin.py").write_text(
        "from litmus_core.plugins import postprocessor\n\n\n@postprocessor\nclass cap:\n"
        "    def apply(self, answers, rows):\n        return answers\n"
    )
    result = run("plugins", "add", tmp_path / "twin.py", "--workspace", tmp_path / "workspace")
    assert result.exit_code == 1
    assert "cap cannot be used: Litmus itself has a post-processor called 'cap'." in result.stdout


def test_an_algorithm_that_is_not_there_gets_the_nearest_name(tmp_path):
    table(n_rows=60).to_csv(tmp_path / "shop.csv", index=False)
    with pytest.raises(UnknownNameError, match="Did you mean 'lightgbm'"):
        train(tmp_path / "shop.csv", "sold", algorithm="lightgmb")
