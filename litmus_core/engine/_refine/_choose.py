"""Choose variants of a candidate: ensembles within a share of its time, and members with fewer trees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.engine._catalog.selection import title_of
from litmus_core.engine._fit.compression import CompressionSource
from litmus_core.engine._refine._costs import Costs, costs_of, sizes_of
from litmus_core.engine._refine._pool import PoolEntry, Student, TeacherPool, pool_of
from litmus_core.engine._refine._score import scorer_of
from litmus_core.engine._refine._select import EnsemblePart, Limit, Score, prune, select
from litmus_core.engine._run_folder.folder import predictor_path
from litmus_core.engine._run_folder.variants import ChosenVariant, Variant, Weighing
from litmus_core.errors import TrainingError

if TYPE_CHECKING:
    import pandas as pd

_MANY_ROWS = 1_000  # the larger of the timed call sizes
_FIXED = 0.15  # of a member's cost, independent of the number of trees
_MARGIN = 0.9  # of a limit: estimates are not measurements
_LEAST_WORK = 0.25  # of the share of work that remains after preparing columns
_PRUNED_LOSS = 0.005  # of the way from the constant prediction: the allowed cost of dropping members
_SHARES = {0.5: "half", 0.25: "a quarter of", 0.1: "a tenth of", 0.125: "an eighth of"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Option:
    """An entry of the pool, unchanged or retrained on all rows; ``costs`` are by index of Costs.

    ``n_bytes`` is its size on disk; 0 if no limit needs it.
    """

    entry: PoolEntry
    again: bool
    costs: tuple[float, ...]
    n_bytes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """A choice: its purpose, its weights by the option's index, its score, its costs, its size last."""

    name: str
    weights: dict[int, float]
    score: float
    costs: tuple[float, ...]


def choose_variants(
    refined: CompressionSource, rows: pd.DataFrame, students: Sequence[Student] = (), *, seed: int
) -> ChosenVariant:
    """Return the variants of the compressed candidate and its ``students``; ``rows`` are raw, for timing.

    Everything is chosen on validation or out-of-fold predictions. Raises TrainingError if there is no
    variant.
    """
    pool = pool_of(refined.folder, refined.model, students)
    members = {entry.member: entry.folder for entry in pool.entries}
    batches = sorted({1, _MANY_ROWS, refined.batch_rows})
    costs = costs_of(refined.folder, refined.model, members, rows, batches=batches)
    sizes = {} if refined.limit_bytes is None else sizes_of({**members, refined.model: refined.folder})
    options = _options(pool, costs, sizes)
    score, constant = scorer_of(refined.folder, pool.truth, seed=seed)
    limits = list(_limits(refined, costs, sizes.get(refined.model, 0)))
    choices = _pareto_front(list(_choices(limits, options, costs, score, constant)))
    fresh = [choice for choice in choices if not _is_existing(choice, options)]
    if not fresh:
        present_members = [options[at].entry.member for choice in choices for at in choice.weights]
        raise _no_variant_error(dict.fromkeys(present_members))
    return _chosen_variants(pool, options, fresh)


def _options(pool: TeacherPool, costs: Sequence[Costs], sizes: Mapping[str, int]) -> list[_Option]:
    """Return the options of the pool; ``sizes`` are in bytes by member, if they count."""
    options = []
    for entry in pool.entries:
        if any(entry.member not in cost.members for cost in costs):
            continue
        part = _FIXED + (1 - _FIXED) * entry.share
        member_costs = [cost.members[entry.member] * part for cost in costs]
        n_bytes = sizes.get(entry.member, 0) * part
        if not entry.narrow:  # those save more columns than they cost
            member_costs = [max(0.0, cost) for cost in member_costs]
        options.append(_Option(entry=entry, again=False, costs=tuple(member_costs), n_bytes=n_bytes))
        if entry.again:
            per_fold = tuple(cost / entry.n_folds for cost in member_costs)
            options.append(_Option(entry=entry, again=True, costs=per_fold, n_bytes=n_bytes / entry.n_folds))
    return options


