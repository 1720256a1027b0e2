"""What to do next: actions with the gain that cheap trials and earlier outcomes predict of them."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from litmus_core.advice import _curve
from litmus_core.advice._after import afresh
from litmus_core.advice._balancing import balancing
from litmus_core.advice._columns import without_columns
from litmus_core.advice._deciding import decisions
from litmus_core.advice._families import other_families
from litmus_core.advice._faster import faster
from litmus_core.advice._making import makings
from litmus_core.advice._mending import mendings
from litmus_core.advice._more_rows import more_of_the_table
from litmus_core.advice._more_time import FOLDS, TIMES, Longer, in_as_many_folds, more_models, more_time
from litmus_core.advice._predicted import predicted
from litmus_core.advice._probe import Known
from litmus_core.advice._said import Said
from litmus_core.advice._segment_rows import rows_of_segments
from litmus_core.advice._tried import Difference, Tried, best_setting, try_out
from litmus_core.advice._words import gained, rows_of
from litmus_core.types import (
    Action,
    ActionKind,
    ActionList,
    ActionOutcome,
    Candidate,
    Run,
    RunPlan,
    Task,
    Tuning,
)

_MORE_ROWS = 1.5
# What changes what models learn from: a run as short as this one, and all later ones go on with it.
_CARRIED: frozenset[ActionKind] = frozenset({"balanced", "columns", "labels", "made columns"})
_CARRIED_COUNTS = 4.0
# What no click does: rows take people days, where the others take minutes.
_COLLECTED: frozenset[ActionKind] = frozenset({"rows", "class rows", "segment rows"})
_COLLECTED_COUNTS = 0.25
_MOST_CLASSES = 2  # that rows are asked of


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCard:
    """A card that a run did not try, though it could have."""

    key: str
    title: str
    family: str


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What is known after a run, of which nothing comes from its test part.

    ``time_limit_s`` and ``fit_s`` are the run's own, ``n_folds`` 0 where it has none, ``may_fold`` whether
    its rows can be folded; ``story`` [(seconds since the fit began, best validation score so far, more is
    better), ...]; ``outcomes`` of earlier actions in the workspace; ``own`` are what plug-ins propose.
    ``candidates`` are all of the run's, and ``faster`` is the plan that makes variants of the best one, where
    that is outside the budget. ``said`` is what the chosen model answered to the rows that it was scored on,
    ``tail_s`` what scoring and timing takes without training. ``cards`` and ``families`` are what was
    trained, ``offered`` what could have been as well, and ``longer`` a run that adds some of it.

    ``n_drawn`` rows of ``n_there`` were drawn where all do not fit into memory (0: all are in the run), and
    ``roomier`` is a run with twice the memory.
    """

    run: Run
    task: Task
    chosen: Candidate
    time_limit_s: float
    fit_s: float
    n_folds: int
    may_fold: bool
    story: tuple[tuple[float, float], ...]
    outcomes: tuple[ActionOutcome, ...] = ()
    own: tuple[Action, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    faster: RunPlan | None = None
    said: Said | None = None
    tail_s: float = 20.0
    cards: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    offered: tuple[OtherCard, ...] = ()
    longer: Longer | None = None
    n_drawn: int = 0
    n_there: int = 0
    roomier: RunPlan | None = None


def next_actions(situation: Situation, known: Known, *, seconds: float, seed: int = 0) -> ActionList:
    """Return what may be done after a run, the most promising first; takes about ``seconds``."""
    began = time.monotonic()
    found = [*more_time(situation), *situation.own, *decisions(situation, situation.said)]
    left = max(0.5 * seconds, seconds - (time.monotonic() - began))
    tried = try_out(known, seconds=left, seed=seed)
    if tried is not None:
        n_rows = len(known.frame)
        found += [
            *more_models(situation, tried, n_rows=n_rows),  # before folds, which are in it
            *_of_folds(situation, tried, n_rows),
            *_of_tuning(situation, tried, n_rows),
            *(more_of_the_table if situation.n_drawn else _of_rows)(situation, tried, known),
            *other_families(situation, tried, n_rows=n_rows),
            *without_columns(situation, tried, n_rows=n_rows),
            *rows_of_segments(situation, tried, known),
            *mendings(situation, tried, known),
            *balancing(situation, tried, n_rows=n_rows),
            *makings(situation, tried, n_rows=n_rows),
        ]
    # A leak makes all other gains untrue. What is left to people the model does not get right: it comes last.
    found.sort(key=lambda each: (each.kind != "leak", each.kind == "abstain", -_worth(each)))
    chosen, candidates = situation.chosen, situation.candidates
    quicker = faster(situation.task, chosen, candidates, situation.faster, fit_s=situation.fit_s)
    found = [*quicker, *found]  # a model outside the budget ships nowhere
    return ActionList(
        run_id=situation.run.id,
        actions=tuple(found),
        sentence=_summed_up(situation, found, tried),
        n_rows=0 if tried is None else len(tried.probe.known.frame),
        seconds=round(time.monotonic() - began, 2),
    )


def _worth(action: Action) -> float:
    """Return what an action is ranked by: its gain, which counts more where later runs go on with it.

    Of rows that people have to collect it counts less.
    """
    counts = 1.0
    if action.kind in _CARRIED and action.plan:
        counts = _CARRIED_COUNTS
    if action.kind in _COLLECTED and not action.plan:
        counts = _COLLECTED_COUNTS
    return counts * action.gain.value


def _of_folds(situation: Situation, tried: Tried, n_rows: int) -> Iterator[Action]:
    measured = tried.better("bag", "single")
    if situation.n_folds or not situation.may_fold or measured is None:
        return
    share, _ = _curve.share_of(tried)
    expected = _curve.at_all_rows(measured, tried, share, n_rows=n_rows)
    needed = 1.2 * FOLDS * situation.fit_s
    limit = min(max(situation.time_limit_s, needed), 10 * situation.time_limit_s)
    yield Action(
        key="folds",
        kind="folds",
        title=f"Train in {FOLDS} folds",
        sentence=(
            f"Each model is trained {FOLDS} times, each time on other four fifths of the rows, and answers "
            "with the mean."
        ),
        evidence=f"Tried with a quick stand-in: {gained(situation.task, measured.value)}.",
        gain=predicted("folds", expected, situation.outcomes),
        minutes=limit / 60,
        latency=float(FOLDS),
        size=float(FOLDS),
        plan=replace(afresh(situation.run.plan), folds=FOLDS, kfold=None, time_limit_s=limit),
    )


def _of_tuning(situation: Situation, tried: Tried, n_rows: int) -> Iterator[Action]:
    best = best_setting(tried)
    if best is None or situation.run.plan.tuning is not None:
        return
    _, measured = best
    share, _ = _curve.share_of(tried)
    expected = _curve.at_all_rows(measured, tried, share, n_rows=n_rows)
    limit = TIMES * situation.time_limit_s
    plan = in_as_many_folds(situation, limit_s=limit)
    chose = bool(plan.algorithms or plan.models)  # someone, and not Litmus: which models there are
    yield Action(
        key="tune",
        kind="tune",
        title="Look for better settings",
        sentence="Settings of each model that was trained are tried, and the best are trained.",
        evidence=(
            f"Of a few settings tried with a quick stand-in the best one differs by "
            f"{gained(situation.task, measured.value)} on rows that it was not chosen by."
        ),
        gain=predicted("tune", expected, situation.outcomes),
        minutes=limit / 60,
        plan=replace(plan, cards=plan.cards if chose else situation.cards, tuning=Tuning()),
    )


def _of_rows(situation: Situation, tried: Tried, known: Known) -> Iterator[Action]:
    last = tried.better("single", "half")
    if last is None:
        return
    share, unsure = _curve.share_of(tried)
    more = math.log2(_MORE_ROWS)
    n_more = round((_MORE_ROWS - 1) * len(known.frame), 1 - math.floor(math.log10(len(known.frame))))
    there = _curve.at_all_rows(last, tried, share, n_rows=len(known.frame))
    measured = _curve.doublings(there, share, more)
    yield Action(
        key="rows",
        kind="rows",
        title="Collect more rows",
        sentence=f"Add {rows_of(n_more)} like those there are, then train again.",
        evidence=(
            f"The last doubling of the rows brought a quick stand-in {gained(situation.task, last.value)}."
        ),
        gain=predicted("rows", measured, situation.outcomes, more=unsure * abs(measured.value)),
        minutes=situation.time_limit_s / 60,
        curve=_curve.drawn(tried, share),
        page="data",
    )
    yield from _of_classes(situation, tried, known, share)


def _of_classes(situation: Situation, tried: Tried, known: Known, share: float) -> Iterator[Action]:
    """Rows of single classes: doubling those that half as many would miss most."""
    found: list[tuple[float, float, str, int, Difference]] = []
    for code, label in enumerate(known.classes):
        last = tried.better("single", f"class {code}")
        if last is None:
            continue
        there = _curve.at_all_rows(last, tried, share, n_rows=len(known.frame))
        measured = _curve.doublings(there, share, 1.0)
        n_own = int((known.truth.astype(str) == str(label)).sum())
        found.append((measured.value, last.value, str(label), n_own, measured))
    found.sort(key=lambda each: -each[0])
    least = found[-1][2] if len(found) > 2 and found[-1][0] <= 0 else None
    for value, lost, label, n_own, measured in found[:_MOST_CLASSES]:
        if value <= 0:
            continue
        no_help = f" More rows of {least} did not help." if least else ""
        yield Action(
            key=f"rows of {label}",
            kind="class rows",
            title=f"Collect rows of {label}",
            sentence=(
                f"Add {rows_of(n_own)} whose answer is {label}, twice what there is, then train again. They "
                "make it more frequent than it is: say its true share after the model (shift_classes)."
            ),
            evidence=(
                f"Without half of them a quick stand-in did worse by "
                f"{gained(situation.task, lost, signed=False)}.{no_help}"
            ),
            gain=predicted("class rows", measured, situation.outcomes),
            minutes=situation.time_limit_s / 60,
            page="data",
        )


def _summed_up(situation: Situation, found: Sequence[Action], tried: Tried | None) -> str:
    aside = "".join(_aside(situation, each) for each in found if each.kind == "abstain")
    found = [each for each in found if each.kind != "abstain"]
    if found and found[0].kind == "leak":
        return f"{found[0].title}: until then no score here is true."
    if found and found[0].kind == "faster":
        return f"{found[0].title}: the best model is outside the budget."
    helpful = [each for each in found if each.gain.value > 0 and each.gain.high > 0]
    if not found and tried is None:
        return f"There are too few rows to try anything on.{aside}"
    if not helpful:
        return (
            f"Nothing that was tried helps: the score is about what these columns and rows can give.{aside}"
        )
    first, brings = helpful[0], gained(situation.task, helpful[0].gain.value)
    if first.gain.low > 0:
        return f"{first.title}: it should bring {brings}."
    unsure = "" if any(each.gain.low > 0 for each in helpful) else "Nothing is sure to help. "
    return (
        f"{unsure}The best bet: {first.title[0].lower()}{first.title[1:]}, which may bring {brings}.{aside}"
    )


def _aside(situation: Situation, action: Action) -> str:
    """Return what leaving rows to people would bring, for where nothing else is sure to help."""
    brings = gained(situation.task, action.gain.value)
    return f" Leaving the least certain rows to people would bring {brings} on the others."
