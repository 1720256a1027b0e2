"""Bets on a ranking: neighbours in time and rows of all times, each with its share of the stake."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from litmus_core.metrics import LabelCase, ValueCase, get_metric
from litmus_core.types import Bar
from litmus_core.verdicts import judge_live
from litmus_core.verdicts._live.bets import bets_against
from litmus_core.verdicts._live.evidence import ALARM, evidence_of_fall
from litmus_core.verdicts._live.increments import increments_of, rows_of, value_of

AUC = get_metric("roc_auc")
BAR = Bar(metric="roc_auc", op=">=", value=0.6)


def case_of(codes: np.ndarray, second: np.ndarray) -> LabelCase:
    return LabelCase(
        codes=codes.astype(np.int64),
        probabilities=np.column_stack([1 - second, second]),
        positive=1,
        threshold=None,
    )


def months(n_months: int = 80, n_rows: int = 100, *, seed: int = 0) -> LabelCase:
    """Rank well within a month; months with more cases get lower answers, so all rows are ranked badly."""
    rng = np.random.default_rng(seed)
    rate = np.repeat(np.where(np.arange(n_months) % 2 == 0, 0.2, 0.8), n_rows)
    codes = rng.random(len(rate)) < rate
    logit = 1.2 * codes - 4.0 * (rate - 0.5) + rng.normal(size=len(rate))
    return case_of(codes, 1 / (1 + np.exp(-logit)))


def steady(n_rows: int, *, seed: int) -> LabelCase:
    """Rank all rows alike, at any time."""
    rng = np.random.default_rng(seed)
    codes = rng.random(n_rows) < 0.3
    logit = 0.5 * codes + rng.normal(size=n_rows)
    return case_of(codes, 1 / (1 + np.exp(-logit)))


def test_a_ranking_that_holds_within_months_and_not_between_them_is_a_fall() -> None:
    case = months()
    blocks = increments_of(AUC, BAR.value, case)
    assert value_of(AUC, case) < 0.55
    assert blocks is not None
    assert evidence_of_fall(blocks).now < 0  # neighbours alone say that the bar is met

    judgement = judge_live(AUC, BAR, case)
    assert judgement.state == "not any more"
    assert judgement.began_at_row == 0


def test_a_fall_among_neighbours_is_found_as_soon_as_by_blocks_alone() -> None:
    rng = np.random.default_rng(1)
    case = case_of(rng.random(1_500) < 0.3, rng.random(1_500))
    blocks = increments_of(AUC, BAR.value, case)
    assert blocks is not None
    alone = evidence_of_fall(blocks)

    at_alarm = int(blocks.ends[alone.log >= ALARM - np.log(0.8)][0])
    assert judge_live(AUC, BAR, rows_of(case, slice(at_alarm))).state == "not any more"
    assert judge_live(AUC, BAR, case).began_at_row == alone.began


def test_a_ranking_at_its_bar_raises_few_alarms_over_a_life() -> None:
    bar, alarms = value_of(AUC, steady(200_000, seed=99)), 0
    for seed in range(30):
        life = steady(3_000, seed=seed)
        looks = (
            judge_live(AUC, replace(BAR, value=bar), rows_of(life, slice(n))) for n in (750, 1_500, 3_000)
        )
        alarms += any(judgement.state == "not any more" for judgement in looks)

    assert alarms <= 3  # 1.5 of 30 and a standard error; in truth none


@pytest.mark.parametrize("metric", ["roc_auc", "balanced_accuracy"])
def test_both_bets_share_one_stake(metric: str) -> None:
    blocks, pooled = bets_against(get_metric(metric), 0.6, months())

    assert (blocks.share, pooled.share) == (0.8, 0.2)
    assert blocks.is_exact
    assert not pooled.is_exact
    assert evidence_of_fall(pooled).now == pytest.approx(
        evidence_of_fall(replace(pooled, share=1.0)).now + np.log(0.2)
    )


def test_pooled_blocks_hold_enough_rows_of_each_class() -> None:
    many, few = months(), steady(4_000, seed=0)
    rare = replace(few, codes=np.where(np.arange(4_000) % 40 == 0, 1, 0))  # 100 of a class: 5 blocks
    rarest = replace(few, codes=np.where(np.arange(4_000) % 80 == 0, 1, 0))  # 50: too few to bet on

    assert [len(bets_against(AUC, 0.6, case)[1].values) for case in (many, few, rare)] == [80, 40, 5]
    assert [bet.share for bet in bets_against(AUC, 0.6, rarest)] == [0.8]


def test_other_metrics_are_one_bet() -> None:
    rng = np.random.default_rng(0)
    numbers = ValueCase(truth=rng.normal(size=500), predicted=rng.normal(size=500))

    assert [bet.share for bet in bets_against(get_metric("rmse"), 1.0, numbers)] == [1.0]
    for metric in ("accuracy", "brier", "average_precision"):
        assert [bet.share for bet in bets_against(get_metric(metric), 0.6, steady(500, seed=0))] == [1.0]
    assert bets_against(AUC, 0.6, rows_of(steady(500, seed=0), slice(10))) == []


@pytest.mark.parametrize("n_rows", [None, 49])
def test_few_outcomes_are_not_judged(n_rows: int | None) -> None:
    case = None if n_rows is None else steady(n_rows, seed=1)
    judgement = judge_live(AUC, BAR, case)
    assert (judgement.state, judgement.bar, judgement.score) == ("too few outcomes", BAR, None)
