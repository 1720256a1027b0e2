"""Outcomes: what came true of an endpoint's answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.experiments._context import Context
from litmus_core.types import OutcomeCounts

if TYPE_CHECKING:
    import pandas as pd

_CHUNK = 50_000


@dataclass(frozen=True, slots=True)
class OutcomesService:
    """What came true of the answers of endpoints on this machine."""

    context: Context

    def add(
        self,
        name: str,
        outcomes: Path | str | pd.Series[Any] | Mapping[str, Any],
        *,
        key: str | None = None,
        outcome: str | None = None,
        at: str | None = None,
    ) -> OutcomeCounts:
        """Store outcomes of the endpoint ``name``, running or not; return what became of each.

        ``outcomes`` is a CSV or Parquet file, or labels or values by the answers' ids (a dict, or a Series
        with the ids as its index). With ``key`` they are joined by that column, which the rows carried beyond
        the columns that the model reads, instead of by ids in the column ``id``. ``outcome`` is the column of
        outcomes (None: the target's name, or "outcome"), ``at`` one of times, if there is one. The latest
        outcome of an answer counts; all are kept. What cannot be read is counted and explained; the rest is
        stored.
        """
        from litmus_core.deploy import OutcomeColumns, add_outcomes, outcomes_in_file, target_of

        workspace = self.context.workspace
        if isinstance(outcomes, str | Path):
            columns = OutcomeColumns(key=key, outcome=outcome, at=at)
            chunks = outcomes_in_file(Path(outcomes), columns, target=target_of(workspace, name))
            return add_outcomes(workspace, name, chunks, key=key)
        return add_outcomes(workspace, name, _chunks(outcomes.items()), key=key)


def _chunks(pairs: Iterable[tuple[Any, Any]]) -> Iterator[list[tuple[Any, Any, None]]]:
    rest = ((reference, value, None) for reference, value in pairs)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
