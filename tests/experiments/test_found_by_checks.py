"""What the table's checks found is said beside a list that could not try it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from litmus_core.experiments._found_by_checks import notes_of_checks
from litmus_core.types import Action, ActionList, Gain
from tests.app.presenters.facts import task

LEAK = Action(
    key="leak", kind="leak", title="Leave 'told' out", sentence="", evidence="", minutes=1.0,
    gain=Gain(value=0.0, low=0.0, high=0.0, measured=0.0),
)  # fmt: skip


@pytest.mark.parametrize(
    ("report", "leaks", "actions", "said"),
    [
        (None, (), (), "checks were not made"),
        (
            object(),
            ("told", "code"),
            (),
            "The answer is given away by 'told', 'code': no score here is true.",
        ),
        (object(), ("told",), (LEAK,), ""),
        (object(), (), (), ""),
    ],
)
def test_a_leak_that_is_no_action_is_a_note(report: Any, leaks: Any, actions: Any, said: str) -> None:
    studio: Any = SimpleNamespace(findings=lambda *_: report)
    listed = ActionList(run_id="r", actions=actions, sentence="", n_rows=0, seconds=0.0)

    notes = notes_of_checks(studio, task(), leaks, listed)

    assert len(notes) == bool(said)
    assert said in "".join(notes)
