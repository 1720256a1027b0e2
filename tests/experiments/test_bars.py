"""How far a run is, in a terminal, a notebook and where nobody looks."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from litmus_core.experiments._api.handles import progress as _bars
from litmus_core.experiments._api.handles.leaderboard import run_html
from litmus_core.experiments._api.handles.progress import progress_bar, progress_message, share_done
from litmus_core.types import Progress, Score
from tests.advice.test_choice import model


def progress(**facts) -> Progress:
    plain = {
        "run_id": "run_1",
        "status": "running",
        "stage": "fit",
        "message": "Training Linear model",
        "elapsed_s": 30.0,
        "remaining_s": 90.0,
        "n_trained": 1,
        "training_now": None,
        "best": None,
    }
    return Progress(**{**plain, **facts})


@pytest.mark.parametrize(
    ("facts", "share"),
    [
        ({}, 0.25 * 0.99),
        ({"status": "queued"}, 0.0),
        ({"remaining_s": None}, 0.0),
        ({"status": "finished"}, 1.0),
        ({"remaining_s": 0.0}, 0.99),
    ],
)
def test_the_share_that_is_done_is_of_the_time(facts, share):
    assert share_done(progress(**facts)) == pytest.approx(share)


def test_the_best_so_far_is_said():
    best = SimpleNamespace(validation=Score(metric="f1", value=0.875, low=0.8, high=0.9, n_rows=9))
    assert progress_message(progress(best=best)) == "Training Linear model (best so far: f1 0.875)"


def test_nobody_looks_on_in_a_test_so_nothing_is_shown(capsys):
    with progress_bar(None) as tell:
        assert tell is None
    assert capsys.readouterr().err == ""


def test_a_bar_is_drawn_where_it_is_asked_for(capsys):
    with progress_bar(True) as tell:
        tell(progress())
        tell(progress(status="finished", message="Done"))
    said = capsys.readouterr().err
    assert "25 %" in said
    assert "100 %" in said
    assert "Training Linear model" in said


def test_without_tqdm_each_thing_is_said_once_in_a_line(capsys, monkeypatch):
    monkeypatch.setattr(_bars, "find_spec", lambda _: None)
    with progress_bar(True) as tell:
        tell(progress())
        tell(progress())
    assert capsys.readouterr().err == "   30 s  Training Linear model\n"


def test_what_people_wrote_is_escaped_in_notebooks():
    shown = run_html("<b>shop</b>, Run 1", "finished", "It <i>meets</i> the bar.", [model("a<script>", 0.5)])
    assert "<script>" not in shown
    assert "<i>" not in shown
    assert "a&lt;script&gt;" in shown
    assert "&lt;b&gt;shop&lt;/b&gt;, Run 1" in shown


def test_a_run_without_models_shows_no_table():
    assert "<table" not in run_html("shop", "queued", "", [])
