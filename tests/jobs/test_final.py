"""After the verdict: when a model is trained again on all rows, when not, and how a killed run ends then."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.engine._fit.failures import nothing_finished
from litmus_core.jobs._final import fit as _fit
from litmus_core.jobs._final import plan as _plan
from litmus_core.jobs._final.pending_end import (
    PendingEnd,
    drop_pending_end,
    read_pending_end,
    write_pending_end,
)
from litmus_core.jobs._run_data import RunData
from litmus_core.types import (
    Compression,
    FinalModelLeftOut,
    RunEnded,
    RunPlan,
    TrainingOptions,
    WarmStart,
)
from litmus_core.verdicts import final_model_message
from tests.store import facts


def _data(n_rows: int, *, outer: bool = False) -> RunData:
    frame = pd.DataFrame({"age": np.arange(n_rows), "left": np.arange(n_rows) % 2})
    part = np.array([0, 0, 1, 2] * (n_rows // 4) + [3] * (n_rows % 4), dtype=np.int8)
    column: Any = SimpleNamespace(name="age")
    return RunData(
        frame=frame,
        part=part,
        block=None,
        columns=(column,),
        target="left",
        outer=np.zeros(n_rows) if outer else None,
    )


def _context(plan: RunPlan | None = None, **more: Any) -> Any:
    return SimpleNamespace(plan=plan or RunPlan(), run_id="run_1", folder=Path("nowhere"), **more)


def test_rows_of_all_parts_are_learned_and_those_set_aside_are_not() -> None:
    assert list(_plan.learned_rows(_data(10))) == list(range(8))


def test_tables_from_100_rows_on_are_learned_whole_and_who_keeps_the_judged_model_is_obeyed() -> None:
    keeps = RunPlan(training=TrainingOptions(keep_judged=True))

    assert _plan.wants_final(_context(), _data(100))
    assert not _plan.wants_final(_context(), _data(99))
    assert not _plan.wants_final(_context(keeps), _data(4_000))
    assert not _plan.wants_final(_context(), _data(4_000, outer=True))


def test_time_is_kept_only_where_a_model_of_all_rows_follows() -> None:
    assert _plan.fit_share(_context(), _data(400)) < _plan.fit_share(_context(), _data(4_000)) < 1.0
    assert _plan.fit_share(_context(), _data(40)) == 1.0


@pytest.mark.parametrize(
    "origin",
    [
        WarmStart(candidate_id="run_0-a", run_id="run_0", model="a", n_before=1),
        Compression(candidate_id="run_0-a", run_id="run_0", model="a"),
    ],
)
def test_what_was_made_of_an_earlier_model_is_not_fitted_again(origin: Any) -> None:
    assert "earlier model" in _plan.obstacle_of(RunPlan(origin=origin), _data(4_000))


def test_too_little_time_is_said_with_both_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_fit, "expected_seconds", lambda *_: 40.0)
    monkeypatch.setattr(_fit.time, "time", lambda: 1_000.0)
    context = _context(stop_requested=lambda: False)

    with pytest.raises(_fit._NoFinalModelError, match="about 40 s, and 12 s were left"):
        _fit._check_time(context, _data(40), facts.candidate(), deadline=1_012.0)
    _fit._check_time(context, _data(40), facts.candidate(), deadline=1_027.0)  # it may be faster


def test_a_model_that_does_worse_on_rows_it_has_learned_from_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judged = facts.candidate(test=replace(facts.score(0.8), low=0.75, high=0.85))
    answers = SimpleNamespace(raw=np.array([0.5, 0.5]))
    monkeypatch.setattr(_fit, "predictions_on_test", lambda *_: answers)
    monkeypatch.setattr(_fit, "store_final", lambda *_, **__: None)
    context = _context(experiment=SimpleNamespace(task=facts.task(metric="roc_auc")))

    def check(value: float) -> None:
        score = (facts.score(value), np.empty(0))
        monkeypatch.setattr(_fit, "score_predictions", lambda *_, **__: score)
        _fit._check_predictions(context, _data(40), judged, Path("nowhere"))

    check(0.76)
    with pytest.raises(_fit._NoFinalModelError, match=r"scores 0\.74, and the judged one 0\.8"):
        check(0.74)
    answers.raw = np.array([0.5, np.nan])
    with pytest.raises(_fit._NoFinalModelError, match="no number"):
        check(0.9)


def test_nominal_rows_hold_every_class() -> None:
    rows = pd.DataFrame({"left": ["a"] * 990 + ["b"] * 9 + ["c"]})

    assert set(_fit._nominal_rows(rows, "left", seed=0)["left"]) == {"a", "b", "c"}


def test_a_run_killed_while_it_learns_from_all_rows_ends_as_it_was_judged(tmp_path: Path) -> None:
    ended = RunEnded(run_id="run_1", status="finished", message="Done.")
    write_pending_end(tmp_path, PendingEnd(ended=ended, candidate_id="run_1-a", n_rows=7_043))
    pending = read_pending_end(tmp_path)
    assert pending is not None
    left_out, now = pending.cut_short("the process ended before that was done")

    assert isinstance(left_out, FinalModelLeftOut)
    assert (now.status, now.left_out) == ("finished", (left_out.reason,))
    assert "all 7,043 rows" in left_out.reason
    drop_pending_end(tmp_path)
    assert read_pending_end(tmp_path) is None


def test_the_sentence_says_who_judged_and_what_was_learned_from() -> None:
    final = facts.final_model(n_rows=7_043, n_judging=1_409)

    assert final_model_message(final) == (
        "Judged on 1,409 rows; the model you use has learned from all 7,043."
    )


def test_the_sentence_says_that_one_model_takes_the_place_of_several() -> None:
    final = facts.final_model(averaged=5)

    assert final_model_message(final).endswith("the judged one was the average of 5, one for each fold.")
    assert "average" not in final_model_message(replace(final, in_use=False))


def test_a_fit_that_its_time_cut_short_says_so_without_a_hint_for_whole_runs() -> None:
    assert _fit._reason(nothing_finished()) == "the time left was too short"
