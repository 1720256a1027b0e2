"""The table that checks examine: rows are read once, and each analysis is computed once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import numpy as np

from litmus_core.data import (
    UnivariateScorer,
    as_labels,
    identifier,
    query_rows,
    read_rows,
    read_some_rows,
    suggest,
)

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from litmus_core.store import Workspace
    from litmus_core.types import Column, DatasetVersion, Suggestion

SAMPLE_ROWS = 20_000
T = TypeVar("T")
P = ParamSpec("P")
_RANGES_AT_ONCE = 40  # planning time is quadratic in the number of expressions
_FEWEST_ROWS, _MOST_CELLS = 1_000, 10_000_000


class CheckContext:
    """The table of one version, with its target and separate test rows if there are any. For one thread."""

    def __init__(
        self,
        workspace: Workspace,
        version: DatasetVersion,
        *,
        target: str | None = None,
        test: DatasetVersion | None = None,
        seed: int = 0,
        n_rows: int = SAMPLE_ROWS,
        split: str | None = None,
    ) -> None:
        self.workspace, self.version, self.test, self.seed = workspace, version, test, seed
        self._most_rows, self.split = n_rows, split
        self._results: dict[Any, Any] = {}
        self.target: Column | None = None if target is None else version.column(target)

    @property
    def n_rows(self) -> int:
        """Rows of the version."""
        return self.version.n_rows

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """All columns except the target, and except those that a fix of this version leaves out."""
        fixes = self.version.lineage.fixes
        left_out = {name for fix in fixes if fix.kind == "leave_out" for name in fix.columns}
        return tuple(
            column for column in self.version.columns if column != self.target and column.name not in left_out
        )

    @cached_property
    def suggestion(self) -> Suggestion:
        """The suggested task for the target (problem type, metric, columns left out)."""
        assert self.target is not None  # noqa: S101 - only checks with a target ask
        return suggest(self.workspace, self.version, self.target.name)

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """Ascending positions (n,) of the rows in :meth:`sample`: all, or a sample of the requested size.

        Of a wide table fewer are sampled: ten million cells, but at least 1,000 rows.
        """
        n_rows = min(self._most_rows, max(_FEWEST_ROWS, _MOST_CELLS // len(self.version.columns)))
        if self.n_rows <= n_rows:
            return np.arange(self.n_rows)
        drawn = np.random.default_rng([self.seed, 7]).choice(self.n_rows, n_rows, replace=False)
        return np.sort(drawn)

    @cached_property
    def sample(self) -> pd.DataFrame:
        """The rows at :attr:`rows`, all columns, typed as in :func:`litmus_core.data.read_rows`."""
        names = self.version.column_names
        if len(self.rows) == self.n_rows:
            return read_rows(self.workspace, self.version, columns=names)
        return read_some_rows(self.workspace, self.version, self.rows, columns=names)

    @cached_property
    def test_sample(self) -> pd.DataFrame:
        """The separate test rows (all, or 20,000 at random), typed as in :meth:`sample`; needs a ``test``."""
        assert self.test is not None  # noqa: S101 - only checks with test rows ask
        names = self.test.column_names
        if self.test.n_rows <= SAMPLE_ROWS:
            return read_rows(self.workspace, self.test, columns=names)
        drawn = np.random.default_rng([self.seed, 9]).choice(self.test.n_rows, SAMPLE_ROWS, replace=False)
        return read_some_rows(self.workspace, self.test, np.sort(drawn), columns=names)

    @cached_property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """The lowest and highest of all rows, for each numeric column."""
        names = [
            column.name
            for column in self.version.columns
            if column.stores_numbers and column.n_missing < self.n_rows
        ]
        ends_by_name: dict[str, tuple[float, float]] = {}
        for start in range(0, len(names), _RANGES_AT_ONCE):
            batch = names[start : start + _RANGES_AT_ONCE]
            expressions = (
                f"min({identifier(name)})::DOUBLE, max({identifier(name)})::DOUBLE" for name in batch
            )
            ends = self.query(f"SELECT {', '.join(expressions)} FROM rows")[0]  # noqa: S608 - quoted
            ends_by_name |= {name: (ends[2 * at], ends[2 * at + 1]) for at, name in enumerate(batch)}
        return ends_by_name

    @cached_property
    def labels(self) -> NDArray[Any]:
        """The target of the sample: labels as models see them (missing: None), or floats in regression."""
        assert self.target is not None  # noqa: S101 - as above
        values = self.sample[self.target.name]
        if not self.suggestion.type.has_classes:
            return np.asarray(values, dtype=np.float64)
        return as_labels(values)

    @cached_property
    def scorer(self) -> UnivariateScorer:
        """The scorer of the sample's rows, and the folds for quick models."""
        assert self.target is not None  # noqa: S101 - as above
        return UnivariateScorer.of(
            self.sample[self.target.name], self.suggestion.problem_type, seed=self.seed, merge=True
        )

    def with_rows(
        self, rows: NDArray[np.int64], *, keep: Sequence[Callable[[CheckContext], Any]] = ()
    ) -> CheckContext:
        """Return the same table with other ascending ``rows`` in its sample, and the results of ``keep``."""
        target = None if self.target is None else self.target.name
        other = CheckContext(
            self.workspace, self.version, target=target, test=self.test, seed=self.seed, split=self.split
        )
        other.rows = rows
        if target is not None:
            other.suggestion = self.suggestion
        other._results = {(find, (), ()): self.once(find) for find in keep}
        return other

    def once(
        self, find: Callable[Concatenate[CheckContext, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return ``find``'s result for this table, computed once however many checks call it.

        ``args`` and ``kwargs`` are hashable.
        """
        key = (find, args, tuple(sorted(kwargs.items())))
        if key not in self._results:
            self._results[key] = find(self, *args, **kwargs)
        stored: T = self._results[key]
        return stored

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Query all rows with DuckDB; ``rows`` is the table's name in ``sql``, ``test_rows`` the test's."""
        return query_rows(self.workspace, self.version, sql, parameters, test=self.test)
