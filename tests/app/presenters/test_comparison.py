"""Two experiments line by line: what differs, what is the same, and who is ahead."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.presenters.results.comparison import ComparedExperiment, paired_message, present_lines
from litmus_core.metrics import PairedDifference
from litmus_core.types import (
    CertifiedCost,
    CustomModel,
    DatasetVersion,
    Folds,
    Run,
    RunPlan,
    RunTimes,
    Tuning,
)
from litmus_core.verdicts import outcome_message
from tests.app.presenters.facts import AT, summary, task, verdict

VERSION = DatasetVersion(
    id="dv_0000000001", dataset_id="ds_1", name="titles", version=1, path="", n_rows=500, n_bytes=1,
    content_hash="", columns=(), source="titles.csv", created_at=AT,
)  # fmt: skip
RUN = Run(
    id="run_1",
    experiment_id="ex_1",
    number=1,
    plan=RunPlan(),
    status="finished",
    times=RunTimes(queued_at=AT),
)


def lines(left, right, *, runs=(RUN, RUN), versions=(VERSION, VERSION), costs=(None, None)):
    sides = zip((left, right), versions, runs, costs, strict=True)
    return present_lines(
        [ComparedExperiment(summary=each, version=v, run=run, cost=cost) for each, v, run, cost in sides]
    )


def differing(view):
    return {line.title: line.values for line in view.differs}


def test_only_what_differs_is_a_line() -> None:
    left = summary(1, judged=verdict("meets"))
    right = summary(2, judged=verdict("meets"), of=task(features=("title",), seed=3))
    plan = RunPlan(
        families=("linear",), models=(CustomModel(reference="own.py:Slow"),), tuning=Tuning(), folds=Folds(5)
    )
    tuned = replace(RUN, plan=plan)

    view = lines(
        left, right, runs=(RUN, tuned), costs=(None, CertifiedCost(usd=0.25, environment="edge box"))
    )

    assert differing(view) == {
        "a million predictions, as certified": ("not certified", "0.25 USD on 'edge box'"),
        "test rows": (
            "20\u202f% at random, drawn with seed 0",
            "20\u202f% at random, drawn with seed 3",
        ),
        "models tried": ("as Litmus chose", "linear, own.py:Slow"),
        "folds": ("as Litmus chose", "5"),
        "tuned": ("no", "yes"),
        "columns that only some use": ("price", "none"),
    }
    assert "bar" in view.same
    assert "table" in view.same


def test_a_score_has_the_interval_that_decided() -> None:
    later = replace(verdict("meets"), low=0.9, high=0.96)
    view = lines(summary(1, judged=verdict("meets")), summary(2, judged=later))
    assert differing(view)["score"] == ("Accuracy 0.930 (0.924 to 0.936)", "Accuracy 0.930 (0.900 to 0.960)")


def test_twins_differ_in_nothing() -> None:
    one = summary(1, judged=verdict("meets"))
    view = lines(one, one)
    assert view.differs == ()
    assert "columns" in view.same


def test_three_experiments_stand_in_three_columns() -> None:
    others = [summary(2, of=task(seed=3)), summary(3, of=task(features=("title", "size")))]
    view = present_lines(
        [ComparedExperiment(summary=each, version=VERSION, run=RUN) for each in (summary(1), *others)]
    )
    assert view.names == ("Experiment 1", "Experiment 2", "Experiment 3")
    assert differing(view)["columns that only some use"] == ("price", "price", "size")
    assert differing(view)["test rows"][1].endswith("seed 3")
    assert view.same.startswith("The same in all: verdict, score, bar")


def test_versions_of_a_table_are_told_apart() -> None:
    one = summary(1, judged=verdict("meets"))
    view = lines(one, one, versions=(VERSION, replace(VERSION, version=2, n_rows=700)))
    assert differing(view) == {"table": ("titles, version 1, 500 rows", "titles, version 2, 700 rows")}


def test_an_experiment_without_a_verdict_still_has_lines() -> None:
    view = lines(summary(1, judged=verdict("meets")), summary(2, status=None), runs=(RUN, None))
    assert differing(view)["verdict"] == (outcome_message("meets"), "none yet")


def _found(value: float, low: float, high: float, chance: float) -> PairedDifference:
    return PairedDifference(metric="accuracy", value=value, low=low, high=high, chance=chance, n_rows=1000)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            _found(0.02, 0.005, 0.035, 0.99),
            "On the same 1,000 test rows **A** is ahead of **B** by 0.020 on Accuracy (0.005 to 0.035 with "
            "95\u202f% certainty): more than chance.",
        ),
        (
            _found(-0.01, -0.03, 0.01, 0.16),
            "On the same 1,000 test rows **B** is ahead of **A** by 0.010 on Accuracy (-0.010 to 0.030 with "
            "95\u202f% certainty). This may be chance: how likely it is really ahead is 84\u202f%.",
        ),
        (_found(0.0, 0.0, 0.0, 0.5), "On the same 1,000 test rows both score the same."),
    ],
)
def test_who_is_ahead_is_said_with_its_certainty(found: PairedDifference, said: str) -> None:
    assert paired_message(found, left="A", right="B") == said
