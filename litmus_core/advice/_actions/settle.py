"""Settle an undecided verdict: judge by all rows, gather test rows, or promise a bar that the model meets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from litmus_core.advice._derived_plans import folds_as_run
from litmus_core.types import Action, ActionCost, ActionKind, Compression, Gain, Statement, Verdict, WarmStart
from litmus_core.verdicts import chance_to_settle, promised_value

if TYPE_CHECKING:
    from litmus_core.advice._situation import Situation
    from litmus_core.types import Bar

SETTLING: frozenset[ActionKind] = frozenset({"judge", "judge rows", "bar"})
_UNCHANGED = Gain(value=0.0, low=0.0, high=0.0, measured=0.0, is_known=False)
_FOLDS = 5
_MOST_ROWS = 20_000  # with more rows the test set is large, and five more trainings take long
_ROUNDS = 1 + _FOLDS  # trainings that the run takes, in sequence at worst
_FREE = ActionCost(minutes=0.0)


def settling(situation: Situation, *, n_rows: int) -> Iterator[Action]:
    """Propose what would settle an undecided verdict, the quickest first.

    ``n_rows`` is the number of rows outside the test set.
    """
    verdict = situation.run.verdict
    if verdict is None or verdict.bar is None or verdict.outcome != "undecided":
        return
    n_all = n_rows + verdict.score.n_rows
    if _may_judge_by_all(situation, verdict, n_all):
        yield _judge_by_all(situation, verdict, verdict.bar, n_all=n_all)
    if verdict.more_rows is not None:
        yield _gather_rows(verdict, verdict.more_rows)
    if (promised := _other_bar(verdict, verdict.bar)) is not None:
        yield promised


def _may_judge_by_all(situation: Situation, verdict: Verdict, n_all: int) -> bool:
    run, task = situation.run, situation.task
    continued = run.plan.origin_as(WarmStart) or run.plan.origin_as(Compression)
    separate_tests = task.test_version_id or task.validation_version_id
    return not (verdict.outer_folds or continued or separate_tests or n_all > _MOST_ROWS)


def _judge_by_all(situation: Situation, verdict: Verdict, bar: Bar, *, n_all: int) -> Action:
    chance = chance_to_settle(verdict.score, bar, n_rows=n_all, n_evaluations=verdict.n_evaluations + 1)
    limit = max(situation.time.limit_s, _ROUNDS * situation.time.fit_s + situation.time.tail_s)
    plan = situation.plan
    folds = replace(folds_as_run(situation.run, situation.n_folds), outer=_FOLDS)
    return Action(
        key="judge",
        kind="judge",
        title=Statement.of("judge", "title"),
        statements=(Statement.of("judge", "do", n_rows=n_all, n_folds=_FOLDS),),
        evidence=(Statement.of("judge", "chance", n_test=verdict.score.n_rows, chance=float(chance)),),
        gain=replace(_UNCHANGED, settles=round(chance, 2)),
        cost=ActionCost(minutes=limit / 60),
        plan=replace(
            plan,
            folds=replace(folds, refit=folds.n_folds > 0),
            compute=replace(plan.compute, time_limit_s=limit),
        ),
    )


def _gather_rows(verdict: Verdict, n_rows: int) -> Action:
    key = "chance by all" if verdict.outer_folds else "chance"
    n_blocks = verdict.score.blocks_in(n_rows) if verdict.score.has_few_blocks else 0
    return Action(
        key="judge rows",
        kind="judge rows",
        title=Statement.of("judge rows", "title", n_rows=n_rows),
        statements=(Statement.of("judge rows", "do", n_blocks=n_blocks),),
        evidence=(Statement.of("judge rows", key, n_rows=verdict.score.n_rows),),
        gain=replace(_UNCHANGED, settles=0.8),
        cost=_FREE,
        page="data",
    )


def _other_bar(verdict: Verdict, bar: Bar) -> Action | None:
    """Return the bar at the worse end of the interval; None if guessing meets it too."""
    worst = promised_value(verdict, n_evaluations=verdict.n_evaluations)
    if worst is None:
        return None
    return Action(
        key="bar",
        kind="bar",
        title=Statement.of("bar", "title", worst=float(worst), bar=float(bar.value), metric=bar.metric),
        statements=(Statement.of("bar", "do", is_floor=bar.is_floor, bar=float(worst), metric=bar.metric),),
        evidence=(Statement.of("bar", "worst", certainty=float(100 * verdict.certainty)),),
        gain=replace(_UNCHANGED, settles=1.0),
        cost=_FREE,
        page="target",
    )
