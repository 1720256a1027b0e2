"""A run's folder as the engine stores it.

model.json      the models' problem type, target, classes, columns, metric and versions
pipeline.json   the fitted feature pipeline
rows.npz        labels of the rows that models are scored on, and their encoded truth
unknown.pkl     features of scored rows whose label training did not contain, if any
compiled/       each model's form for production, if it compiles
predictor/      AutoGluon's folder; predictor/kept.pkl is the last intact copy of the file that it overwrites
"""

from __future__ import annotations

import json
import platform
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.engine._families.registry import model_packages
from litmus_core.engine._target import UNKNOWN, Target
from litmus_core.errors import NotFoundError, reading
from litmus_core.metrics import Metric, get_metric
from litmus_core.trust import check_files, sign_files
from litmus_core.types import Column, ProblemType, to_plain

if TYPE_CHECKING:
    import pandas as pd

PREDICTOR = "predictor"
# AutoGluon overwrites it in place: a process killed meanwhile leaves it truncated. (So it does with its
# learner.pkl and predictor.pkl, which Litmus does not read.)
TRAINER = f"{PREDICTOR}/models/trainer.pkl"
RECOVERY_COPY = f"{PREDICTOR}/kept.pkl"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredRows:
    """Rows that a run's models are scored on: validation rows, or with folds all training rows.

    ``index`` (n,) are the rows' labels in their original frame, ``truth`` (n,) class codes (-1: unknown
    class) or values, ``shares`` (k,) of the classes among the training rows. With folds, AutoGluon saw
    ``n_extra`` more rows at the end (copies that keep single-row classes), and ``fold`` (n,) is the one that
    tested each row (-1: none did), (n, repeats) with repeated folds; without folds it is all -1. With folds
    in time order only the rows in ``scored`` (n,) are scored. ``weights`` (n,) say how much each row counts,
    ``groups`` (n,) which belong together (None: no groups).
    """

    index: NDArray[np.int64]
    truth: NDArray[Any]
    shares: NDArray[np.float64]
    folds: int
    n_extra: int
    fold: NDArray[np.int64]
    scored: NDArray[np.bool_]
    weights: NDArray[np.float64] | None = None
    groups: NDArray[np.int64] | None = None

    def metric(self, name: str, rows: NDArray[Any]) -> Metric:
        """Return the metric of that name for these of the rows (a mask or positions)."""
        weights, groups = (None if of is None else of[rows] for of in (self.weights, self.groups))
        return get_metric(name).weighted(weights).grouped(groups)

    @property
    def unknown(self) -> NDArray[np.bool_]:
        """(n,) which rows have a label that training did not contain."""
        return (
            np.asarray(self.truth == UNKNOWN)
            if self.truth.dtype.kind == "i"
            else np.zeros(len(self.truth), bool)
        )


def predictor_path(folder: Path) -> Path:
    """Return the path of AutoGluon's own folder."""
    return folder / PREDICTOR


def compiled_path(folder: Path, model: str) -> Path:
    """Return the path of a model's compiled form, whether it exists or not."""
    return folder / "compiled" / model


def write_json(path: Path, plain: Any) -> None:
    """Write ``plain`` as JSON atomically."""
    partial = path.with_suffix(path.suffix + ".partial")
    partial.write_text(json.dumps(plain, indent=1), encoding="utf-8")
    partial.replace(path)


def write_model_info(folder: Path, target: Target, columns: Sequence[Column], *, metric: str) -> None:
    """Write ``model.json``; with the costs that decide between more than two classes, if any."""
    scored_metric = get_metric(metric)
    costs = None
    if scored_metric.costs is not None and target.task_type.weighs_classes:
        costs = scored_metric.costs.matrix(target.classes).tolist()
    write_json(
        folder / "model.json",
        {
            "problem_type": target.problem_type,
            "target": target.name,
            "classes": list(target.classes),
            "positive_class": target.positive_class,
            "columns": to_plain(list(columns)),
            "metric": metric,
            "costs": costs,
            "versions": versions(),
        },
    )


