"""Collector of a server's answers in memory, written about once a second without delaying requests."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from litmus_core.errors import LitmusError
from litmus_core.runtime import Bundle
from litmus_core.serving._outcomes.ids import AnswerIds, id_text
from litmus_core.serving._outcomes.reader import OutcomeReader
from litmus_core.serving._outcomes.store import AnswerStore, StoredAnswer, key_values

MAX_WAITING_ROWS = 50_000  # rows between two writes; further ones are dropped and counted


class AnswerCollector:
    """Collector of one server's answers, which it writes to ``store``."""

    def __init__(self, store: AnswerStore, bundle: Bundle) -> None:
        self.store, self.n_lost = store, 0
        self.reader = OutcomeReader(bundle.info)
        self._version = bundle.manifest.id
        task = bundle.manifest.task
        # The group column is stored, because outcomes are judged by group.
        group = "" if task is None else task.needs.group
        self._columns = frozenset(column.name for column in bundle.columns if column.name != group)
        self._ids = AnswerIds()
        self._waiting: list[tuple[int, Sequence[Any], Sequence[dict[str, Any]]]] = []
        self._n_waiting = 0
        self._collecting, self._writing = threading.Lock(), threading.Lock()

    def take(self, rows: Sequence[Any], predictions: Sequence[dict[str, Any]]) -> list[str]:
        """Collect answers, and return an id for each.

        It takes microseconds; :meth:`write` writes them later.
        """
        n_rows = len(predictions)
        with self._collecting:
            first = self._ids.take(n_rows)
            n_taken = min(n_rows, MAX_WAITING_ROWS - self._n_waiting)
            self.n_lost += n_rows - n_taken
            self._waiting.append((first, self._with_keys(rows[:n_taken]), predictions[:n_taken]))
            self._n_waiting += n_taken
        return [id_text(number) for number in range(first, first + n_rows)]

    def write(self) -> None:
        """Write the collected answers; raises LitmusError if that fails, and the next call tries again."""
        with self._writing:
            with self._collecting:
                waiting, self._waiting = self._waiting, []
            if not waiting:
                return
            try:
                self.store.add(row for batch in waiting for row in self._to_store(*batch))
            except LitmusError:
                with self._collecting:
                    self._waiting = waiting + self._waiting
                raise
            with self._collecting:
                self._n_waiting -= sum(len(predictions) for _, _, predictions in waiting)

    def _with_keys(self, rows: Sequence[Any]) -> Sequence[Any]:
        """Return the rows, or an empty list if no value of them needs to be stored."""
        first = rows[0] if rows else None
        return rows if isinstance(first, dict) and len(first) > len(self._columns) else ()

    def _to_store(
        self, first: int, rows: Sequence[Any], predictions: Sequence[dict[str, Any]]
    ) -> Iterator[StoredAnswer]:
        """Yield answers in their stored form, one by one, so that they are not in memory twice."""
        return (
            StoredAnswer(
                number=first + place,
                version=self._version,
                prediction=prediction,
                keys=key_values(row, self._columns) if isinstance(row, dict) else None,
            )
            for place, (row, prediction) in enumerate(zip_longest(rows, predictions))
        )
