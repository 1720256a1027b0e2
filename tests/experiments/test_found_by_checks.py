"""What the verdict and the table's checks found is what a list of actions knows."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from litmus_core.experiments._actions import check_findings
from litmus_core.experiments._actions.check_findings import (
    findings_for_actions,
    notes_of_checks,
    without_dismissed,
)
from litmus_core.types import Caution, Fix, Run, RunPlan, RunTimes
from tests.app.presenters.facts import task, verdict

LEAK = Caution(
    kind="leakage",
    columns=("title",),
    fix=Fix(kind="leave_out", columns=("title",)),
)
RUN = Run(
    id="r", experiment_id="e", number=1, plan=RunPlan(), status="finished", times=RunTimes(queued_at="")
)


def judged(*cautions: Caution) -> Run:
    return replace(RUN, verdict=verdict("meets", cautions=cautions))


def context_of(*fine: str) -> Any:
    return SimpleNamespace(
        experiment=lambda _: SimpleNamespace(task=task()),
        dataset=lambda _: SimpleNamespace(dataset_id="ds"),
        store=SimpleNamespace(known_findings=lambda _: frozenset(fine)),
    )


@pytest.mark.parametrize(
    ("report", "said"), [(None, "Not all of the table's checks were made"), (object(), "")]
)
def test_checks_that_were_not_made_are_a_note(
    monkeypatch: pytest.MonkeyPatch, report: Any, said: str
) -> None:
    monkeypatch.setattr(check_findings, "stored_report", lambda *_: report)
    assert "".join(notes_of_checks(context_of(), task()))[: len(said) or None] == said


def test_a_leak_that_the_verdict_names_is_known_without_the_data_rooms_checks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(check_findings, "stored_report", lambda *_: None)
    assert findings_for_actions(context_of(), judged(LEAK), task())[0] == ("title",)
    assert findings_for_actions(context_of(), judged(replace(LEAK, severity="warning")), task())[0] == ()


def test_what_someone_said_to_be_fine_stands_in_no_way() -> None:
    assert without_dismissed(context_of("leakage:title"), judged(LEAK)).verdict.cautions == ()
    assert without_dismissed(context_of("leakage:price"), judged(LEAK)).verdict.cautions == (LEAK,)
