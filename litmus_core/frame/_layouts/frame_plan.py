"""FramePlan: pandas-shaped code, run on the layout that fits the rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from litmus_core.errors import UsageError
from litmus_core.frame._graph import Capabilities, Graph, GraphNode
from litmus_core.frame._layouts.calibration import calibrate, calibration_file, calibrations
from litmus_core.frame._layouts.layouts import Compiled, Learned
from litmus_core.frame._layouts.parse_errors import placed
from litmus_core.frame._layouts.polars_kernel import text_kernel
from litmus_core.frame._layouts.polars_layout import PolarsLayout, PolarsPlan, Way
from litmus_core.frame._layouts.polars_values import as_column, as_series, series_or_objects, series_reader
from litmus_core.frame._layouts.selection import Choice, Form, LayoutName
from litmus_core.frame._layouts.whole_numbers import whole_array, whole_list, whole_series
from litmus_core.frame._operations.operation import Dtype
from litmus_core.frame._pipeline.learning import learn
from litmus_core.frame._pipeline.preprocess import for_pandas
from litmus_core.frame._pipeline.program import Program
from litmus_core.frame._pipeline.runner import check_columns, column_reader, n_in_columns
from litmus_core.frame._symbolic.errors import check_code, with_article
from litmus_core.frame._symbolic.fit_statistics import Learner
from litmus_core.frame._symbolic.frame import SymbolicDataFrame
from litmus_core.frame._values.coercion import read_rows
from litmus_core.frame._values.column_names import checked_columns
from litmus_core.frame._values.moments import to_microseconds
from litmus_core.frame._values.number_parsing import NotANumberError
from litmus_core.frame._values.row_readers import UNREAD, gathered
from litmus_core.types import Column

_COMPILE_US = 500  # a plan of thirty steps for the polars layout: docs/adr/0028


class FramePlan:
    """The result of pandas-shaped code for rows of ``columns``, compiled once for each layout in use.

    :meth:`of` takes a list of dicts, n values each by column name, a pandas or a Polars frame, chooses the
    layout and returns the same form; a lazy Polars frame stays lazy. Values do not depend on the layout.
    :meth:`calibrate` measures the layouts on given rows; until then measured defaults decide. Safe to use
    from several threads. ``else_pandas`` runs steps that are unknown here in pandas, if they treat each row
    separately; :meth:`ways` shows which do.

    >>> size = Column(name="size", original_name="size", kind="number", storage="DOUBLE")
    >>> plan = FramePlan([size], lambda frame: frame.assign(big=frame["size"] > 2))
    >>> plan.of([{"size": 3}, {"size": None}])
    [{'size': 3.0, 'big': True}, {'size': nan, 'big': False}]
    """

    def __init__(
        self, columns: Sequence[Column], code: Callable[[Any], Any], *, else_pandas: bool = False
    ) -> None:
        self._start(Program(columns, code, Capabilities(functions=True, pandas=else_pandas)), {})

    def _start(self, program: Program, learned: Learned) -> None:
        self._program, self._learned = program, learned
        self._lost_us = 0.0
        self._record: Callable[[Any], Any] | None = None  # a cached property has a lock, which takes longer
        self.columns, self.names = program.columns, program.names
        self._readers, self._dtypes, self._chooser = program.readers, program.dtypes, program.chooser

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what a pickle stores: steps and learned values, not compiled or measured ones."""
        return _restored_plan, (self._program, self._learned)

    @classmethod
    def of_program(cls, program: Program, values: Mapping[str, Any]) -> FramePlan:
        """Return the plan of a program with the values that a fit learned, by name."""
        plan = cls.__new__(cls)
        plan._start(program, program.learned(values))
        return plan

    @classmethod
    def of_nodes(
        cls, columns: Sequence[Column], sources: Sequence[GraphNode], nodes: Mapping[str, GraphNode]
    ) -> FramePlan:
        """Return the plan of symbolic columns by name, computed from ``columns``, which are ``sources``."""
        plan = cls.__new__(cls)
        plan._start(Program.of_nodes(columns, sources, nodes), {})
        return plan

    @cached_property
    def graph(self) -> Graph:
        """The computation, with learned values."""
        return self._program.with_learned(self._learned)

    @classmethod
    def fitted(
        cls, code: Any, columns: Sequence[Column], rows: Any, *, else_pandas: bool = False
    ) -> FramePlan:
        """Call ``code.fit`` with ``rows`` behind the columns and return the plan of ``code.transform``.

        Aggregations in ``fit`` (median, mean, value_counts …) are computed when they are called. ``rows``
        have any form that :meth:`of` takes. To fit the same code many times, create a
        :class:`FrameTransformer`.
        """
        check_code(code)
        form_of(rows)
        columns = checked_columns(columns)
        learn(code, SymbolicDataFrame.of(columns), columns, rows)
        terms = Capabilities(functions=True, pandas=else_pandas, examples=Learner(columns, rows))
        plan = cls.__new__(cls)
        plan._start(Program(columns, code.transform, terms), {})
        return plan

    def of(self, rows: Any) -> Any:
        """Return the computed columns of ``rows``, in their form; raises RowError for unreadable values.

        In dicts a date is in microseconds since 1970, and missing is NaN, for texts None. A lazy Polars frame
        stays lazy: it reads, computes and writes piece by piece.
        """
        form = form_of(rows)
        if form == "polars" and hasattr(rows, "collect"):
            check_columns(rows.collect_schema(), self.columns)
            return self._polars.frame_of(rows, self.names)
        return self._run(rows, form, self._layout_for(form, self._n_rows(rows, form)))

    def explain(self, rows: Any) -> Choice:
        """Return which layout fits ``rows``, and why; :meth:`of` uses polars once compiling it pays off."""
        form = form_of(rows)
        return self._chooser.choice(form, self._n_rows(rows, form))

    def form_for(self, n_rows: int) -> Form:
        """Return the form in which that many rows should be fastest, for callers who can choose it."""
        return self._chooser.form_for(n_rows)

    def ways(self) -> tuple[Way, ...]:
        """Return how the polars layout computes each step: which ones leave Polars for NumPy or Python."""
        return self._polars.ways

    def calibrate(self, rows: Any, *, again: bool = False, folder: Path | None = None) -> None:
        """Measure the layouts on ``rows`` (some hundreds or more), in their form.

        The result is stored in ``folder`` (default: ``litmus/frame`` in the user's cache) and read at the
        next start if plan, machine and versions are the same, unless ``again``. :meth:`explain` says which
        was used, and why it could not be stored.
        """
        form, n_rows = form_of(rows), self._n_rows(rows, form_of(rows))
        file = calibration_file(self.columns, self.graph, self.ways(), folder or calibrations())

        def measure() -> None:
            self._chooser.measure(form, n_rows, lambda name, n: self._run(_first(rows, form, n), form, name))

        calibrate(self._chooser, form, measure, file=file, again=again)

    def _layout_for(self, form: Form, n_rows: int) -> LayoutName:
        """Return the fastest layout, but polars only once calls without it have lost its compile time."""
        best = self._chooser.fastest(form, n_rows)
        if best != "polars" or "_polars" in self.__dict__:
            return best
        saved_us, other = self._chooser.polars_saves_us(form, n_rows)
        self._lost_us += saved_us
        return best if self._lost_us >= _COMPILE_US else other

    def _n_rows(self, rows: Any, form: Form) -> int:
        if form != "columns":
            return len(rows)
        check_columns(rows, self.columns)
        return n_in_columns(rows, [column.name for column in self.columns])

    def _run(self, rows: Any, form: Form, layout: LayoutName) -> Any:
        try:
            if form == "records":
                return self._of_records(rows, layout)
            check_columns(rows, self.columns)
            if form == layout == "polars":
                return self._with_whole(self._polars.frame_of(rows, self.names))
            result = self._of_typed(self._typed(rows, form), layout)
            return self._as_pandas(result, form, getattr(rows, "index", None))
        except NotANumberError as error:
            raise placed(error, self.graph, self._typed(rows, form)) from None
        except UNREAD:
            if form == "records":
                read_rows(rows, self.columns)  # raises the error with its place
            raise

    def _typed(self, rows: Any, form: Form) -> dict[str, Any]:
        """Return the raw columns as the columns layout has them."""
        if form == "records":
            return gathered(rows, self.columns, self._readers)
        if form == "polars":
            read = {
                column.name: series_reader(column, exact=True)(rows[column.name]) for column in self.columns
            }
            return {source.name: _as_typed(read[source.name], source.dtype) for source in self.graph.sources}
        return {column.name: column_reader(column, exact=True)(rows[column.name]) for column in self.columns}

    def _of_records(self, rows: Sequence[Any], layout: LayoutName) -> list[dict[str, Any]]:
        if layout == "record":
            if self._record is None:
                self._record = self._program.record(self._learned)
            return list(map(self._record, rows))
        values = self._of_typed(self._typed(rows, "records"), layout)
        kinds = zip(values, self._dtypes, self._program.kinds, strict=True)
        listed = [
            _as_records(value, dtype) if kind == "no" else whole_list(value) for value, dtype, kind in kinds
        ]
        return [dict(zip(self.names, row, strict=True)) for row in zip(*listed, strict=True)]

    def _of_typed(self, typed: Mapping[str, Any], layout: LayoutName) -> Sequence[Any]:
        """Return outputs as the columns layout has them, of typed columns."""
        if layout == "columns":
            return self._columns(typed)
        return self._polars.of_columns(typed, len(typed[self.graph.sources[0].name]))

    def _as_pandas(self, values: Sequence[Any], form: Form, index: Any) -> Any:
        if form == "polars":
            import polars as pl

            typed = zip(self.names, values, self._dtypes, strict=True)
            return self._with_whole(
                pl.DataFrame(
                    [series_or_objects(values_of, dtype).alias(name) for name, values_of, dtype in typed]
                )
            )
        kinds = zip(values, self._program.kinds, strict=True)
        values = [value if kind == "no" else whole_array(value) for value, kind in kinds]
        if form == "columns":
            return dict(zip(self.names, values, strict=True))
        import pandas as pd

        columns_of = {name: for_pandas(value) for name, value in zip(self.names, values, strict=True)}
        return pd.DataFrame(columns_of, index=index, copy=False)

    def _with_whole(self, frame: Any) -> Any:
        """Return a Polars frame with whole numbers as such."""
        kinds = zip(self.names, self._program.kinds, strict=True)
        return frame.with_columns([whole_series(frame[name]) for name, kind in kinds if kind != "no"])

    @cached_property
    def _columns(self) -> Compiled:
        return self._program.in_columns(self._learned)

    @cached_property
    def _polars(self) -> PolarsPlan:
        readers = {column.name: series_reader(column, exact=True) for column in self.columns}
        return PolarsLayout(kernel=text_kernel()).compile(self.graph, readers)


