"""What earlier actions were to bring beside what they brought."""

from __future__ import annotations

from dataclasses import replace

from app.presenters.improvement.outcomes import present_action_result, present_outcomes
from litmus_core.types import ActionOutcome, Gain
from tests.app.presenters.facts import task


def outcome(run_id: str, *, validation: float | None, test: float | None) -> ActionOutcome:
    gain = Gain(value=0.01, low=-0.002, high=0.022, measured=0.012)
    return ActionOutcome(
        run_id=run_id,
        follows_run_id="run_1",
        key="folds",
        kind="folds",
        predicted=gain,
        validation=validation,
        test=test,
    )


def read(*outcomes: ActionOutcome) -> str:
    view = present_outcomes(outcomes, task(), titles={"run_2": "Train in 5 folds"}, runs={"run_2": "Run 2"})
    assert view is not None
    return view.reading


def test_without_an_earlier_action_there_is_nothing_to_say() -> None:
    assert present_outcomes([], task(), titles={}, runs={}) is None


def test_one_action_is_read_by_its_test_score() -> None:
    told = outcome("run_2", validation=0.05, test=0.015)

    assert read(told) == "Train in 5 folds brought +1.5 points on test rows, within what was expected."
    assert read(outcome("run_2", validation=-0.01, test=None)) == (
        "Train in 5 folds brought \u22121.0 points on validation rows, less than expected."
    )


def test_runs_that_were_validated_on_different_rows_compare_in_test_alone() -> None:
    told = replace(outcome("run_2", validation=None, test=0.015), validated_alike=False)

    view = present_outcomes([told], task(), titles={}, runs={})

    assert view is not None
    assert view.rows[0].validation is None
    assert view.rows[0].message.endswith(
        "brought +1.5 points in test. Validation scores cannot be compared: the two runs used different "
        "validation rows."
    )
    assert "are not drawn" in view.footnote


def test_rows_that_came_are_said_beside_those_that_were_asked_for() -> None:
    told = replace(outcome("run_2", validation=None, test=0.015), n_requested=400, n_collected=380)
    few = replace(told, n_collected=40, predicted=replace(told.predicted, measured=0.0))

    view = present_outcomes([told, few], task(), titles={}, runs={})

    assert view is not None
    assert view.rows[0].message.endswith("in test. 380 rows came, 400 were asked for.")
    assert view.rows[1].message.endswith(
        "40 rows came, 400 were asked for: too few to correct later expectations by."
    )


def test_where_too_few_rows_tell_that_is_said() -> None:
    told = replace(
        outcome("run_2", validation=None, test=None), validated_alike=False, n_requested=9, n_collected=8
    )

    view = present_outcomes([told], task(), titles={}, runs={})

    assert view is not None
    assert view.reading == "What it brought is not known: too few rows that neither run learned from."
    assert "8 rows came, 9 were asked for." in view.rows[0].message


def test_what_is_not_over_is_not_counted() -> None:
    assert (
        read(outcome("run_2", validation=None, test=None)) == "Actions that were started are still running."
    )


def test_where_the_run_before_is_gone_that_is_said() -> None:
    told = replace(outcome("run_2", validation=None, test=None), before_gone=True)

    view = present_outcomes([told], task(), titles={}, runs={})

    assert view is not None
    assert view.reading == "What it brought is not known: the run before was deleted."
    assert view.rows[0].message.endswith("the run before was deleted.")


def test_several_are_counted() -> None:
    assert (
        read(
            outcome("run_2", validation=0.01, test=0.01),
            outcome("run_3", validation=0.01, test=0.05),
            outcome("run_4", validation=0.01, test=-0.05),
            outcome("run_5", validation=None, test=None),
        )
        == "Of 3 actions that were taken, 1 came within what was expected, 1 brought more and 1 brought less."
    )


def test_shares_are_drawn_in_points_and_named_by_action_and_run() -> None:
    view = present_outcomes(
        [outcome("run_2", validation=0.004, test=0.015)],
        task(),
        titles={"run_2": "Train in 5 folds"},
        runs={"run_2": "Run 2"},
    )

    assert view is not None
    (row,) = view.rows
    assert (row.name, row.predicted, row.test) == ("Train in 5 folds (Run 2)", 1.0, 1.5)
    assert row.message == (
        "Expected +1.0 points (likely \u22120.2 to +2.2 points); brought +0.4 points on validation "
        "rows, +1.5 points in test."
    )


def test_a_gain_too_small_to_be_shown_is_called_next_to_nothing() -> None:
    auc = replace(task(), metric="roc_auc")
    small = outcome("run_2", validation=None, test=-0.0002)
    assert present_action_result(small, auc, title="Train longer") == (
        "Train longer promised +0.010 and brought next to nothing on test data."
    )
    larger = outcome("run_2", validation=None, test=-0.002)
    assert "brought \u22120.002 on test data" in present_action_result(larger, auc, title="Train longer")
