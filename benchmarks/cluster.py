"""Beyond one machine: a Ray cluster of two nodes with one processor each, against one such node.

Nodes are started on this machine by Ray's own `cluster_utils`, beside a head without processors. Parts:
`score`: a booster of the flights table, trained here, scores `--rows` rows (real ones, drawn again and again)
from Parquet to Parquet. `folds`: eight folds of a booster of so many `--iterations` are fitted on one node,
on two, and by Litmus alone. `models`: four boosters without folds are fitted on one node and on two, Ray's
start in the time. `kills`: scoring and folds again, smaller, while a node is killed every few seconds and
another one is added, ten times at least. Whatever the nodes, rows and scores have to be the same.
Needs Ray (`pip install 'litmus-automl[ray]'`); `--folder` keeps models and rows for another time.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks._cluster_nodes import Killer, cluster_of
from benchmarks._frame_files import digest
from benchmarks._harness import Figure, Run, main
from benchmarks._quality_tables import METRICS, TABLES
from litmus_core import Compute, Resources

_CHUNK, _CHECKED = 1_000_000, 20_000
_FOLDS, _LEAST_FOLD_S, _MODELS = 8, 40.0, 4
_KILLS, _SCORING_EVERY_S, _FOLDS_EVERY_S = 10, 12.0, 30.0
_TABLE = next(each for each in TABLES if each.name == "flights")


def figures(run: Run) -> list[Figure]:
    asked = run.options.part.split(",")
    unknown = set(asked) - {*_PARTS, "all"}
    if unknown:
        raise SystemExit(f"There is no part {', '.join(sorted(unknown))}. Known: all, {', '.join(_PARTS)}.")
    folder = Path(run.options.folder or tempfile.mkdtemp(prefix="litmus-cluster-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        parts = [name for name in _PARTS if name in asked or "all" in asked]
        return [figure for name in parts for figure in _PARTS[name](run, folder)]
    finally:
        if run.options.folder is None:
            shutil.rmtree(folder)


def _score(run: Run, folder: Path) -> Iterator[Figure]:
    n_rows, taken, made = run.options.rows, [], []
    bundle, rows = _bundle(folder), _rows(folder, n_rows)
    for n_nodes in (1, 2):
        run.say(f"scoring {n_rows:,} rows on {n_nodes} of two nodes")
        with cluster_of(n_nodes):
            taken.append(_scored(bundle, rows, folder / "out"))
        _check_first(bundle, rows, folder / "out")
        made.append(digest(folder / "out"))
    if made[0] != made[1]:
        raise ValueError("Rows differ between one node and two.")
    yield Figure(name="score_speedup", value=taken[0] / taken[1], unit="x", target=1.5, better="higher")
    for n_nodes, seconds in enumerate(taken, start=1):
        name = f"score_rows_per_s_{n_nodes}"
        yield Figure(name=name, value=n_rows / seconds, unit="rows/s", target=None, better="higher")


def _folds(run: Run, folder: Path) -> Iterator[Figure]:
    iterations, taken = run.options.iterations, []
    run.say(f"fitting {_FOLDS} folds of {iterations} iterations here")
    _, alone = _fitted(folder, iterations, on="here")
    for n_nodes in (1, 2):
        run.say(f"fitting the folds on {n_nodes} of two nodes")
        with cluster_of(n_nodes) as cluster:
            seconds, scores = _fitted(folder, iterations, on=cluster.address)
        _check_scores(scores, alone)
        taken.append(seconds)
    yield Figure(name="fold_speedup", value=taken[0] / taken[1], unit="x", target=1.6, better="higher")
    a_fold = taken[0] / _FOLDS
    yield Figure(name="fold_s", value=a_fold, unit="s", target=_LEAST_FOLD_S, better="higher")


def _models(run: Run, folder: Path) -> Iterator[Figure]:
    taken, found = [], []
    for n_nodes in (1, 2):
        run.say(f"fitting {_MODELS} models without folds on {n_nodes} of two nodes")
        with cluster_of(n_nodes) as cluster:
            seconds, scores = _fitted_whole(folder, run.options.iterations, on=cluster.address)
        taken.append(seconds)
        found.append(scores)
    _check_scores(*found)
    yield Figure(name="models_speedup", value=taken[0] / taken[1], unit="x", target=None, better="higher")
    yield Figure(name="models_s", value=taken[0], unit="s", target=None, better="lower")


def _kills(run: Run, folder: Path) -> Iterator[Figure]:
    iterations, n_rows = max(1, run.options.iterations // 2), max(1, run.options.rows // 2)
    bundle, rows = _bundle(folder), _rows(folder, n_rows)
    run.say(f"scoring {n_rows:,} rows while nodes are killed")
    with cluster_of(2):
        _scored(bundle, rows, folder / "out")
    expected = digest(folder / "out")
    n_killed = 0
    while n_killed < _KILLS:
        with cluster_of(2) as cluster, Killer(cluster, every_s=_SCORING_EVERY_S) as killer:
            _scored(bundle, rows, folder / "out")
        n_killed += killer.n_killed
        if digest(folder / "out") != expected:
            raise ValueError("Rows differ where nodes were killed.")
    yield Figure(name="kills_scoring", value=n_killed, unit="nodes", target=_KILLS, better="higher")
    run.say(f"fitting {_FOLDS} folds of {iterations} iterations while nodes are killed")
    _, alone = _fitted(folder, iterations, on="here")
    n_killed = 0
    while n_killed < _KILLS:
        with cluster_of(2) as cluster, Killer(cluster, every_s=_FOLDS_EVERY_S) as killer:
            _, scores = _fitted(folder, iterations, on=cluster.address)
        n_killed += killer.n_killed
        _check_scores(scores, alone)
    yield Figure(name="kills_folds", value=n_killed, unit="nodes", target=_KILLS, better="higher")


_PARTS = {"score": _score, "folds": _folds, "models": _models, "kills": _kills}


def _scored(bundle: Path, rows: Path, to: Path) -> float:
    """Return the seconds of a scoring on the cluster that runs."""
    from litmus_core.deploy import score_folder

    shutil.rmtree(to, ignore_errors=True)
    started = perf_counter()
    score_folder(bundle, rows, to, resume=False)
    return perf_counter() - started


def _fitted(folder: Path, iterations: int, *, on: str) -> tuple[float, list[float]]:
    """Return the seconds of a bag's fit, and its scores on validation rows (out of fold) and test rows."""
    from litmus_core import Algorithm, Folds

    booster = Algorithm("catboost", iterations=iterations, learning_rate=0.01)
    (model, *_), _ = _trained(
        folder,
        algorithm=[[booster]],
        folds=Folds(_FOLDS, parallel=True, refit=False),
        compute=Compute(
            where=on,
            train=Resources(cpus=2 if on == "here" else 1),  # here both folds' that are fitted at once
            time_limit_s=24 * 3600.0,
        ),
    )
    return model.fit_s, [model.validation.value, model.test.value]


