"""Linear models and networks: columns, then layers of weights, then a link. Computed in doubles."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from litmus_core.compiled._chunks import Outputs, by_chunks
from litmus_core.compiled._columns import Columns
from litmus_core.compiled._links import link_of
from litmus_core.compiled._native import Function, NativeFacts, field, function
from litmus_core.compiled._plan import PlanStep
from litmus_core.frame import Features

Array = np.ndarray[Any, Any]
_CHUNK_ROWS = 4_096


class Dense:
    """A linear model (no layers) or a network.

    ``settings``: what :class:`Columns` takes, ``activation`` ("relu", "elu", "tanh" or "identity"),
    ``n_layers`` after the first one, ``link``. ``arrays``: those of the columns; layer i's ``weights<i>``
    (h, h') and ``offset<i>`` (h',).
    """

    def __init__(self, step: PlanStep) -> None:
        self._columns = Columns(step.settings, step.arrays)
        self._activate = _ACTIVATIONS[step.settings.get("activation", "identity")]
        self._layers = [
            (
                step.arrays[f"weights{place}"].astype(np.float64),
                step.arrays[f"offset{place}"].astype(np.float64),
            )
            for place in range(step.settings.get("n_layers", 0))
        ]
        self._native = self._machine_code(step)
        self._link = link_of(step.settings["link"])

    def _machine_code(self, step: PlanStep) -> Function | None:
        """Return machine code for all but the link, for one row, if there is a build."""
        weights = [step.arrays[f"weights{place}"] for place in range(len(self._layers))]
        kinds = [np.float32 if weight.dtype == np.float32 else np.float64 for weight in weights]
        widths = [self._columns.width, *(weight.shape[-1] for weight in weights)]
        self._n_last = widths[-1]
        facts = NativeFacts(
            self._columns.facts(),
            len(weights),
            list(_ACTIVATIONS).index(step.settings.get("activation", "identity")),
            np.array(widths[1:], dtype=np.int64),
            np.array([kind is np.float64 for kind in kinds], dtype=np.int64),
            [
                field(weight, kind, *shape)
                for weight, kind, shape in zip(weights, kinds, pairwise(widths), strict=True)
            ],
            [
                field(offset, np.float64, width)
                for (_, offset), width in zip(self._layers, widths[1:], strict=True)
            ],
        )
        widest = max(widths)
        sizes = {"n_outputs": widest, "n_scratch": widest, "reads": self._columns.widths()}
        return function("litmus_dense", facts, dtype=np.float64, **sizes)

    def run(self, features: Features, outputs: Outputs) -> Array:
        """Return (n,) or (n, k) float32, as AutoGluon does."""
        return by_chunks(self._run, features, outputs, n_rows=_CHUNK_ROWS)

    def _run(self, features: Features, outputs: Outputs) -> Array:
        if self._native is not None and features.n_rows == 1:
            return self._link(
                self._native(self._columns.with_earlier_outputs(features, outputs))[:, : self._n_last]
            )
        values = self._columns.margins(features, outputs)
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


_ACTIVATIONS: dict[str, Callable[[Array], Array]] = {  # in the order of rows.c
    "identity": lambda values: values,
    "relu": _relu,
    "elu": _elu,
    "tanh": _tanh,
}


RUNNER = Dense
