"""Predictions of each outer fold's models for its rows, stored in ``outer/K`` of a run's folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import reading

OUTER = "outer"
_ANSWERS, _CHOICE = "answers.npz", "choice.json"


@dataclass(frozen=True, eq=False, kw_only=True)
class FoldPredictions:
    """The predictions of one outer fold.

    ``index`` (m,) are its rows' ascending positions in the run's frame. ``predictions`` are by candidate,
    without the run's id: (m, k) probabilities in the order of the run's classes, or (m,) values. ``answered``
    (m,) is False for rows without a prediction. ``thresholds`` are by candidate, and ``chosen`` is the
    candidate that the fold would deploy.
    """

    index: NDArray[np.int64]
    predictions: dict[str, NDArray[np.float64]]
    answered: dict[str, NDArray[np.bool_]]
    thresholds: dict[str, float | None]
    chosen: str


@dataclass(frozen=True, eq=False, kw_only=True)
class OuterPredictions:
    """The predictions of all outer folds, one for each of n rows, by models that had not seen the row.

    ``index`` (n,) are the rows' positions in the run's frame, ``fold`` (n,) the numbers of their outer folds.
    ``predictions`` is (n, k) or (n,). ``threshold`` (n,) is that of the fold, None if there is none.
    """

    index: NDArray[np.int64]
    fold: NDArray[np.int64]
    predictions: NDArray[np.float64]
    threshold: NDArray[np.float64] | None


def fold_folder(folder: Path, number: int) -> Path:
    """Return the folder of outer fold ``number`` of the run in ``folder``."""
    return folder / OUTER / str(number)


def write_fold(folder: Path, predictions: FoldPredictions) -> None:
    """Write a fold's predictions into its own ``folder``."""
    keys = list(predictions.predictions)
    arrays: dict[str, Any] = {f"answers {at}": predictions.predictions[key] for at, key in enumerate(keys)}
    arrays |= {f"answered {at}": predictions.answered[key] for at, key in enumerate(keys)}
    partial = folder / f"{_ANSWERS}.partial"
    with partial.open("wb") as file:
        np.savez(file, allow_pickle=False, index=predictions.index, **arrays)
    choice = {"candidates": keys, "thresholds": predictions.thresholds, "chosen": predictions.chosen}
    (folder / _CHOICE).write_text(json.dumps(choice, indent=1), encoding="utf-8")
    partial.replace(folder / _ANSWERS)  # written last: a fold that has it is complete


def is_written(folder: Path) -> bool:
    """Return whether a fold's own ``folder`` has its predictions."""
    return (folder / _ANSWERS).exists()


def read_fold(folder: Path) -> FoldPredictions:
    """Return what :func:`write_fold` wrote."""
    with reading(folder / _CHOICE):
        choice = json.loads((folder / _CHOICE).read_text(encoding="utf-8"))
    path = folder / _ANSWERS
    with reading(path), path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        return FoldPredictions(
            index=stored["index"],
            predictions={key: stored[f"answers {at}"] for at, key in enumerate(choice["candidates"])},
            answered={key: stored[f"answered {at}"] for at, key in enumerate(choice["candidates"])},
            thresholds=choice["thresholds"],
            chosen=choice["chosen"],
        )


def read_folds(folder: Path) -> dict[int, FoldPredictions]:
    """Return the finished outer folds of the run in ``folder``, by number; {} if a test set judges."""
    done = (path for path in (folder / OUTER).glob("*") if is_written(path))
    return {int(path.name): read_fold(path) for path in sorted(done, key=lambda path: int(path.name))}


def pooled(folds: dict[int, FoldPredictions], candidate: str = "") -> OuterPredictions | None:
    """Return the predictions of all ``folds`` as one: of each fold's choice, or of the same ``candidate``.

    None if a fold lacks the candidate. Rows without a prediction ("don't know") are left out.
    """
    names = {number: candidate or fold.chosen for number, fold in folds.items()}
    if not folds or any(names[number] not in fold.predictions for number, fold in folds.items()):
        return None
    members = [(number, fold, names[number]) for number, fold in folds.items()]
    answered = [fold.answered[name] for _, fold, name in members]
    thresholds = [fold.thresholds.get(name) for _, fold, name in members]
    lengths = [int(rows.sum()) for rows in answered]
    return OuterPredictions(
        index=_concatenate([fold.index[rows] for (_, fold, _), rows in zip(members, answered, strict=True)]),
        fold=np.repeat([number for number, _, _ in members], lengths),
        predictions=_concatenate(
            [fold.predictions[name][rows] for (_, fold, name), rows in zip(members, answered, strict=True)]
        ),
        threshold=None
        if None in thresholds
        else np.repeat(np.asarray(thresholds, dtype=np.float64), lengths),
    )


def _concatenate(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(parts)