def read_model_info(folder: Path) -> dict[str, Any]:
    """Return the contents of ``model.json``; raises NotFoundError if no model was trained."""
    path = folder / "model.json"
    if not path.exists():
        raise NotFoundError(kind="trained model in", id=folder.name, hint="Train a model first.")
    with reading(path):
        info: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return info


def read_target(info: dict[str, Any]) -> Target:
    """Return the target that ``model.json`` describes."""
    problem_type: ProblemType = info["problem_type"]
    return Target(name=info["target"], problem_type=problem_type, classes=tuple(info["classes"]))


def write_rows(folder: Path, rows: ScoredRows) -> None:
    """Write ``rows.npz``."""
    partial = folder / "rows.partial.npz"
    about = {"weights": rows.weights, "groups": rows.groups}
    more: dict[str, Any] = {name: values for name, values in about.items() if values is not None}
    np.savez(
        partial,
        index=rows.index,
        truth=rows.truth,
        shares=rows.shares,
        folds=np.array(rows.folds),
        n_extra=np.array(rows.n_extra),
        fold=rows.fold,
        scored=rows.scored,
        **more,
    )
    partial.replace(folder / "rows.npz")


def read_rows(folder: Path) -> ScoredRows:
    """Return the contents of ``rows.npz``."""
    path = folder / "rows.npz"
    with reading(path), path.open("rb") as file, np.load(file) as stored:
        return ScoredRows(
            index=stored["index"],
            truth=stored["truth"],
            shares=stored["shares"],
            folds=int(stored["folds"]),
            n_extra=int(stored["n_extra"]),
            fold=stored["fold"],
            scored=stored["scored"]
            if "scored" in stored.files
            else np.ones(len(stored["index"]), dtype=bool),
            weights=stored["weights"] if "weights" in stored.files else None,
            groups=stored["groups"] if "groups" in stored.files else None,
        )


def n_folds(folder: Path) -> int:
    """Return a run's number of folds; 0: one validation part, or nothing trained."""
    path = folder / "rows.npz"
    if not path.exists():
        return 0
    with reading(path), path.open("rb") as file, np.load(file) as stored:
        return int(stored["fold"].max(initial=-1)) + 1 if "fold" in stored.files else int(stored["folds"])


def write_unknown_features(folder: Path, features: pd.DataFrame) -> None:
    """Write ``unknown.pkl``."""
    features.to_pickle(folder / "unknown.pkl")


def read_unknown_features(folder: Path) -> pd.DataFrame:
    """Return the contents of ``unknown.pkl``; raises UntrustedError for another user's file."""
    import pandas as pd

    check_files(folder, except_for=(PREDICTOR,))

    features: pd.DataFrame = pd.read_pickle(folder / "unknown.pkl")  # noqa: S301
    return features


def store_recovery_copy(folder: Path) -> None:
    """Copy the file that AutoGluon overwrites in place, and sign everything written so far.

    The copy is replaced atomically.
    """
    partial = predictor_path(folder) / "kept.partial"
    shutil.copyfile(folder / TRAINER, partial)
    partial.replace(folder / RECOVERY_COPY)
    sign_files(folder, goes_on=True)


def restore_recovery_copy(folder: Path) -> None:
    """Restore the copy of :func:`store_recovery_copy`, if there is one."""
    if (folder / RECOVERY_COPY).exists():
        shutil.copyfile(folder / RECOVERY_COPY, folder / TRAINER)


def versions() -> dict[str, str]:
    """Return the installed versions that pickled models depend on."""
    versions_of = {"python": platform.python_version()}
    for name in model_packages():
        try:
            versions_of[name] = version(name)
        except ModuleNotFoundError:  # importlib.metadata's PackageNotFoundError: an optional package
            continue
    return versions_of
