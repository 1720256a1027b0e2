"""Summarise many columns of a short table together: a NumPy call takes longer than the counting.

The results equal those of :mod:`number_summary` and :mod:`text_summary` to the last bit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.data._profile.histogram import as_days, as_moment, histogram
from litmus_core.data._profile.number_summary import finite, most_frequent
from litmus_core.data._profile.profile_types import DateRange, NumberFigures, TextFigures, ValueCount
from litmus_core.data._rows.arrow import encoded, values_of
from litmus_core.data._rows.cells import as_text
from litmus_core.types import StoredType

if TYPE_CHECKING:
    import pyarrow as pa

_Array = np.ndarray[Any, Any]


def summarize_numbers(
    columns: Sequence[pa.ChunkedArray], storage: str, *, n_bins: int, n_top: int
) -> list[dict[str, Any]]:
    """Return the summary fields of columns of ``storage`` BIGINT, DOUBLE or TIMESTAMP."""
    by_length: dict[int, list[int]] = {}
    plain = [_plain(column, storage) for column in columns]
    for place, values in enumerate(plain):
        by_length.setdefault(len(values), []).append(place)
    summaries: list[dict[str, Any]] = [{"n_values": 0, "n_distinct": 0} for _ in columns]
    for n_values, places in by_length.items():
        if n_values:
            values = np.stack([plain[place] for place in places])
            for place, fields in zip(places, _number_fields(values, storage, n_bins, n_top), strict=True):
                summaries[place] = fields
    return summaries


def _plain(column: pa.ChunkedArray, storage: str) -> _Array:
    import pyarrow as pa

    if StoredType(storage).stores_times:
        column = column.cast(pa.timestamp("us")).cast(pa.int64())
    if column.null_count:
        column = column.drop_null()
    return values_of(column.chunk(0) if column.num_chunks == 1 else column.combine_chunks())


def _number_fields(values: _Array, storage: str, n_bins: int, n_top: int) -> list[dict[str, Any]]:
    """Return the fields of columns (k, n) without missing values."""
    is_date, n_values = StoredType(storage).stores_times, values.shape[1]
    shown = as_days(values) if is_date else values
    lows, highs = shown.min(axis=1).astype(np.float64), shown.max(axis=1).astype(np.float64)
    counts = _bin_counts(shown, lows, highs, n_bins=n_bins)
    steps = values[:, 1:], values[:, :-1]
    rises, falls = (steps[0] >= steps[1]).all(axis=1), (steps[0] <= steps[1]).all(axis=1)
    in_order = (rises | falls) & (n_values > 1)
    ordered = np.sort(values, axis=1)
    measured = [{}] * len(values) if is_date else _measures(values, ordered, storage)
    n_distinct = 1 + np.count_nonzero(ordered[:, 1:] != ordered[:, :-1], axis=1)
    ends = ordered[:, [0, -1]].tolist() if is_date else []
    most = max(0.5 * n_values, n_bins) if is_date else n_bins
    summaries = []
    for place, fields in enumerate(measured):
        low, high, n_different = float(lows[place]), float(highs[place]), int(n_distinct[place])
        fields = fields | {
            "n_values": n_values,
            "n_distinct": n_different,
            "is_in_order": bool(in_order[place]),
            "histogram": histogram(
                counts[place, :1] if low == high else counts[place], low=low, high=high, is_number=not is_date
            ),
            "top": most_frequent(ordered[place], storage, n_top=n_top) if n_different <= most else (),
        }
        if is_date:
            first, last = (as_moment(end).isoformat() for end in ends[place])
            fields |= {"dates": DateRange(first=first, last=last)}
        summaries.append(fields)
    return summaries


def _bin_counts(values: _Array, lows: _Array, highs: _Array, *, n_bins: int) -> _Array:
    """Return how many values fall into each bin (k, n_bins): the first one if all are equal."""
    widths = highs / n_bins - lows / n_bins
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        places = np.nan_to_num(np.floor((values - lows[:, None]) / widths[:, None]))
    places = np.clip(places, 0, n_bins - 1).astype(np.int64)
    places[lows == highs] = 0
    places += n_bins * np.arange(len(values))[:, None]
    return np.bincount(places.ravel(), minlength=n_bins * len(values)).reshape(len(values), n_bins)


def _measures(values: _Array, ordered: _Array, storage: str) -> list[dict[str, Any]]:
    n_values = values.shape[1]
    numbers = values.astype(np.float64, copy=False)
    with np.errstate(over="ignore", invalid="ignore"):
        means = numbers.mean(axis=1)
        squares = np.square(numbers - means[:, None]).sum(axis=1)
        squares += np.square(means) * 0  # too large to square: no deviation
    quartiles = [_quantiles(ordered, share).tolist() for share in (0.25, 0.5, 0.75)]
    lows, highs = values.min(axis=1).tolist(), values.max(axis=1).tolist()
    return [
        {
            "numbers": NumberFigures(
                low=float(low),
                high=float(high),
                mean=finite(mean),
                std=finite(None if n_values < 2 else math.sqrt(square / (n_values - 1))),
                quartiles=(finite(lower), finite(median), finite(upper)),
            ),
            "span": high - low + 1 if StoredType(storage).stores_whole_numbers else 0,
        }
        for low, high, mean, square, lower, median, upper in zip(
            lows, highs, means.tolist(), squares.tolist(), *quartiles, strict=True
        )
    ]


def _quantiles(ordered: _Array, share: float) -> _Array:
    """Return the quantiles at ``share``, interpolated linearly."""
    place = share * (ordered.shape[1] - 1)
    below = math.floor(place)
    first = ordered[:, below].astype(np.float64)
    then = ordered[:, min(below + 1, ordered.shape[1] - 1)].astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(first + (then - first) * (place - below))


def summarize_texts(columns: Sequence[pa.ChunkedArray], *, n_rows: int, n_top: int) -> list[dict[str, Any]]:
    """Return the summary fields of text columns with ``n_rows`` rows."""
    import pyarrow.compute as pc

    if not n_rows:
        return [{"n_values": 0, "n_distinct": 0} for _ in columns]
    texts, codes = encoded(columns, n_rows=n_rows)
    codes = np.sort(codes, axis=1)
    is_text = values_of(texts.is_valid())
    letters = values_of(pc.utf8_length(texts).fill_null(0))
    spaces = values_of(pc.count_substring(texts, " ").fill_null(0))
    n_texts = is_text[codes].sum(axis=1).tolist()
    n_letters = letters[codes].sum(axis=1, dtype=np.int64).tolist()
    n_spaces = spaces[codes].sum(axis=1, dtype=np.int64).tolist()
    longest = letters[codes].max(axis=1).tolist()
    words: list[str | None] = texts.to_pylist()
    summaries: list[dict[str, Any]] = []
    for place, n_values in enumerate(n_texts):
        if not n_values:
            summaries.append({"n_values": 0, "n_distinct": 0})
            continue
        begins = np.flatnonzero(np.diff(codes[place], prepend=-1))
        different, counts = codes[place][begins], np.diff(begins, append=n_rows)
        if n_values < n_rows:
            different, counts = (array[is_text[different] == 1] for array in (different, counts))
        repeats = len(different) <= max(0.5 * n_rows, 20)
        summaries.append(
            {
                "n_values": n_values,
                "n_distinct": len(different),
                "top": _top(words, different, counts, n_top=n_top) if repeats else (),
                "texts": TextFigures(
                    mean_letters=n_letters[place] / n_values,
                    most_letters=longest[place],
                    mean_words=n_spaces[place] / n_values + 1,
                ),
            }
        )
    return summaries


def _top(
    words: Sequence[str | None], different: _Array, n_rows: _Array, *, n_top: int
) -> tuple[ValueCount, ...]:
    """Return the most frequent texts, alphabetically among equals."""
    if len(different) > n_top:
        fewest = np.partition(n_rows, -n_top)[-n_top]
        different, n_rows = different[n_rows >= fewest], n_rows[n_rows >= fewest]
    pairs = [(words[code] or "", n) for code, n in zip(different.tolist(), n_rows.tolist(), strict=True)]
    pairs.sort(key=lambda pair: (-pair[1], pair[0].encode()))
    return tuple(ValueCount(value=as_text(text), n_rows=n) for text, n in pairs[:n_top])
