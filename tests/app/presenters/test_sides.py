"""Two experiments side by side: what stands on each side."""

from __future__ import annotations

from app.presenters.results.leaderboards import present_side_by_side
from tests.app.presenters.facts import summary, verdict


def test_each_side_says_how_many_runs_it_took():
    ready = summary(1, judged=verdict("meets"), name="ready")
    view = present_side_by_side(ready, ready, n_evaluations=(1, 1))

    assert dict(view.left.facts)["Runs"] == str(ready.n_runs)
    assert ready.n_runs > 0
