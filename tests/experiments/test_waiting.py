"""Waiting for a run costs it as little as can be, and is advised where it has no model yet."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from litmus_core import Studio
from litmus_core.errors import NotFoundError
from litmus_core.experiments._context import Context

if TYPE_CHECKING:
    from litmus_core.store import Journal
    from litmus_core.types import Progress
    from tests.trained import Trained


def test_the_store_follows_a_run_while_somebody_looks_on_and_else_at_its_end(
    trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Studio.open(trained.workspace) as studio:
        job, refresh = type(studio.journal).job, studio.store.refresh
        asked: list[str] = []
        refreshed: list[int] = []

        def at_work_at_first(self: Journal, run_id: str):
            asked.append(run_id)
            found = job(self, run_id)
            return found if len(asked) > 3 or found is None else replace(found, state="claimed")

        monkeypatch.setattr(type(studio.journal), "job", at_work_at_first)
        monkeypatch.setattr(studio.store, "refresh", lambda **until: refreshed.append(1) or refresh(**until))

        assert studio.runs.wait(trained.run.id, poll_s=0.0).status == "finished"
        assert (len(asked), len(refreshed)) == (4, 1)

        seen: list[Progress] = []
        studio.runs.wait(trained.run.id, on_progress=seen.append)
        assert [each.status for each in seen] == ["finished"]


@pytest.mark.parametrize(("status", "hint"), [("running", "still training"), ("failed", "start it again")])
def test_a_run_without_a_model_says_whether_one_may_come(status: str, hint: str) -> None:
    context = SimpleNamespace(candidates=lambda _: [], run=lambda _: SimpleNamespace(status=status))
    with pytest.raises(NotFoundError) as refused:
        Context.chosen(context, "run_1")  # type: ignore[arg-type]
    assert hint in (refused.value.hint or "")
