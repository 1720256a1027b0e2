"""What the shell says comes next after a run: by its verdict."""

from __future__ import annotations

from dataclasses import replace

import pytest
from typer.testing import CliRunner

from litmus_core.cli import app
from litmus_core.store import Workspace
from litmus_core.types import Caution, RunJudged
from tests.app.presenters.facts import TOO_BIG, TOO_SLOW
from tests.app.world import RUN, World, verdict

COPIES = Caution(kind="duplicate_rows", n_rows=77, n_test=100)
NOT_CHECKED = Caution(kind="not_checked", error="ValueError")


@pytest.mark.parametrize(
    ("judged", "said"),
    [
        ({"outcome": "meets"}, "Next: litmus export"),
        ({"outcome": "no bar"}, "Next: litmus export"),
        ({"outcome": "misses narrowly"}, f"Next: litmus improve {RUN}"),
        ({"outcome": "misses"}, f"Next: litmus improve {RUN}"),
        ({"outcome": "undecided"}, f"Next: litmus improve {RUN}"),
        ({"outcome": "meets", "excesses": (TOO_SLOW,)}, f"Next: litmus improve {RUN}"),
        ({"outcome": "meets", "excesses": (TOO_BIG,)}, f"Next: litmus improve {RUN}"),
        ({"outcome": "meets", "cautions": (COPIES,)}, f"Next: litmus improve {RUN}"),
        ({"outcome": "no bar", "cautions": (NOT_CHECKED,)}, "Next: litmus export"),
    ],
)
def test_after_a_miss_it_is_what_would_help_else_the_export(judged, said):
    world = World(Workspace.locate())
    experiment = world.experiment()
    chosen = world.run(experiment, outcome=judged["outcome"])[0]
    told = replace(verdict(judged["outcome"], chosen, experiment.task), **judged)
    world.journal.append(RunJudged(run_id=RUN, candidate_id=chosen.id, verdict=told))

    shown = CliRunner().invoke(app, ["leaderboard", RUN])

    assert shown.exit_code == 0, shown.output
    assert said in shown.stdout
