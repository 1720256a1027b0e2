"""Process many rows in chunks that fit into the processor's cache."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from litmus_core.frame import Features

Array = np.ndarray[Any, Any]
Outputs = Mapping[str, Array]


def by_chunks(
    run: Callable[[Features, Outputs], Array], features: Features, outputs: Outputs, *, n_rows: int
) -> Array:
    """Return ``run``'s result for all rows, computed ``n_rows`` at a time."""
    if features.n_rows <= n_rows:
        return run(features, outputs)
    parts = []
    for start in range(0, features.n_rows, n_rows):
        stop = start + n_rows
        chunk = {name: answer[start:stop] for name, answer in outputs.items()}
        parts.append(run(features.rows(start, stop), chunk))
    return np.concatenate(parts)