def _fitted_whole(folder: Path, iterations: int, *, on: str) -> tuple[float, list[float]]:
    """Return the seconds of a fit of several boosters without folds, Ray's start in it, and their scores."""
    from litmus_core import Algorithm
    from litmus_core.types import RunEnded

    boosters = [
        Algorithm("catboost", iterations=iterations, learning_rate=0.01, l2_leaf_reg=3.0 + each)
        for each in range(_MODELS)
    ]
    models, studio = _trained(
        folder,
        algorithm=[boosters],
        folds=0,
        compute=Compute(where=on, train=Resources(cpus=1), time_limit_s=24 * 3600.0),
    )
    facts = [each.fact for each in studio.runs.events(models[0].run_id)]
    (seconds,) = (each.seconds["fit"] for each in facts if isinstance(each, RunEnded))
    alone = sorted((each for each in models if not each.is_ensemble), key=lambda each: each.name)
    return seconds, [each.validation.value for each in alone]


def _check_scores(scores: list[float], alone: list[float]) -> None:
    if any(abs(one - other) > 1e-6 for one, other in zip(scores, alone, strict=True)):
        raise ValueError(f"Scores differ: {scores}, {alone}.")


def _bundle(folder: Path) -> Path:
    """Return the bundle of a booster, trained once."""
    bundle = folder / "bundle.zip"
    if not bundle.exists():
        (model, *_), studio = _trained(
            folder, algorithm="lightgbm", folds=0, compute=Compute(time_limit_s=60)
        )
        shutil.copy(studio.bundles.export(model.id).path, bundle)
    return bundle


def _trained(folder: Path, **asked: Any) -> tuple[list[Any], Any]:
    """Return a run's models, the chosen one first, and the studio that has them."""
    from litmus_core import train

    table = folder / "table.csv"
    if not table.exists():
        _TABLE.load().to_csv(table, index=False)
    handle = train(
        table, _TABLE.target, goal=METRICS[_TABLE.problem], workspace=folder / "workspace", **asked
    )
    handle.wait()
    found = handle.studio.candidates.list(handle.run_id)
    return sorted(found, key=lambda each: not each.chosen), handle.studio


def _rows(folder: Path, n_rows: int) -> Path:
    """Return a Parquet file of the table's rows, drawn until there are so many; made once."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = folder / f"rows-{n_rows}.parquet"
    if not file.exists():
        frame, half = _TABLE.load().drop(columns=[_TABLE.target]), file.with_suffix(".half")
        schema = pa.Schema.from_pandas(frame, preserve_index=False)
        with pq.ParquetWriter(half, schema) as writer:
            for start in range(0, n_rows, _CHUNK):
                drawn = frame.sample(min(_CHUNK, n_rows - start), replace=True, random_state=start)
                table = pa.Table.from_pandas(drawn, schema=schema, preserve_index=False)
                writer.write_table(table, row_group_size=100_000)
        half.replace(file)
    return file


def _check_first(bundle: Path, rows: Path, to: Path) -> None:
    """Raise ValueError unless the first rows are answered as this process answers them."""
    import polars as pl

    from litmus_core import load_bundle

    first = pl.read_parquet(rows, n_rows=_CHECKED).to_pandas()
    with load_bundle(bundle) as model:
        expected = model.predict_proba(first)
    made = pl.read_parquet(to / "*.parquet", n_rows=_CHECKED)
    if not (made.select(pl.selectors.starts_with("probability ")).to_numpy() == expected).all():
        raise ValueError("The first rows are not those of one process.")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--part", default="all", help="score, folds, models, kills, several with commas, or all"
    )
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--iterations", type=int, default=3_000, help="of the booster whose folds are fitted")
    parser.add_argument("--folder", help="where models and rows are kept")


if __name__ == "__main__":
    main("cluster", figures, add_arguments=_arguments)
