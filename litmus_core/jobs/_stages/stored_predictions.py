"""The chosen model's validation predictions, stored for comparing runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import reading

_FILE = "validated.npz"


@dataclass(frozen=True, eq=False)
class Validated:
    """Predictions for the scored rows, after the candidate's post-processing.

    ``index`` (n,) are the rows' positions in the table. ``predictions`` are (n, k) probabilities in the order
    of the classes or (n,) values; ``truth`` (n,) are labels as text, or values. ``weights`` (n,) are the
    rows' weights (None: all the same), and ``blocks`` (n,) the units of the bootstrap, such as groups (None:
    rows).
    """

    index: NDArray[np.int64]
    predictions: NDArray[np.float64]
    truth: NDArray[Any]
    weights: NDArray[np.float64] | None = None
    blocks: NDArray[Any] | None = None


def write_validated(folder: Path, predictions: Validated) -> None:
    """Write the predictions into a run's folder, replacing earlier ones."""
    partial = folder / f"{_FILE}.partial"
    more: dict[str, Any] = {"weights": predictions.weights, "blocks": predictions.blocks}
    with partial.open("wb") as file:
        np.savez(
            file,
            index=predictions.index,
            predictions=predictions.predictions,
            truth=predictions.truth,
            **{name: array for name, array in more.items() if array is not None},
        )
    partial.replace(folder / _FILE)


def has_validated(folder: Path) -> bool:
    """Return whether a run's folder has the predictions, which are written with the verdict."""
    return (folder / _FILE).exists()


def read_validated(folder: Path) -> Validated:
    """Return the predictions in a run's folder."""
    path = folder / _FILE
    with reading(path), path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        return Validated(
            index=arrays["index"],
            predictions=arrays["predictions"],
            truth=arrays["truth"],
            weights=arrays["weights"] if "weights" in arrays.files else None,
            blocks=arrays["blocks"] if "blocks" in arrays.files else None,
        )
