"""How much a random split flatters: the same quick model, judged at random and by a structured split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from litmus_core.checks._quick import Floats, Ints, Quick, quick_model
from litmus_core.checks._words import plain_score

if TYPE_CHECKING:
    from litmus_core.checks._table import Table

_FOLDS = 4
_MATERIAL = 0.03  # of the way from guessing to always right
_ERRORS = 2.5  # standard errors of the difference
_FEWEST_ROWS = 80
_MOST_ROWS = 8_000
_BLOCKS = 8  # of time: the last ones are answered from all before them
_TESTED_BLOCKS = 4
_STRETCHES_PER_BLOCK = 5


@dataclass(frozen=True)
class Flattery:
    """Scores of one quick model under a random and a structured split of the same rows.

    ``difference`` is that of the skills: 0 is nothing, 1 all there is. ``certainty`` is how many standard
    errors the rows' losses rose by, where the rows of one group (or stretch of time) count as one.
    """

    scale: str
    random: float
    structured: float
    difference: float
    certainty: float

    @property
    def is_material(self) -> bool:
        """Whether the difference is beyond noise and large enough to mislead."""
        return self.difference >= _MATERIAL and self.certainty >= _ERRORS

    @property
    def points(self) -> float:
        """Hundredths of the score by which the random split flatters."""
        return 100 * (self.random - self.structured)

    def said(self, structured: str) -> str:
        """Return both scores in words."""
        noise = f", give or take {2 * self.points / self.certainty:.1f}" if self.certainty > 1 else ""
        return (
            f"Quick model at random: {self.scale} {plain_score(self.random)}; {structured}: "
            f"{plain_score(self.structured)} (difference in points: {self.points:.1f}{noise})."
        )


def flattery_of_groups(table: Table, groups: Ints) -> Flattery | None:
    """Compare random folds with folds that keep each of ``groups`` (one code per row of the sample) whole.

    None where rows or groups are too few.
    """
    codes = np.unique(groups[table.question.rows], return_inverse=True)[1]
    n_groups = int(codes.max(initial=-1)) + 1
    if len(codes) < _FEWEST_ROWS or n_groups < 2 * _FOLDS:
        return None
    kept = _some_groups(codes, np.random.default_rng([table.seed, 19]))
    tried = []
    for seed in (table.seed, table.seed + 1):
        rng = np.random.default_rng([seed, 37])
        whole = rng.permutation(np.arange(n_groups) % _FOLDS)[codes[kept]]
        mixed = rng.permutation(np.arange(len(kept)) % _FOLDS)
        tried.append(tuple(_judged(table, _as_pairs(kept, folds)) for folds in (mixed, whole)))
    return _flattery(tried, kept, codes[kept])


def flattery_of_time(table: Table, times: Floats) -> Flattery | None:
    """Answer late rows from all earlier ones, and from as many of any time; ``times`` are the sample's."""
    moments = times[table.question.rows]
    known = np.flatnonzero(~np.isnan(moments))
    if len(known) < 2 * _FEWEST_ROWS:
        return None
    rng = np.random.default_rng([table.seed, 23])
    if len(known) > _MOST_ROWS:
        known = np.sort(rng.choice(known, _MOST_ROWS, replace=False))
    ordered = known[np.argsort(moments[known], kind="stable")]
    blocks = np.array_split(ordered, _BLOCKS)
    forward, mixed, asked_rows = [], [], []
    for place in range(_BLOCKS - _TESTED_BLOCKS, _BLOCKS):
        held = blocks[place]
        before = ordered[moments[ordered] < moments[held[0]]]
        if len(before) < _FEWEST_ROWS // 2:
            return None
        # A random split learns from rows of the test's own time, too: half of them, with others of any time.
        half = rng.permutation(len(held)) < len(held) // 2
        others = rng.permutation(np.setdiff1d(ordered, held))[: len(before) - int(half.sum())]
        asked = held[~half]
        forward.append((before, asked))
        mixed.append((np.concatenate([held[half], others]), asked))
        asked_rows.append(asked)
    stretches = [
        np.full(len(part), place)
        for place, part in enumerate(
            part for asked in asked_rows for part in np.array_split(asked, _STRETCHES_PER_BLOCK)
        )
    ]
    tried = [(_judged(table, mixed), _judged(table, forward))]
    return _flattery(tried, np.concatenate(asked_rows), np.concatenate(stretches))


def _flattery(tried: Sequence[tuple[Quick, ...]], rows: Ints, units: Ints) -> Flattery:
    """Average over ``tried`` (random, structured); the noise is that of the losses' sums over ``units``."""
    question = tried[0][0].question
    at_random, structured = np.mean([[each.score for each in pair] for pair in tried], axis=0)
    rise = np.mean([pair[1].losses[rows] - pair[0].losses[rows] for pair in tried], axis=0)
    sums = np.bincount(units, weights=rise - rise.mean())
    error = float(np.sqrt(np.square(sums).sum())) / len(rows)
    return Flattery(
        scale=question.scale,
        random=float(at_random),
        structured=float(structured),
        difference=float(at_random - structured) / (1 - question.chance),
        certainty=float(rise.mean()) / error if error else 0.0,
    )


def _judged(table: Table, folds: Sequence[tuple[Ints, Ints]]) -> Quick:
    hidden = table.leaks.columns
    columns = [table.version.column(name) for name in table.suggestion.features if name not in hidden]
    return quick_model(table.sample, columns, table.question, folds=folds, seed=table.seed)


def _as_pairs(kept: Ints, folds: Ints) -> list[tuple[Ints, Ints]]:
    return [(kept[folds != each], kept[folds == each]) for each in range(_FOLDS)]


def _some_groups(codes: Ints, rng: np.random.Generator) -> Ints:
    """Return the rows of as many groups as give 8,000 rows."""
    if len(codes) <= _MOST_ROWS:
        return np.arange(len(codes))
    order = rng.permutation(int(codes.max()) + 1)
    sizes = np.bincount(codes)[order]
    chosen = order[: max(2 * _FOLDS, int((np.cumsum(sizes) <= _MOST_ROWS).sum()))]
    return np.flatnonzero(np.isin(codes, chosen))
