"""Pre-processing written for pandas, compiled by Litmus, against pandas itself, by the number of rows.

The code is `_frame_code.Listings`: lower, strip punctuation, collapse blanks, join two columns, drop 50
stop words, truncate, counts, date parts, median fill, clip, log1p, standardise, two vocabularies. Figures are
how often Litmus is as fast as pandas with object strings in the same run, medians of calls that take turns;
rows come and go in the own form of the layout that is chosen beforehand (`transform_N`; others are reported
beside it), and choosing is part of the call. What both made is compared before anything is measured.

`--part ratios` is that. Others, or `all`: `numbers` (another pipeline, of numbers alone, on pandas frames),
`hand` (Polars as written by hand beside it), `first` (the first call in a new process), `files` (Parquet to
Parquet, `--file-rows`, against ten times pandas' for a tenth), `processes` (two of the distributed layout
against one; needs Ray), `bears` (with `--bears PYTHON`, one that has bears 0.1.6), `plot` (draws `--results`,
which `--json` printed before, into benchmarks/frame.svg).
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import pandas as pd

from benchmarks._frame_by_hand import by_hand
from benchmarks._frame_code import Listings
from benchmarks._frame_files import check_files, child, digest, listings_file
from benchmarks._frame_listing import COLUMNS, in_form, listings
from benchmarks._frame_numbers import calls
from benchmarks._frame_plot import plot
from benchmarks._frame_turns import check_same, seconds
from benchmarks._harness import Figure, Run, main
from litmus_core.frame import FramePlan, FrameTransformer

ROWS = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)
TARGETS = {1: (400, 60), 10: (60, 35), 100: (9, 9), 1_000: (10, 3.5), 10_000: (14, 5), 100_000: (20, 9),
           1_000_000: (28, 10)}  # fmt: skip
IN_PANDAS = {1: 12, 10_000: 8, 100_000: 12}
FORMS = ("records", "columns", "pandas", "polars")
_FOLDER = Path(__file__).parent


def figures(run: Run) -> list[Figure]:
    asked = run.options.part.split(",")
    unknown = set(asked) - {*_PARTS, "all"}
    if unknown:
        raise SystemExit(f"There is no part {', '.join(sorted(unknown))}. Known: all, {', '.join(_PARTS)}.")
    parts = [name for name in _PARTS if name in asked or ("all" in asked and name != "plot")]
    return [figure for name in parts for figure in _PARTS[name](run)]


def _ratios(run: Run) -> Iterator[Figure]:
    for n_rows in _rows(run):
        run.say(f"{n_rows:,} rows")
        yield from _figures_of(n_rows, run)


def _numbers(run: Run) -> Iterator[Figure]:
    for n_rows in _rows(run):
        run.say(f"{n_rows:,} rows of numbers")
        taken = seconds(calls(n_rows), run.options.seconds)
        yield _times(f"numbers_alone_{n_rows}", taken["pandas"] / taken["ours"], 1)


def _rows(run: Run) -> list[int]:
    return [int(each) for each in run.options.rows.split(",")]


def _figures_of(n_rows: int, run: Run) -> list[Figure]:
    values = listings(n_rows)
    frame = in_form(values, "pandas")
    pre = Listings().fit(frame)
    transformer = FrameTransformer(Listings(), COLUMNS)
    plan = transformer.fit(in_form(values, "columns"))
    _compare(plan, pre, values)
    chosen = plan.form_for(n_rows)
    forms = sorted({chosen, *filter(None, run.options.forms.split(","))})
    rows = {form: in_form(values, form) for form in forms}
    run.say(f"  {plan.explain(rows[chosen])}")
    taken = {
        "transform": _medians(
            run, lambda: pre.transform(frame), {form: _transform(plan, rows[form]) for form in forms}
        ),
        "fit_transform": _medians(
            run,
            lambda: Listings().fit(frame).transform(frame),
            {form: _fit_transform(transformer, rows[form]) for form in forms},
        ),
    }
    found = [_pandas_us(n_rows, taken["transform"]["pandas itself"])]
    for (what, medians), goal in zip(taken.items(), TARGETS.get(n_rows, (None, None)), strict=True):
        ratios = {form: medians["pandas itself"] / medians[form] for form in forms}
        found += [_times(f"{what}_{n_rows}_{form}", ratio, None) for form, ratio in ratios.items()]
        found.append(_times(f"{what}_{n_rows}", ratios[chosen], goal))
    in_pandas = taken["transform"].get("pandas")
    if in_pandas:
        ratio = taken["transform"]["pandas itself"] / in_pandas
        found.append(_times(f"pandas_in_and_out_{n_rows}", ratio, IN_PANDAS.get(n_rows)))
    return found


def _transform(plan: FramePlan, rows: Any) -> Callable[[], Any]:
    return lambda: plan.of(rows)


def _fit_transform(transformer: FrameTransformer, rows: Any) -> Callable[[], Any]:
    return lambda: transformer.fit_transform(rows)


def _medians(run: Run, pandas: Callable[[], Any], ours: dict[str, Callable[[], Any]]) -> dict[str, float]:
    return seconds({"pandas itself": pandas, **ours}, run.options.seconds)


def _pandas_us(n_rows: int, seconds: float) -> Figure:
    return Figure(
        name=f"pandas_us_per_row_{n_rows}",
        value=seconds / n_rows * 1e6,
        unit="us",
        target=None,
        better="lower",
    )


def _times(name: str, value: float, target: float | None) -> Figure:
    return Figure(name=name, value=value, unit="x", target=target, better="higher")


def _compare(plan: FramePlan, pre: Listings, values: dict[str, list[Any]]) -> None:
    """Raise ValueError where Litmus makes anything else than pandas, in any form; the first 10,000 rows."""
    few = {name: each[:10_000] for name, each in values.items()}
    expected = pre.transform(in_form(few, "pandas"))
    made = plan.of(in_form(few, "pandas"))
    others = {"columns": pd.DataFrame(plan.of(in_form(few, "columns"))), "pandas": made}
    others["polars"] = plan.of(in_form(few, "polars")).to_pandas()
    for form, each in others.items():
        check_same(expected, each, whose=form)


def _by_hand(run: Run) -> Iterator[Figure]:
    for n_rows in _rows(run):
        run.say(f"{n_rows:,} rows by hand")
        values = listings(n_rows)
        frame, rows = in_form(values, "pandas"), in_form(values, "polars")
        pre, plan = Listings().fit(frame), FramePlan.fitted(Listings(), COLUMNS, rows)
        few = frame[:10_000], rows[:10_000]  # of more, some price is so near nought that its last bit counts
        check_same(
            pre.transform(few[0]), by_hand(pre, few[1]).to_pandas(), whose="Polars by hand", near_zero=1e-12
        )
        chosen = in_form(values, plan.form_for(n_rows))
        taken = seconds(
            {
                "pandas": lambda: pre.transform(frame),  # noqa: B023
                "hand": lambda: by_hand(pre, rows),  # noqa: B023
                "ours": _transform(plan, chosen),
            },
            run.options.seconds,
        )
        yield _times(f"polars_by_hand_{n_rows}", taken["pandas"] / taken["hand"], None)
        yield _times(f"ours_against_polars_by_hand_{n_rows}", taken["hand"] / taken["ours"], None)


def _first(run: Run) -> Iterator[Figure]:
    for n_rows in (1, 10_000):
        run.say(f"the first call of a new process, {n_rows:,} rows")
        found = [child("first", n_rows) for _ in range(3)]
        yield _told(f"first_fit_{n_rows}_s", median(each["fit_s"] for each in found), "s")
        yield _told(f"first_call_{n_rows}_s", median(each["call_s"] for each in found), "s", 1.0)


def _files(run: Run) -> Iterator[Figure]:
    n_rows = run.options.file_rows
    with _folder(run) as folder:
        run.say(f"a file of {n_rows:,} rows")
        source, tenth = listings_file(folder, n_rows), listings_file(folder, n_rows // 10)
        run.say("Litmus, then pandas on a tenth")
        ours = child("streamed", source, folder / "ours.parquet")
        check_files(source, folder / "ours.parquet", whose="Litmus")
        theirs = child("pandas", tenth, folder / "theirs.parquet")
        (folder / "ours.parquet").unlink()
    yield _times(f"parquet_to_parquet_{n_rows}", 10 * theirs["seconds"] / ours["seconds"], 27.7)
    yield _told(f"parquet_to_parquet_{n_rows}_s", ours["seconds"], "s")
    yield _told(f"parquet_to_parquet_{n_rows}_gb", ours["peak_gb"], "GB", 4.0)
    yield _told(f"pandas_{n_rows // 10}_s", theirs["seconds"], "s")
    yield _told(f"pandas_{n_rows // 10}_gb", theirs["peak_gb"], "GB")


def _processes(run: Run) -> Iterator[Figure]:
    if find_spec("ray") is None:
        run.say("processes: left out, as Ray is not installed (pip install 'litmus-automl[ray]')")
        return
    n_rows = run.options.spread_rows
    with _folder(run) as folder:
        run.say(f"{n_rows:,} rows in one process and in two")
        source, taken, digests = listings_file(folder, n_rows), {}, set()
        for what, n in (("spread", 1), ("spread", 2), ("started", 2)):
            made = folder / f"{what}-{n}"
            taken[what, n] = child(what, source, made, n)["seconds"]
            check_files(source, made, whose=f"{n} processes")
            digests.add(digest(made))
            shutil.rmtree(made)
    if len(digests) != 1:
        raise ValueError("One process and two wrote other rows, or in another order.")
    yield _times("two_processes_against_one", taken["spread", 1] / taken["spread", 2], 1.7)
    yield _told(f"two_processes_{n_rows}_s", taken["spread", 2], "s")
    yield _told(f"two_processes_{n_rows}_with_ray_started_s", taken["started", 2], "s")


def _bears(run: Run) -> Iterator[Figure]:
    if not run.options.bears:
        run.say("bears: left out, as --bears names no Python that has it")
        return
    with _folder(run) as folder:
        for n_rows in [each for each in _rows(run) if each <= 100_000]:
            run.say(f"{n_rows:,} rows in bears")
            file = folder / "rows.parquet"
            in_form(listings(n_rows), "pandas").to_parquet(file)
            told = subprocess.check_output([run.options.bears, _FOLDER / "_frame_bears.py", file])
            taken = json.loads(told)
            pandas = taken.pop("pandas itself")
            yield from (
                _times(f"bears_{n_rows}_{name.lower()}", pandas / s, None) for name, s in taken.items()
            )


def _plot(run: Run) -> Iterator[Figure]:
    plot(Path(run.options.results), _FOLDER / "frame.svg")
    yield from ()


_PARTS: dict[str, Callable[[Run], Iterator[Figure]]] = {
    "ratios": _ratios, "numbers": _numbers, "hand": _by_hand, "first": _first, "files": _files,
    "processes": _processes, "bears": _bears, "plot": _plot,
}  # fmt: skip


def _told(name: str, value: float, unit: str, target: float | None = None) -> Figure:
    return Figure(name=name, value=value, unit=unit, target=target, better="lower")


@contextmanager
def _folder(run: Run) -> Iterator[Path]:
    """Yield the folder for files: a given one keeps what takes long to make."""
    if run.options.folder:
        yield Path(run.options.folder).absolute()
        return
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rows", default=",".join(map(str, ROWS)), help="numbers of rows, with commas")
    parser.add_argument("--seconds", type=float, default=2.0, help="of each measurement")
    parser.add_argument("--forms", default=",".join(FORMS), help="of records, columns, pandas, polars")
    parser.add_argument("--part", default="ratios", help=f"with commas: all, {', '.join(_PARTS)}")
    parser.add_argument("--file-rows", type=int, default=10_000_000, help="of the part files")
    parser.add_argument("--spread-rows", type=int, default=4_000_000, help="of the part processes")
    parser.add_argument("--folder", help="keeps the files that the parts read; default: a temporary one")
    parser.add_argument("--bears", help="a Python that has bears 0.1.6")
    parser.add_argument("--results", default=_FOLDER / "frame.json", help="what the plot is made of")


if __name__ == "__main__":
    main("frame", figures, add_arguments=_arguments)
