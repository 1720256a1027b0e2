"""What was named for a run and did not run fails it; what Litmus had added may be left out, and is said."""

from __future__ import annotations

from dataclasses import replace

from litmus_core.engine import FitReport
from litmus_core.engine._fit.failures import UnfinishedModel
from litmus_core.jobs._stages.sequence import _with_status
from litmus_core.jobs._stages.shortfall import Shortfall, fit_shortfall, unscored
from litmus_core.types import (
    Algorithm,
    Candidate,
    CustomModel,
    RunEnded,
    RunPlan,
    Score,
    ScoringPlan,
    WarmStart,
)

_REPORT = FitReport(
    unfinished=(
        UnfinishedModel(model="forest_BAG_L1", sentence="Forest: no time."),
        UnfinishedModel(model="custom-Net", sentence="Net stopped."),
    ),
    left_out=("Not on all rows.",),
    notes=("Tidy runs as Python.",),
)


def test_a_model_is_missing_where_its_card_was_named() -> None:
    named = fit_shortfall(RunPlan(families=("forest", "linear")), _REPORT)
    by_algorithm = fit_shortfall(RunPlan(algorithms=(Algorithm(key="forest"),)), _REPORT)

    assert named.missing == by_algorithm.missing == ("Forest: no time.", "Net stopped.")
    assert named.left_out == ("Not on all rows.",)
    assert named.notes == ("Tidy runs as Python.",)


def test_a_card_of_litmus_own_choice_is_left_out() -> None:
    found = fit_shortfall(RunPlan(models=(CustomModel(reference="a:Net"),)), _REPORT)

    assert found.missing == ("Net stopped.",)
    assert found.left_out == ("Forest: no time.", "Not on all rows.")


def test_all_members_of_what_is_gone_on_with_were_named() -> None:
    continues = WarmStart(candidate_id="c", run_id="r", model="forest", n_before=10)
    assert len(fit_shortfall(RunPlan(origin=continues), _REPORT).missing) == 2


def test_a_metric_without_a_score_is_missing_once() -> None:
    score = Score(metric="accuracy", value=0.5, low=0.4, high=0.6, n_rows=10)
    one = Candidate(
        id="c", run_id="r", experiment_id="e", name="n", model="m", family="linear", family_kind="linear",
        is_ensemble=False, fit_s=1.0, also_validation=(score,),
    )  # fmt: skip
    plan = RunPlan(scoring=ScoringPlan(also_validation=("accuracy", "log_loss"), also_test=("accuracy",)))

    found = unscored(plan, [one, replace(one, id="d")], replace(one, also_test=(score,)))

    assert found.missing == (
        "The metric log_loss could not be computed on the validation rows (see worker.log).",
    )


def test_sums_keep_each_sentence_once() -> None:
    one = Shortfall(missing=("a",), left_out=("b",), notes=("c",))
    assert one + one == Shortfall(missing=("a",), left_out=("b",), notes=("c", "c"))


def test_a_run_ends_by_what_is_missing() -> None:
    whole = RunEnded(run_id="r", status="finished", message="Chosen.")
    short = replace(whole, missing=("Net stopped.",))

    assert _with_status(whole, "") == whole
    failed = _with_status(short, "")
    assert (failed.status, failed.message) == (
        "failed",
        "Not everything that you asked for ran. Net stopped. Chosen.",
    )
    assert failed.hint
    stopped = _with_status(short, "Stopped early.")
    assert (stopped.status, stopped.message) == ("stopped", "Stopped early. Net stopped. Chosen.")


def test_models_that_lacked_nothing_but_time_share_a_sentence() -> None:
    late = [
        UnfinishedModel(model=f"{key}_BAG_L1", sentence=f"{key} was late.", no_time=True)
        for key in ("linear", "forest", "catboost")
    ]
    other = UnfinishedModel(model="xgboost", sentence="xgboost had no luck.")
    assert fit_shortfall(RunPlan(), FitReport(unfinished=(late[0], other, *late[1:]))).left_out == (
        "There was no time for Linear model, Random forest and Boosted trees for categories (CatBoost).",
        "xgboost had no luck.",
    )
    one = fit_shortfall(RunPlan(families=("linear", "catboost")), FitReport(unfinished=(*late, other)))
    assert one.left_out == ("forest was late.", "xgboost had no luck.")
    assert one.missing == ("linear was late.", "catboost was late.")
