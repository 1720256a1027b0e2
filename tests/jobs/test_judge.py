"""After the fit: what a second process of the same run may do, and what a failure may cost."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from litmus_core import engine
from litmus_core.engine import FittedModel
from litmus_core.errors import NoAnswerError
from litmus_core.jobs._judging.assertions import judged_assertions
from litmus_core.jobs._judging.current_task import current_task
from litmus_core.jobs._stages import evaluate, sequence
from litmus_core.metrics import get_metric
from litmus_core.types import AssertionsChanged, Bar, BarMoved, CandidateTested, RunPlan, Score, Task, TimeCut
from litmus_core.verdicts import gate_of, read_assertion
from tests.advice.test_choice import model
from tests.store import facts


def _journal(*facts):
    return SimpleNamespace(
        events=lambda **_: [SimpleNamespace(fact=fact) for fact in facts],
        queued_on=lambda _: [],
        judged_by_folds=set,
    )


def _tested(name: str, reason: str = "chosen") -> CandidateTested:
    score = Score(metric="accuracy", value=0.9, low=0.8, high=1.0, n_rows=10)
    return CandidateTested(candidate_id=name, test=score, reason=reason)


def test_a_run_that_chose_before_it_was_killed_keeps_its_choice():
    context = SimpleNamespace(
        journal=_journal(_tested("of another run"), _tested("a", "revealed"), _tested("b"))
    )
    candidates = [model("a", 0.99), model("b", 0.5)]
    assert evaluate._earlier_choice(context, candidates)[0] == "b"


def test_a_run_that_chose_nothing_yet_chooses():
    context = SimpleNamespace(journal=_journal(_tested("a", "revealed")), plan=RunPlan())
    assert evaluate._earlier_choice(context, [model("a", 0.99)]) is None


def test_finishing_announces_every_model_on_disk(monkeypatch: pytest.MonkeyPatch, tmp_path):
    fitted = FittedModel(
        model="linear",
        name="Linear model",
        family="linear",
        family_kind="linear",
        is_ensemble=False,
        fit_s=1.0,
    )
    monkeypatch.setattr(engine, "finish_models", lambda folder: (fitted,))
    experiment = SimpleNamespace(id="ex_1", task=SimpleNamespace(metric="accuracy"))
    told = []
    sequence._finish(
        SimpleNamespace(folder=tmp_path, run_id="run_1", experiment=experiment, report=told.append)
    )
    assert [fact.candidate.id for fact in told] == ["run_1-linear"]


def test_a_failing_explanation_costs_no_verdict(monkeypatch: pytest.MonkeyPatch):
    def fails(*_, **__):
        raise ZeroDivisionError("odd rows")

    monkeypatch.setattr(sequence, "explain", fails)
    (said,) = sequence._explain(None, None, None, seconds=1.0)
    assert said.startswith("What drives the predictions could not be found out (ZeroDivisionError")


def test_a_model_without_an_answer_for_the_test_part_gives_way_to_the_next(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    task = facts.task()
    score = _tested("b").test

    def predictions_on_test(folder, data, candidate, *, procedure):
        if candidate.id == "a":
            raise NoAnswerError("Your model Net stopped: RuntimeError: so many rows, in line 3 of net.py.")
        return SimpleNamespace(n_folds=0, n_rows=10, raw=[], index=np.arange(10))

    told = []
    monkeypatch.setattr(evaluate, "predictions_on_test", predictions_on_test)
    monkeypatch.setattr(evaluate, "score_predictions", lambda *_: (score, []))
    monkeypatch.setattr(evaluate, "baseline_score", lambda *_: 0.5)
    monkeypatch.setattr(evaluate, "quick_comparison", lambda *_: None)
    monkeypatch.setattr(evaluate, "luck_of_choice", lambda *_: None)
    monkeypatch.setattr(evaluate, "find_cautions", lambda *_: ())
    monkeypatch.setattr(evaluate, "judged_cases", lambda *_: None)
    monkeypatch.setattr("litmus_core.engine.read_model_info", lambda _: {"classes": ["no", "yes"]})
    monkeypatch.setattr("litmus_core.verdicts.verdict", lambda **_: facts.verdict("b"))
    context = SimpleNamespace(
        journal=_journal(),
        folder=tmp_path,
        run_id="run_1",
        report=told.append,
        experiment=SimpleNamespace(task=task),
        versions=dict,
        plan=RunPlan(),
    )
    data = SimpleNamespace(note="", index=lambda part: range(10), outer=None)
    cut = TimeCut(unit="round", steps=1, best_at=1, most=1000)
    judged = evaluate.judge(context, data, [model("a", 0.99), replace(model("b", 0.5), time_cut=cut)])
    assert judged.candidate.id == "b"
    assert (told[-1].verdict.time_cut, "1 of up to 1,000 rounds" in judged.note) == (cut, True)
    assert [fact.candidate_id for fact in told] == ["b", "b"]
    (said,) = judged.missing
    assert "so many rows, in line 3 of net.py." in said
    with pytest.raises(NoAnswerError):
        evaluate.judge(context, data, [model("a", 0.99)])


def test_a_run_under_way_is_judged_by_the_bar_and_the_assertions_that_were_set_meanwhile() -> None:
    before, bar = (Bar(metric="accuracy", op=">=", value=value) for value in (0.9, 0.5))
    lines = (read_assertion("rises with area"),)
    changes = [
        change
        for which in ("ex_1", "ex_2")
        for change in (
            BarMoved(experiment_id=which, bar=bar, by="ada"),
            AssertionsChanged(experiment_id=which, assertions=lines, by="ada"),
        )
    ]
    journal = SimpleNamespace(events=lambda types: [SimpleNamespace(fact=fact) for fact in changes])
    for experiment_id, expected in (("ex_1", (bar, lines)), ("ex_3", (before, ()))):
        experiment = SimpleNamespace(id=experiment_id, task=replace(facts.task(), bar=before))
        task = current_task(SimpleNamespace(journal=journal, experiment=experiment))
        assert (task.bar, task.assertions) == expected


def test_an_assertion_that_could_not_be_tested_leaves_the_gate_undecided(tmp_path: Path) -> None:
    task = replace(facts.task(), assertions=(read_assertion("rises with area"),))
    data = SimpleNamespace(frame=pd.DataFrame(), columns=(), target="sold")
    results = judged_assertions(tmp_path, data, model("a", 0.99), task)
    verdict = replace(facts.verdict("a"), assertions=results)
    [check] = [one for one in gate_of(verdict, bar=task.bar).checks if one.name.startswith("assertion")]
    assert (check.outcome, "could not be tested" in check.sentence) == ("undecided", True)


def test_guessing_is_scored_on_the_rows_that_judge_the_model() -> None:
    frame = pd.DataFrame({"sold": ["no"] * 3 + ["yes"] * 5 + ["no"] * 9 + ["yes"]})
    data = SimpleNamespace(
        frame=frame,
        target="sold",
        index=lambda part: {"train": np.arange(8), "validation": np.arange(4, 8)}[part],
        metric=lambda name, rows: get_metric(name),
        weights_of=lambda rows: None,
    )
    question = Task(
        dataset_version_id="dv_1",
        target="sold",
        problem_type="binary",
        metric="accuracy",
        features=("size",),
        positive_class="yes",
    )
    context = SimpleNamespace(experiment=SimpleNamespace(task=question))

    guess = evaluate.baseline_score(context, data, ["no", "yes"], np.arange(8, 18))

    assert guess == pytest.approx(0.1)  # always "yes", as in training: one of ten
