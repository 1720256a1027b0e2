"""Add engineered columns with which the surrogate did better."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.advice import _learning_curve
from litmus_core.advice._gain_calibration import calibrate_gain
from litmus_core.advice._trials.feature_crosses import Group, strongest_groups
from litmus_core.advice._trials.feature_engineering import (
    COUNTS,
    CROSSES,
    DATE_PARTS,
    DATES,
    PAIRS,
    dates_of,
    strongest_names,
)
from litmus_core.advice._trials.runner import TrialResults
from litmus_core.builtin_preprocessors import crosses_of, pairs_of, reference_of
from litmus_core.types import Action, ActionCost, PluginRef, Statement

if TYPE_CHECKING:
    from litmus_core.advice._situation import Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class _EngineeredKind:
    """A kind of engineered columns: step, compared trials, title, and keys of ``texts``."""

    step: str
    way: str
    than: str
    title: Statement
    texts: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...] = ()


def propose_feature_engineering(
    situation: Situation, trials: TrialResults, *, n_rows: int
) -> Iterator[Action]:
    """Propose each kind of engineered columns that helped the surrogate model, as a pre-processing step."""
    plan = situation.plan
    references = {part.reference for part in plan.preprocess}
    share, _ = _learning_curve.next_doubling_share(trials)
    for kind in _kinds(situation, trials):
        measured, reference = trials.better(kind.way, kind.than), reference_of(kind.step)
        if reference in references or measured is None:
            continue
        step = PluginRef(point="preprocess", reference=reference, parameters=kind.parameters)
        expected = _learning_curve.extrapolate_gain(measured, trials, share, n_rows=n_rows)
        yield Action(
            key=f"made {kind.way}",
            kind="made columns",
            title=kind.title,
            statements=tuple(Statement.of("made columns", text) for text in kind.texts),
            evidence=(
                Statement.of(
                    "made columns", "tried", gain=float(measured.value), metric=situation.task.metric
                ),
            ),
            gain=calibrate_gain("made columns", expected, situation.outcomes),
            cost=ActionCost(minutes=situation.time.limit_s / 60),
            plan=replace(plan, preprocess=(step, *plan.preprocess)),
        )


def _uses_frequencies(situation: Situation) -> bool:
    """Return whether a model of the run already uses category frequencies."""
    from litmus_core.engine import counts_categories

    return counts_categories(situation.families.keys)


def _kinds(situation: Situation, trials: TrialResults) -> Iterator[_EngineeredKind]:
    seed = situation.task.seed
    if _helps(trials, COUNTS, "single") and not _uses_frequencies(situation):
        yield _EngineeredKind(
            step="Counts",
            way=COUNTS,
            than="single",
            title=Statement.of("made columns", "title counts"),
            texts=("counts",),
        )
    crossed = trials.better(CROSSES, "single")
    if crossed is not None and crossed.may_help:  # for groups that other rows show to be more than chance
        groups = strongest_groups(trials.surrogate, np.arange(len(trials.surrogate.matrix)), seed=seed)
        if groups:
            yield _EngineeredKind(
                step="Crosses",
                way=CROSSES,
                than="single",
                title=Statement.of("made columns", "title crosses", groups=crosses_of(groups)),
                texts=_cross_reasons(groups),
                parameters=(("columns", crosses_of(groups)),),
            )
    if _helps(trials, PAIRS, "single"):
        names = strongest_names(trials.surrogate, seed=seed)
        if len(names) > 1:
            yield _EngineeredKind(
                step="Pairs",
                way=PAIRS,
                than="single",
                title=Statement.of("made columns", "title pairs", columns=names),
                texts=("pairs",),
                parameters=(("columns", pairs_of(names)),),
            )
    if _helps(trials, DATES, DATE_PARTS):
        yield _EngineeredKind(
            step="RoundDates",
            way=DATES,
            than=DATE_PARTS,
            title=Statement.of("made columns", "title dates", columns=dates_of(trials.surrogate)),
            texts=("dates",),
        )


def _helps(trials: TrialResults, way: str, than: str) -> bool:
    measured = trials.better(way, than)
    return measured is not None and measured.helps


def _cross_reasons(groups: Sequence[Group]) -> tuple[str, ...]:
    together = any(len(group) > 1 for group in groups)
    names = any(len(group) == 1 for group in groups)
    return (*(["together"] if together else []), *(["names"] if names else []))
