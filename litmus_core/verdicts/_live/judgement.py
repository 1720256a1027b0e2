"""The live verdict: a deployed model judged by outcomes against its bar, valid at every evaluation."""

from __future__ import annotations

import math
from dataclasses import replace

from litmus_core.metrics import Metric
from litmus_core.types import Bar, LiveJudgement, LiveState
from litmus_core.verdicts._live.bets import bets_against
from litmus_core.verdicts._live.evidence import ALARM, FallEvidence, evidence_of_fall
from litmus_core.verdicts._live.groups import mean_of, scores_of_groups
from litmus_core.verdicts._live.increments import Case, rows_of, value_of
from litmus_core.verdicts._live.interval import anytime_interval

FEWEST_OUTCOMES = 50


def judge_live(metric: Metric, bar: Bar | None, case: Case | None, *, seed: int = 0) -> LiveJudgement:
    """Judge the rows of ``case``, in the order in which their outcomes arrived, against the ``bar``.

    ``case`` None means no rows yet.
    """
    if case is not None and case.groups is not None:
        return _judged_by_groups(metric, bar, case, seed=seed)
    if case is None or case.n_rows < FEWEST_OUTCOMES:
        return LiveJudgement(state="too few outcomes", bar=bar)
    score = anytime_interval(metric, case, seed=seed)
    if score is None:
        return LiveJudgement(state="too few outcomes", bar=bar)
    if bar is None:
        return LiveJudgement(state="no bar", score=score)
    bets = bets_against(metric, bar.value, case)
    if not bets:
        return LiveJudgement(state="too few outcomes", bar=bar, score=score)
    evidence = max(map(evidence_of_fall, bets), key=lambda evidence: evidence.now)
    since = value_of(metric, rows_of(case, slice(evidence.began, None)))
    is_reached = score.low >= bar.value if bar.is_floor else score.high <= bar.value
    return LiveJudgement(
        state=_state(evidence, is_reached=is_reached, passes=bar.passes(score.value)),
        bar=bar,
        score=score,
        evidence=math.exp(min(evidence.now, 50.0)),
        began_at_row=evidence.began if evidence.now > 0 else None,
        score_since=since if evidence.now > 0 and math.isfinite(since) else None,
    )


def _judged_by_groups(metric: Metric, bar: Bar | None, case: Case, *, seed: int) -> LiveJudgement:
    """Judge groups of rows by their outcomes: one group is a unit, as a row is for other metrics."""
    units, last_rows = scores_of_groups(metric, case)
    judgement = judge_live(mean_of(metric), bar, units, seed=seed)
    began = judgement.began_at_row
    return replace(judgement, began_at_row=None if began is None else int(last_rows[began]))


def _state(evidence: FallEvidence, *, is_reached: bool, passes: bool) -> LiveState:
    if evidence.now >= ALARM:
        return "not any more"
    if evidence.now < 0 and is_reached:
        return "still meets"
    return "probably" if evidence.now < 0 and passes else "doubtful"
