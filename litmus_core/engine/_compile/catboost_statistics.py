"""CatBoost's statistics: the training targets of a category, or of several inputs together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from litmus_core.compiled import PlanStep, Source
from litmus_core.engine._compile.catboost_hash import numbered
from litmus_core.engine._compile.trees import Array
from litmus_core.errors import NotCompilableError

_NO_ROW = 2**64 - 1  # the key of an empty slot in CatBoost's tables
NumberPart = tuple[Source, float, bool]  # 1 above the cut; whether a missing value is 1, too
CodePart = tuple[Source, tuple[int, ...]]  # the entry of each code, the last one for all unknown codes


@dataclass(frozen=True, slots=True, eq=False)
class StatisticsTable:
    """One of CatBoost's tables: sorted ``keys`` (k,), and the ``counts`` (k + 1, m) of each.

    The last row of counts is for unknown keys.
    """

    keys: Array
    counts: Array
    denominator: float

    @classmethod
    def of(cls, exported: Mapping[str, Any]) -> StatisticsTable:
        """Return an exported table: each key followed by its counts."""
        rows, stride = exported["hash_map"], exported["hash_stride"]
        keys = np.array([int(key) for key in rows[::stride]], dtype=np.uint64)
        counts = np.array([rows[at::stride] for at in range(1, stride)], dtype=np.float64).reshape(
            stride - 1, -1
        )
        order = np.argsort(keys, kind="stable")
        order = order[keys[order] != _NO_ROW]
        nothing = np.zeros((stride - 1, 1))
        return cls(
            keys[order],
            np.concatenate([counts[:, order], nothing], axis=1).T,
            exported["counter_denominator"],
        )

    def places(self, keys: Array) -> Array:
        """Return the indexes of ``keys`` in the counts."""
        if not self.keys.size:
            return np.zeros(len(keys), dtype=np.int64)
        nearest = np.minimum(np.searchsorted(self.keys, keys), self.keys.size - 1)
        return np.where(self.keys[nearest] == keys, nearest, self.keys.size)

    def values(self, statistic: Mapping[str, Any], keys: Array) -> Array:
        """Return the statistic of each key, in float32 as CatBoost computes it."""
        counts = self.counts[self.places(keys)]
        good, total = _good_and_total(statistic, counts, self.denominator)
        prior, weight = np.float32(statistic["prior_numerator"]), np.float32(statistic["prior_denomerator"])
        shift, scale = np.float32(statistic["shift"]), np.float32(statistic["scale"])
        share = (good.astype(np.float32) + prior) / (total.astype(np.float32) + weight)
        scaled: Array = (share + shift) * scale
        return scaled

    def ranks(self, statistic: Mapping[str, Any], keys: Array) -> Array:
        """Return how many of the statistic's borders lie below its values."""
        borders = np.array(statistic["borders"], dtype=np.float32)
        return np.searchsorted(borders, self.values(statistic, keys), side="left")


def _good_and_total(statistic: Mapping[str, Any], counts: Array, denominator: float) -> tuple[Array, Array]:
    kind = statistic["ctr_type"]
    if kind in ("Counter", "FeatureFreq"):
        return counts[:, 0], np.full(len(counts), denominator)
    border = statistic["target_border_idx"]
    if kind == "Borders":
        return counts[:, border + 1 :].sum(axis=1), counts.sum(axis=1)
    if kind == "Buckets":
        return counts[:, border], counts.sum(axis=1)
    if kind == "BinarizedTargetMeanValue":
        return counts[:, 0], counts[:, 1]
    raise NotCompilableError(f"CatBoost's statistic '{kind}' has no compiler")


