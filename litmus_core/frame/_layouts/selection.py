"""Choose the layout for rows by its expected time, which depends on the form of the rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Literal, cast

Form = Literal["records", "columns", "pandas", "polars"]
LayoutName = Literal["record", "columns", "polars"]

# Numbers of rows that a calibration measures besides one row, if there are that many.
_BEND, _MANY = 100, 2_000
_REPEATS = 5
_OWN_FORMS: tuple[Form, ...] = ("records", "columns", "polars")


@dataclass(frozen=True, slots=True)
class Line:
    """Time by rows: ``fixed_us`` for a call and ``row_us`` for each row, conversion of the form included.

    From the hundredth row on, a row may take ``later_us`` instead: long calls are interrupted by other work.
    """

    fixed_us: float
    row_us: float
    later_us: float | None = None

    def at(self, n_rows: int) -> float:
        """Return microseconds for that many rows."""
        later = self.later if n_rows > _BEND else self
        return later.fixed_us + later.row_us * n_rows

    @property
    def later(self) -> Line:
        """The line for rows from the hundredth on."""
        row_us = self.row_us if self.later_us is None else self.later_us
        return Line(self.fixed_us + (self.row_us - row_us) * _BEND, row_us)


Lines = Mapping[tuple[Form, LayoutName], Line]
# Measured on one processor with the pipeline of benchmarks/frame.py, and with its numeric columns only. Only
# the points where the lines cross matter. docs/adr/0028 says how to measure them again.
_NUMBERS: Lines = {
    ("records", "record"): Line(1, 4.0),
    ("records", "columns"): Line(60, 1.6),
    ("columns", "columns"): Line(56, 0.05),
    ("pandas", "columns"): Line(220, 0.05),
    ("polars", "columns"): Line(230, 0.06),
    ("polars", "polars"): Line(170, 0.08),
}
_TEXTS: Lines = {
    ("records", "record"): Line(1, 10.5),
    ("records", "columns"): Line(80, 7.0),
    ("records", "polars"): Line(1_200, 7.0),
    ("columns", "columns"): Line(76, 4.7),
    ("columns", "polars"): Line(1_200, 4.2),
    ("pandas", "columns"): Line(370, 4.8),
    ("pandas", "polars"): Line(1_500, 4.3),
    ("polars", "columns"): Line(290, 5.0),
    ("polars", "polars"): Line(1_000, 4.0),
}
_TEXTS_IN_KERNEL: Lines = {
    **_TEXTS,
    ("records", "polars"): Line(290, 3.9),
    ("columns", "polars"): Line(240, 1.2),
    ("pandas", "polars"): Line(410, 1.2),
    ("polars", "polars"): Line(340, 0.8),
}


def default_lines(*, has_texts: bool, has_kernel: bool) -> Lines:
    """Return the lines for plans with texts, with or without a kernel, or with numbers only."""
    return _NUMBERS if not has_texts else _TEXTS_IN_KERNEL if has_kernel else _TEXTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The layout chosen for rows of a form: ``expected_us`` by layout, from ``source``."""

    layout: LayoutName
    form: Form
    n_rows: int
    expected_us: Mapping[LayoutName, float]
    source: str

    def __str__(self) -> str:
        timings = ", ".join(f"{name} {us / 1e3:.3g} ms" for name, us in sorted(self.expected_us.items()))
        return (
            f"{self.n_rows:,} rows as {self.form} run on the {self.layout} layout, which should be the "
            f"fastest ({timings}; {self.source})."
        )


class Chooser:
    """Chooses by ``lines``, until :meth:`measure` has better ones from real rows."""

    def __init__(self, lines: Lines, *, clock: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        self._use_lines(lines)
        self._sources: dict[Form, str] = {}

    def choice(self, form: Form, n_rows: int) -> Choice:
        """Return the layout that is expected to be fastest, with the numbers."""
        expected = {name: line.at(n_rows) for (of, name), line in self._lines.items() if of == form}
        source = self._sources.get(form, "as measured once elsewhere")
        return Choice(
            layout=self.fastest(form, n_rows), form=form, n_rows=n_rows, expected_us=expected, source=source
        )

    def fastest(self, form: Form, n_rows: int) -> LayoutName:
        """Return the layout only, when the reasons are not needed."""
        best, least = "columns", math.inf
        for name, fixed_us, row_us in (self._few if n_rows <= _BEND else self._many)[form]:
            us = fixed_us + row_us * n_rows
            if us < least:
                best, least = name, us
        return cast("LayoutName", best)

    def polars_saves_us(self, form: Form, n_rows: int) -> tuple[float, LayoutName]:
        """Return how much the polars layout should save over the fastest other, and which that is."""
        lines = (self._few if n_rows <= _BEND else self._many)[form]
        expected = {name: fixed_us + row_us * n_rows for name, fixed_us, row_us in lines}
        polars_us = expected.pop("polars")
        other = min(expected, key=expected.__getitem__)
        return expected[other] - polars_us, other

    def form_for(self, n_rows: int) -> Form:
        """Return the form, among those that layouts use natively, in which rows should be fastest."""
        choices = [self.choice(form, n_rows) for form in _OWN_FORMS]
        return min(choices, key=lambda choice: choice.expected_us[choice.layout]).form

    def measure(self, form: Form, n_rows: int, run: Callable[[LayoutName, int], object]) -> None:
        """Measure each layout on one, some and many of ``n_rows`` rows: ``run`` takes the first ones."""
        for of, name in list(self._lines):
            if of != form:
                continue
            few = min(1, n_rows)
            few_us, some_us = (self._fastest_us(run, name, min(n, n_rows)) for n in (1, _BEND))
            row_us = _slope(few_us, some_us, min(_BEND, n_rows) - few)
            line = Line(max(0.0, few_us - few * row_us), row_us)
            if n_rows >= 2 * _BEND:
                many = min(_MANY, n_rows)
                later_us = _slope(line.at(_BEND), self._fastest_us(run, name, many), many - _BEND)
                line = replace(line, later_us=later_us)
            self._lines[of, name] = line
        self.take(form, self.lines_of(form), source="measured on rows at hand")

    def lines_of(self, form: Form) -> dict[LayoutName, Line]:
        """Return the lines of one form."""
        return {name: line for (of, name), line in self._lines.items() if of == form}

    def take(self, form: Form, lines: Mapping[LayoutName, Line], *, source: str) -> None:
        """Use ``lines`` for a form, and record ``source`` as their origin."""
        self._use_lines({**self._lines, **{(form, name): line for name, line in lines.items()}})
        self._sources[form] = source

    def _use_lines(self, lines: Lines) -> None:
        self._lines = dict(lines)
        self._few = _by_form(lines)
        self._many = _by_form({key: line.later for key, line in lines.items()})

    def _fastest_us(self, run: Callable[[LayoutName, int], object], name: LayoutName, n_rows: int) -> float:
        run(name, n_rows)  # compiles, and fills caches
        times = []
        for _ in range(_REPEATS):
            started = self._clock()
            run(name, n_rows)
            times.append(self._clock() - started)
        return min(times) * 1e6


def _slope(fewer_us: float, more_us: float, rows: int) -> float:
    return max(0.0, more_us - fewer_us) / rows if rows > 0 else 0.0


def _by_form(lines: Lines) -> dict[Form, list[tuple[LayoutName, float, float]]]:
    return {
        form: [(name, line.fixed_us, line.row_us) for (of, name), line in lines.items() if of == form]
        for form, _ in lines
    }
