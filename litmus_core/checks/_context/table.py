"""The table that checks look at: read once, shared by all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.data import Question, as_labels, identifier, query_rows, read_rows, read_some_rows, suggest

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from litmus_core.checks._context.leaks import Leaks
    from litmus_core.checks._context.quick_model import Quick
    from litmus_core.checks._context.time_drift import Drift, Time
    from litmus_core.store import Workspace
    from litmus_core.types import Column, DatasetVersion, Suggestion

SAMPLE_ROWS = 20_000
_RANGES_AT_ONCE = 40  # planning takes time squared in what is asked
_FEWEST_ROWS, _MOST_CELLS = 1_000, 10_000_000


class Table:
    """One version, with the target and own test rows where there are some. Belongs to one thread."""

    def __init__(
        self,
        workspace: Workspace,
        version: DatasetVersion,
        *,
        target: str | None = None,
        test: DatasetVersion | None = None,
        seed: int = 0,
        n_rows: int = SAMPLE_ROWS,
        warns: bool = True,
    ) -> None:
        self.workspace, self.version, self.test, self.seed = workspace, version, test, seed
        self._most_rows, self.warns = n_rows, warns
        self._drifts: dict[Time, Drift | None] = {}
        self.target: Column | None = None if target is None else version.column(target)

    @property
    def n_rows(self) -> int:
        """Rows of the version."""
        return self.version.n_rows

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """All columns but the target, and those that a fix of this version leaves out."""
        fixes = self.version.fixes
        left_out = {name for fix in fixes if fix.kind == "leave_out" for name in fix.columns}
        return tuple(
            each for each in self.version.columns if each != self.target and each.name not in left_out
        )

    @cached_property
    def suggestion(self) -> Suggestion:
        """What Litmus proposes for the target (problem type, metric, columns left out)."""
        assert self.target is not None  # noqa: S101 - a check that needs a target asks
        return suggest(self.workspace, self.version, self.target.name)

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """Positions (n,), ascending, of the rows in :meth:`sample`: all, or as many as asked for, drawn.

        Of a wide table fewer are drawn: ten million cells, but 1,000 rows at least.
        """
        n_rows = min(self._most_rows, max(_FEWEST_ROWS, _MOST_CELLS // len(self.version.columns)))
        if self.n_rows <= n_rows:
            return np.arange(self.n_rows)
        drawn = np.random.default_rng([self.seed, 7]).choice(self.n_rows, n_rows, replace=False)
        return np.sort(drawn)

    @cached_property
    def sample(self) -> pd.DataFrame:
        """The rows at :attr:`rows`, all columns, typed as :func:`litmus_core.data.read_rows` does."""
        names = self.version.column_names
        if len(self.rows) == self.n_rows:
            return read_rows(self.workspace, self.version, columns=names)
        return read_some_rows(self.workspace, self.version, self.rows, columns=names)

    @cached_property
    def test_sample(self) -> pd.DataFrame:
        """The own test rows (all, or 20,000 drawn at random), typed alike; needs a test."""
        assert self.test is not None  # noqa: S101 - a check that needs test rows asks
        names = self.test.column_names
        if self.test.n_rows <= SAMPLE_ROWS:
            return read_rows(self.workspace, self.test, columns=names)
        drawn = np.random.default_rng([self.seed, 9]).choice(self.test.n_rows, SAMPLE_ROWS, replace=False)
        return read_some_rows(self.workspace, self.test, np.sort(drawn), columns=names)

    @cached_property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """Lowest and highest of all rows, for each column that holds a number."""
        names = [
            each.name
            for each in self.version.columns
            if each.storage in ("BIGINT", "DOUBLE") and each.n_missing < self.n_rows
        ]
        found: dict[str, tuple[float, float]] = {}
        for start in range(0, len(names), _RANGES_AT_ONCE):
            some = names[start : start + _RANGES_AT_ONCE]
            asked = (f"min({identifier(name)})::DOUBLE, max({identifier(name)})::DOUBLE" for name in some)
            ends = self.query(f"SELECT {', '.join(asked)} FROM rows")[0]  # noqa: S608 - quoted
            found |= {name: (ends[2 * at], ends[2 * at + 1]) for at, name in enumerate(some)}
        return found

    @cached_property
    def labels(self) -> NDArray[Any]:
        """The target of the sample: labels as models see them (missing: None), or floats in regression."""
        assert self.target is not None  # noqa: S101 - as above
        values = self.sample[self.target.name]
        if self.suggestion.problem_type == "regression":
            return np.asarray(values, dtype=np.float64)
        return as_labels(values)

    @cached_property
    def question(self) -> Question:
        """What the sample's rows are asked, and the folds in which quick models are tried."""
        assert self.target is not None  # noqa: S101 - as above
        return Question.of(
            self.sample[self.target.name], self.suggestion.problem_type, seed=self.seed, merge=True
        )

    @cached_property
    def alone(self) -> dict[str, float]:
        """The out-of-fold score of each column alone; of texts where they begin or end alike."""
        from litmus_core.checks._context.univariate import scores_alone

        return scores_alone(self)

    @cached_property
    def followers(self) -> tuple[str, ...]:
        """Columns that rise or fall with the row number."""
        from litmus_core.checks._row_order import find_followers

        return find_followers(self)

    @cached_property
    def times(self) -> tuple[Time, ...]:
        """What may tell the time of a row, three at most."""
        from litmus_core.checks._context.time_drift import find_times

        return find_times(self)

    def drift(self, time: Time) -> Drift | None:
        """Return what a random split flatters by beside one along ``time``; None where it is no time."""
        from litmus_core.checks._context.time_drift import find_drift

        if time not in self._drifts:  # many models are fitted for it
            self._drifts[time] = find_drift(self, time)
        return self._drifts[time]

    def drifts_of(self, names: Iterable[str]) -> list[Drift]:
        """Return the drifts along any of the columns ``names``."""
        named = set(names)
        found = (self.drift(time) for time in self.times if named.intersection(time.names))
        return [each for each in found if each is not None]

    @cached_property
    def copies(self) -> NDArray[np.bool_]:
        """Which of the question's rows (n,) are copies of an earlier one, as far as models see."""
        from litmus_core.checks._similarity.expected_duplicates import find_copies

        return find_copies(self)

    @cached_property
    def is_sorted(self) -> bool:
        """Whether the rows come sorted by the target."""
        from litmus_core.checks._row_order import is_sorted

        return is_sorted(self)

    @cached_property
    def leaks(self) -> Leaks:
        """Columns that give the answer away."""
        from litmus_core.checks._context.leaks import find_leaks

        return find_leaks(self)

    @cached_property
    def quick(self) -> Quick:
        """The quick model of the sample, out of fold, without columns that give the answer away."""
        return self.leaks.without

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Ask DuckDB over all rows; ``rows`` is the table's name in ``sql``, ``test_rows`` the test's."""
        return query_rows(self.workspace, self.version, sql, parameters, test=self.test)
