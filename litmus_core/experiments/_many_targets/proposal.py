"""Which columns of a table may be targets together: tags, yes/no columns, numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from litmus_core.many_targets import FEWEST, SEPARATORS, split_tags
from litmus_core.types import Column, DatasetVersion

if TYPE_CHECKING:
    import pandas as pd

_LONGEST = 40  # characters of a tag; prose between commas is longer
_FREQUENT = 0.5  # of all tags, the share of those that enough rows have


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsProposal:
    """Columns that may be targets. Of ``texts``, ``tags`` look like tags, the likeliest first.

    ``alike`` are yes/no columns of the same two values, where there are several: they may belong together.
    """

    texts: tuple[str, ...]
    tags: tuple[str, ...]
    labels: tuple[str, ...]
    numbers: tuple[str, ...]
    alike: tuple[str, ...]


def propose_targets(version: DatasetVersion, table: pd.DataFrame) -> TargetsProposal:
    """Return which columns of ``table`` to begin with; all are empty where none can be targets together."""
    labels = [column for column in version.columns if column.n_distinct == 2]
    texts = [column.name for column in version.columns if column.n_distinct > 2 and column.stores_text]
    return TargetsProposal(
        texts=tuple(texts),
        tags=_tag_columns(texts, table),
        labels=tuple(column.name for column in labels),
        numbers=tuple(
            column.name for column in version.columns if column.traits.is_quantity and column.n_distinct != 2
        ),
        alike=_alike(labels, table),
    )


def _tag_columns(texts: list[str], table: pd.DataFrame) -> tuple[str, ...]:
    shares = {name: _share_of_tags(table[name].dropna().astype(str).tolist()) for name in texts}
    return tuple(sorted((name for name in texts if shares[name]), key=lambda name: -shares[name]))


def _share_of_tags(texts: list[str]) -> float:
    """Return the share of texts that hold several tags; 0 where their parts are too rare or too long."""
    best = 0.0
    for mark in SEPARATORS:
        share = sum(mark in text for text in texts) / max(len(texts), 1)
        if share > best:
            counts = Counter(tag for text in texts for tag in split_tags(text, mark))
            frequent = sum(n for tag, n in counts.items() if n >= FEWEST and len(tag) <= _LONGEST)
            if frequent >= _FREQUENT * sum(counts.values()):
                best = share
    return best


def _alike(labels: list[Column], table: pd.DataFrame) -> tuple[str, ...]:
    """Return the largest group of yes/no columns that hold the same two values; () where all differ."""
    groups: dict[frozenset[Any], list[str]] = {}
    for column in labels:
        groups.setdefault(frozenset(table[column.name].dropna().unique()), []).append(column.name)
    largest = max(groups.values(), key=len, default=[])
    return tuple(largest) if len(largest) > 1 else ()
