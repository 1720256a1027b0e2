"""Linear models and networks: columns, then layers of weights, then a link. Computed in doubles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from litmus_core.compiled._chunks import Answers, by_chunks
from litmus_core.compiled._columns import Columns
from litmus_core.compiled._links import link_of
from litmus_core.compiled._plan import Step
from litmus_core.frame import Features

Array = np.ndarray[Any, Any]
_CHUNK_ROWS = 4_096


class Dense:
    """A linear model (no layers) or a network.

    ``settings``: what :class:`Columns` takes, ``activation`` ("relu", "elu", "tanh" or "identity"),
    ``n_layers`` after the first one, ``link``. ``arrays``: those of the columns; layer i's ``weights<i>``
    (h, h') and ``offset<i>`` (h',).
    """

    def __init__(self, step: Step) -> None:
        self._columns = Columns(step.settings, step.arrays)
        self._activate = _ACTIVATIONS[step.settings.get("activation", "identity")]
        self._layers = [
            (
                step.arrays[f"weights{place}"].astype(np.float64),
                step.arrays[f"offset{place}"].astype(np.float64),
            )
            for place in range(step.settings.get("n_layers", 0))
        ]
        self._link = link_of(step.settings["link"])

    def run(self, features: Features, answers: Answers) -> Array:
        """Return (n,) or (n, k) float32, as AutoGluon does."""
        return by_chunks(self._run, features, answers, n_rows=_CHUNK_ROWS)

    def _run(self, features: Features, answers: Answers) -> Array:
        values = self._columns.margins(features, answers)
        for weights, offset in self._layers:
            values = self._activate(values) @ weights
            values += offset
        return self._link(values)


def _relu(values: Array) -> Array:
    return np.maximum(values, 0.0, out=values)


def _elu(values: Array) -> Array:
    return np.where(values > 0.0, values, np.expm1(np.minimum(values, 0.0)))


def _tanh(values: Array) -> Array:
    return np.tanh(values, out=values)


_ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "relu": _relu,
    "elu": _elu,
    "tanh": _tanh,
    "identity": lambda values: values,
}