def _restored_plan(program: Program, learned: Learned) -> FramePlan:
    """Return the plan that a pickle stores."""
    plan = FramePlan.__new__(FramePlan)
    plan._start(program, learned)
    return plan


def form_of(rows: Any) -> Form:
    """Return the form of ``rows``; raises UsageError for anything else."""
    if isinstance(rows, list | tuple):
        return "records"
    library = type(rows).__module__.partition(".")[0]
    if library == "polars" and type(rows).__name__ in ("DataFrame", "LazyFrame"):
        return "polars"
    if library == "pandas" and type(rows).__name__ == "DataFrame":
        return "pandas"
    if isinstance(rows, Mapping):
        return "columns"
    raise UsageError(
        f"{with_article(type(rows).__name__, begins=True)} holds no rows.",
        hint="Give a list of dicts, a dict of columns, or a frame of pandas or Polars.",
    )


def _first(rows: Any, form: Form, n_rows: int) -> Any:
    if form == "columns":
        return {name: values[:n_rows] for name, values in rows.items()}
    return rows[:n_rows]


def _as_typed(values: Any, dtype: Dtype) -> Any:
    return as_column(as_series(values, dtype), dtype) if hasattr(values, "to_list") else values


def _as_records(values: Any, dtype: Dtype) -> list[Any]:
    if dtype == "moment":
        return to_microseconds(values)
    listed: list[Any] = values if isinstance(values, list) else values.tolist()
    return listed
