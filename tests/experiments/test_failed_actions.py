"""Actions that brought too little on the same data are not offered again; those that helped are."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from litmus_core.advice import action_list_sentence
from litmus_core.experiments import Studio
from litmus_core.experiments._actions import failed
from litmus_core.store import Workspace
from litmus_core.types import (
    Action,
    ActionCost,
    ActionList,
    ActionOutcome,
    ActionTaken,
    Gain,
    Statement,
    to_plain,
)
from tests.app.world import RUN, SECOND_RUN, World

GAIN = Gain(value=0.02, low=0.005, high=0.035, measured=0.03)
FOLLOWS = ActionTaken(run_id=RUN, key="tune", kind="tune", gain=GAIN)


def offered(monkeypatch, *, follows=FOLLOWS, validation=None, test=None, fair=True) -> ActionList:
    """Return the list of the first run after its action brought so much."""
    world = World(Workspace.locate())
    world.run(world.experiment(), outcome="misses", diagnosed=False)
    world.worse_run(world.asked, follows=follows)
    came = ActionOutcome(
        run_id=SECOND_RUN,
        follows_run_id=RUN,
        key=follows.key,
        kind=follows.kind,
        predicted=follows.gain,
        validation=validation,
        test=test,
    )
    monkeypatch.setattr(failed, "outcome_of", lambda *_: came)
    monkeypatch.setattr(failed, "validated_alike", lambda *_: fair)
    names = (("tune", "Look for better settings"), ("rows", "Collect more rows"))
    actions = tuple(
        Action(
            key=key,
            kind=key,
            title=Statement.of(key, "title"),
            gain=GAIN,
            cost=ActionCost(minutes=1.0),
        )
        for key, title in names
    )
    listed = ActionList(metric="accuracy", run_id=RUN, actions=actions, n_rows=9, seconds=1.0)
    folder = world.workspace.run_dir(RUN)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "actions.json").write_text(json.dumps(to_plain(listed)))
    with Studio.open() as studio:
        found = studio.actions.stored(RUN)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("came", "left"),
    [
        ({"validation": 0.009}, ["rows"]),  # less than half of 0.02
        ({"validation": 0.011}, ["tune", "rows"]),
        ({"validation": 0.011, "test": -0.01}, ["tune", "rows"]),  # test rows choose nothing
        ({"validation": 0.011, "test": -0.01, "fair": False}, ["rows"]),
        ({"validation": -0.01, "test": 0.02, "fair": False}, ["rows"]),  # the earlier model still leads
        ({}, ["tune", "rows"]),  # not known yet
    ],
)
def test_what_brought_less_than_half_of_its_promise_is_not_offered_again(monkeypatch, came, left) -> None:
    found = offered(monkeypatch, **came)

    assert [each.key for each in found.actions] == left
    assert [each.action.key for each in found.failed] == [key for key in ("tune", "rows") if key not in left]


def test_the_summary_no_longer_leads_with_what_failed(monkeypatch) -> None:
    found = offered(monkeypatch, validation=-0.01)

    assert action_list_sentence(found) == "Collect more rows: it should bring +2.0 points."
    assert [(each.brought, each.promised) for each in found.failed] == [(-0.01, 0.02)]


def test_an_action_that_promised_no_gain_cannot_fail(monkeypatch) -> None:
    unknown = replace(FOLLOWS, gain=Gain(value=0.0, low=0.0, high=0.0, measured=0.0, is_known=False))

    assert not offered(monkeypatch, follows=unknown, validation=-0.01).failed