def _choices(
    limits: Sequence[tuple[str, int, Limit]],
    options: Sequence[_Option],
    costs: Sequence[Costs],
    score: Score,
    constant: float,
) -> Iterator[_Choice]:
    """Yield choices for each limit: of the existing models, and of those retrained on all rows."""
    for again in sorted({option.again for option in options}):
        positions = [at for at, option in enumerate(options) if option.again == again]
        places = [at for at in positions if not options[at].entry.narrow]
        narrow = [at for at in positions if options[at].entry.narrow]
        for name, at, limit in limits:
            for offered in (places, *([choice] for choice in narrow)):
                parts = [_part(options[place], at) for place in offered]
                weights = select(parts, limit=limit, score=score)
                if weights:
                    yield _ensemble_variant(name, weights, offered, options, costs, score)
        members = [at for at in places if not options[at].entry.is_student]
        yield from _pruned(options, members, costs, score, constant)
        if (
            len({options[place].entry.member for place in members}) == 1
        ):  # one member: only its trees can be left out
            for at in range(len(members)):
                yield _ensemble_variant("", {at: 1.0}, members, options, costs, score)


def _pruned(
    options: Sequence[_Option], places: Sequence[int], costs: Sequence[Costs], score: Score, constant: float
) -> Iterator[_Choice]:
    """Yield the best choice of whole members, without those that add almost nothing."""
    complete = [place for place in places if options[place].entry.share == 1.0]
    if len(complete) < 3:
        return
    parts = [_part(options[place], len(costs) - 1) for place in complete]
    free = select(parts, limit=Limit(np.inf), score=score)
    best = _ensemble_variant("", free, complete, options, costs, score)
    allowed = _PRUNED_LOSS * abs(best.score - constant)
    yield _ensemble_variant(
        "fewer models",
        prune(free, parts, score=score, allowed_loss=allowed),
        complete,
        options,
        costs,
        score,
    )


def _part(option: _Option, at: int) -> EnsemblePart:
    return EnsemblePart(option.entry.predictions, option.costs[at], option.entry.member, option.n_bytes)


def _ensemble_variant(
    name: str,
    weights: dict[int, float],
    places: Sequence[int],
    options: Sequence[_Option],
    costs: Sequence[Costs],
    score: Score,
) -> _Choice:
    weights_by_place = {places[at]: weight for at, weight in weights.items()}
    mixed = np.sum(
        [weight * options[place].entry.predictions for place, weight in weights_by_place.items()], axis=0
    )
    spent = tuple(
        sum(options[place].costs[at] for place in weights_by_place) + cost.columns
        for at, cost in enumerate(costs)
    )
    n_bytes = sum(options[place].n_bytes for place in weights_by_place)
    return _Choice(name=name, weights=weights_by_place, score=score(mixed), costs=(*spent, n_bytes))


def _limits(
    refined: CompressionSource, costs: Sequence[Costs], n_bytes: int
) -> Iterator[tuple[str, int, Limit]]:
    """Yield (description, index among the costs, the members' limit) for each limit.

    ``n_bytes`` is the compressed candidate's size on disk, if it counts. If preparing the columns alone takes
    too long, only the members' own work is reduced. The task's limit comes first, then the strictest share: a
    choice that keeps several is named after the first.
    """
    most_ms = _MARGIN * _MARGIN * (refined.limit_ms or np.inf)
    most_bytes = _MARGIN * (refined.limit_bytes or np.inf)
    for place, cost in enumerate(costs):
        is_outside = most_ms < cost.total or most_bytes < n_bytes
        if cost.batch_rows == refined.batch_rows and is_outside:
            yield "inside the budget", place, Limit(most_ms - cost.columns, most_bytes)
    for share in sorted(refined.shares):
        for place, limit in reversed(list(enumerate(costs))):
            how = ", row by row" if limit.batch_rows == 1 else ""
            work = share * (limit.total - limit.columns)
            left = _MARGIN * share * limit.total - limit.columns
            if left > _LEAST_WORK * work:
                yield f"{part_of(share)} the time{how}", place, Limit(left)
            else:
                yield f"{part_of(share)} the work{how}", place, Limit(work)


