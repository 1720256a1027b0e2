"""From a run to its next actions, one of them taken, and what was predicted beside what came."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from litmus_core import Studio, train
from litmus_core.cli import app
from litmus_core.errors import UnknownNameError, UsageError
from tests.trained import table


def test_an_action_is_taken_and_its_outcome_kept(tmp_path):
    table(500).to_csv(tmp_path / "shop.csv", index=False)
    workspace = tmp_path / "workspace"
    handle = train(
        tmp_path / "shop.csv", "sold", cards=("lightgbm",), folds=0, time_limit_s=20, workspace=workspace
    )
    run = handle.wait(timeout_s=200).run
    handle.studio.close()

    told = CliRunner().invoke(app, ["improve", run.id, "--workspace", str(workspace), "--json"])
    listed = json.loads(told.stdout)
    keys = [action["key"] for action in listed["actions"]]
    assert "folds" in keys
    said = CliRunner().invoke(app, ["improve", run.id, "--workspace", str(workspace)])
    assert listed["sentence"] in said.stdout
    done = CliRunner().invoke(
        app, ["improve", run.id, "--start", "folds", "--workspace", str(workspace), "--json"]
    )
    outcome = json.loads(done.stdout)["outcome"]

    with Studio.open(workspace) as studio:
        found = studio.actions(run.id)
        assert [action.key for action in found.actions] == keys  # kept, not tried again
        (kept,) = studio.action_outcomes()
        before, after = studio.chosen(run.id), studio.chosen(kept.run_id)
        again = studio.run(kept.run_id)
        with pytest.raises(UnknownNameError, match="folds"):
            studio.apply_action(run.id, "fold")
        with pytest.raises(UsageError, match="Collect more rows"):
            studio.apply_action(run.id, "rows")
    assert outcome["predicted"] == {
        name: getattr(kept.predicted, name) for name in ("value", "low", "high", "measured")
    }
    assert again.plan.folds == 5
    assert again.plan.follows.key == "folds"
    assert kept.validation == pytest.approx(after.validation.value - before.validation.value)
    assert kept.test == pytest.approx(after.test.value - before.test.value)
