"""Forecasts and many targets on Leaderboards: their order, filters and lines of the file."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from math import inf

import pytest

from app.presenters.results.leaderboards import present_board, present_filters
from app.presenters.work.board import present_sections
from app.views.results.leaderboards import board_csv, board_frame
from litmus_core.experiments import JudgedWork
from litmus_core.experiments._work import WorkSubject
from litmus_core.text import unbroken
from litmus_core.types import Bar
from tests.app.presenters.facts import AT, score, summary, verdict

UNITS = JudgedWork(
    id="fc_1",
    name="units",
    table="shops",
    created_at=AT,
    predicts="units, 4 quarters ahead",
    metric="MASE",
    baseline="Last season",
    verdict=verdict("undecided", value=0.8, probability_passes=0.5),
    beats_baseline=None,
)
WORK = {"forecast": [UNITS], "targets": [replace(UNITS, id="mt_1", name="=leaves", table="")]}
NOW = datetime.fromisoformat(AT)


def names(**filters: object) -> list[str]:
    sections = present_sections(WORK, now=NOW, **filters)  # type: ignore[arg-type]
    return [entry.row.name for section in sections for entry in section.entries]


def test_the_filters_of_the_page_hold_for_all_that_it_lists() -> None:
    assert names() == ["units", "=leaves"]
    assert names(text="QUARTERS", table="shops") == ["units"]
    assert names(states=["Meets the bar"]) == []
    view = present_filters([summary(1, judged=verdict("meets"))], WORK)
    assert view.states == ("Meets the bar", "Toss-up")
    assert "shops" in view.tables
    assert "" not in view.tables
    assert view.reading.endswith("Meets the bar 1 · 1 forecast · 1 training of many targets")


def test_the_file_says_which_lines_are_forecasts_and_which_many_targets() -> None:
    frame = board_frame(present_board([summary(1, judged=verdict("meets"), name="ready")]).rows)
    lines = board_csv(frame, ["experiment", "verdict"], present_sections(WORK, now=NOW))
    head, *rows = lines.decode("utf-8-sig").splitlines()
    assert head == 'Kind,Name,Verdict,Table,Updated,"Chance, %",Score,Beside the baseline,Predicts'
    assert rows[0].startswith("Experiments,ready,✓ Meets the bar,titles,2026-")
    assert re.match(r"Forecasts,units,Toss-up,shops,2026-[^,]*,50.0,MASE 0.800", rows[1])
    assert rows[2].startswith("Many targets,'=leaves,")


@pytest.mark.parametrize(
    ("value", "half", "greater", "expected"),
    [
        (0.8, 0.1, False, True),  # all of the interval is below 1, where less is better
        (0.8, 0.3, False, None),
        (0.8, inf, False, None),
        (1.2, 0.1, False, False),
        (1.2, 0.1, True, True),
        (1.2, 0.3, True, None),
        (0.8, 0.3, True, False),
    ],
)
def test_a_baseline_is_beaten_where_the_whole_interval_is_better(
    value: float, half: float, greater: bool, expected: bool | None
) -> None:
    subject = WorkSubject(predicts="", metric="MASE", baseline="Drift", greater_is_better=greater)
    judged = replace(verdict("undecided"), score=score(value, half=half), baseline=1.0)
    assert subject.is_beaten(judged) is expected


def test_a_score_without_an_interval_says_so() -> None:
    judged = replace(UNITS, verdict=replace(UNITS.verdict, score=score(0.8, half=inf)))
    assert judged.score_text == "MASE 0.800 (no interval)"


def test_wape_is_per_cent_wherever_it_stands() -> None:
    judged = replace(
        verdict("undecided", value=0.0771, bar=0.1),
        score=replace(score(0.0771, half=0.026), metric="wape"),
        bar=Bar(metric="wape", op="<=", value=0.1),
        baseline=0.098,
    )
    homes = replace(UNITS, metric="WAPE", verdict=judged)
    (section,) = present_sections({"forecast": [homes]}, now=NOW)
    (entry,) = section.entries
    assert entry.row.score == "WAPE 7.7 % (5.1 % to 10.3 %)"
    assert entry.row.baseline == "Perhaps better than last season (9.8 %)"
    assert unbroken("bar 10.0 %") in entry.detail