@dataclass(slots=True)
class CombinationStatistics:
    """Collects the statistics of input combinations that trees read, as one step called ``name``."""

    name: str
    _of: dict[tuple[int, ...], list[tuple[Mapping[str, Any], StatisticsTable]]] = field(default_factory=dict)
    _columns: list[tuple[tuple[int, ...], int]] = field(default_factory=list)
    _places: dict[NumberPart | CodePart, int] = field(default_factory=dict)

    def add(
        self, statistic: Mapping[str, Any], table: StatisticsTable, parts: Sequence[NumberPart | CodePart]
    ) -> Source:
        """Return the source of the statistic's rank; ``parts`` are in hashing order."""
        combination = tuple(self._places.setdefault(part, len(self._places)) for part in parts)
        entries = self._of.setdefault(combination, [])
        self._columns.append((combination, len(entries)))
        entries.append((statistic, table))
        return self.name, len(self._columns) - 1

    def step(self) -> PlanStep | None:
        """Return the step; None if nothing was added."""
        if not self._columns:
            return None
        parts = list(self._places)
        numbers = [place for place, part in enumerate(parts) if len(part) == 3]
        codes = [place for place, part in enumerate(parts) if len(part) == 2]
        turned = {place: at for at, place in enumerate([*numbers, *codes])}
        ordered = sorted(self._of, key=lambda combination: -len(combination))
        at = {combination: place for place, combination in enumerate(ordered)}
        turns = [
            [turned[combination[turn]] for combination in ordered if len(combination) > turn]
            for turn in range(len(ordered[0]))
        ]
        arrays = {
            "parts": np.array([part for turn in turns for part in turn], dtype=np.int32),
            "n_parts": np.array([len(combination) for combination in ordered], dtype=np.int32),
            "combination": np.array([at[column] for column, _ in self._columns], dtype=np.int32),
            "column": np.array([column for _, column in self._columns], dtype=np.int32),
        }
        of_numbers: list[Any] = [parts[place] for place in numbers]
        of_codes: list[Any] = [parts[place] for place in codes]
        arrays["cuts"] = np.array([cut for _, cut, _ in of_numbers], dtype=np.float64)
        arrays["missing"] = np.array([missing for _, _, missing in of_numbers], dtype=np.bool_)
        arrays["entries"] = np.array([column for _, code in of_codes for column in code], dtype=np.int32)
        arrays["n_entries"] = np.array([len(code) for _, code in of_codes], dtype=np.int32)
        sources = [list(source) for source, _, _ in of_numbers]
        reads = {str(block) for block, _ in sources} - {"number", "token", "category"}
        return PlanStep(
            id=self.name,
            kind="combinations",
            of=tuple(sorted(reads)),
            settings={"numbers": sources, "categories": [source[1] for source, _ in of_codes]},
            arrays=arrays | _looked_up([self._of[combination] for combination in ordered]),
        )


def _looked_up(
    combinations: Sequence[Sequence[tuple[Mapping[str, Any], StatisticsTable]]],
) -> dict[str, Array]:
    """Return the keys of all combinations, where each one's statistics lie, and all statistics."""
    keys, places, unknown, flat = [], [], [], []
    start = 0
    for number, statistics in enumerate(combinations):
        all_keys = np.unique(np.concatenate([table.keys for _, table in statistics]))
        rows_of = np.append(all_keys, np.uint64(_NO_ROW))  # the last one is for all unknown keys
        ranks = np.stack([table.ranks(statistic, rows_of) for statistic, table in statistics], axis=1)
        rows, row = np.unique(ranks, axis=0, return_inverse=True)
        row = row.reshape(-1)
        is_present = row[:-1] != row[-1]
        keys.append(numbered(all_keys[is_present], number))
        places.append(start + row[:-1][is_present] * rows.shape[1])
        unknown.append(start + int(row[-1]) * rows.shape[1])
        flat.append(rows.reshape(-1))
        start += rows.size
    joined, first = np.unique(np.concatenate(keys), return_index=True)
    if len(joined) != sum(map(len, keys)):
        raise NotCompilableError("two of its statistics have the same name")
    if not len(joined):  # no known key differs from unknown ones
        joined, first = np.zeros(1, dtype=np.uint64), np.zeros(1, dtype=np.int64)
        places = [np.array(unknown[:1])]
    return {
        "keys": joined,
        "places": np.concatenate(places)[first].astype(np.int32),
        "unknown": np.array(unknown, dtype=np.int32),
        "flat": np.concatenate(flat).astype(np.int16),
    }