def part_of(share: float) -> str:
    """Return a share as text.

    >>> part_of(0.25), part_of(0.2)
    ('a quarter of', '20 % of')
    """
    return _SHARES.get(share, f"{share:.0%} of".replace("%", " %"))


def _no_variant_error(members_of: Iterable[str]) -> TrainingError:
    """Return the error for a candidate whose members beat every possible variant."""
    names = ", ".join(f"'{title_of(name)}'" for name in members_of)
    best = f"Of what takes less time {names} does best, and is there already." if names else ""
    return TrainingError(
        f"No faster variant of this model is worth making. {best}".strip(),
        hint="Choose that one, or train a quicker family.",
    )


def _pareto_front(variants: Sequence[_Choice]) -> list[_Choice]:
    """Return the distinct choices that no other dominates in score and all costs."""
    unbeaten: list[_Choice] = []
    keys: set[frozenset[tuple[int, float]]] = set()
    for variant in variants:
        key = frozenset((at, round(weight, 6)) for at, weight in variant.weights.items())
        if key in keys:
            continue
        keys.add(key)
        unbeaten.append(variant)
    return [
        one for one in unbeaten if not any(_dominates(other, one) for other in unbeaten if other is not one)
    ]


def _is_existing(variant: _Choice, options: Sequence[_Option]) -> bool:
    """Return whether the choice is an unchanged member: a candidate of the earlier run."""
    (first, *more) = (options[at] for at in variant.weights)
    return not more and not first.again and first.entry.share == 1.0 and not first.entry.is_student


def _dominates(one: _Choice, other: _Choice) -> bool:
    pairs = list(zip(one.costs, other.costs, strict=True))
    return (
        one.score >= other.score
        and all(a <= b for a, b in pairs)
        and (one.score > other.score or any(a < b for a, b in pairs))
    )


def _chosen_variants(
    pool: TeacherPool, options: Sequence[_Option], variants_of: Sequence[_Choice]
) -> ChosenVariant:
    """Return the variants and ensembles to make for the choices."""
    variants: dict[str, Variant] = {}
    weighings: list[Weighing] = []
    shown: list[str] = []
    again: list[str] = []
    shown_again: list[str] = []
    for variant in variants_of:
        parts = [(options[at], weight) for at, weight in variant.weights.items()]
        for option, _ in parts:
            name = _variant_name(option.entry)
            models = predictor_path(option.entry.folder) / "models"
            before = str((models / option.entry.member).absolute())
            variants[name] = Variant(name=name, before=before, share=option.entry.share)
            if option.again:
                again.append(name)
        on_all_rows = parts[0][0].again
        if len(parts) == 1:
            (shown_again if on_all_rows else shown).append(_variant_name(parts[0][0].entry))
            continue
        name = (
            f"{variant.name} {len(weighings) + 1}"
            if variant.name in {w.name for w in weighings}
            else variant.name
        )
        weights = tuple((_variant_name(option.entry), weight) for option, weight in parts)
        weighings.append(Weighing(name=name, weights=weights, on_all_rows=on_all_rows))
    return ChosenVariant(
        variants=tuple(variants.values()),
        weighings=tuple(weighings),
        shown=tuple(dict.fromkeys(shown)),
        again=tuple(dict.fromkeys(again)),
        shown_again=tuple(dict.fromkeys(shown_again)),
        notes=pool.notes,
    )


def _variant_name(entry: PoolEntry) -> str:
    plain = entry.member.split("_BAG_")[0]
    if entry.share == 1.0:
        return plain
    trees_note = f"{part_of(entry.share)} its trees"
    return f"{plain}, {trees_note}" if "-" in plain else f"{plain}-{trees_note}"
