"""Operations on a custom model in its process: see ``PluginProcess.ask`` in ``litmus_core.plugins``."""

from __future__ import annotations

import importlib
import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.plugins import PluginFailedError

if TYPE_CHECKING:
    from litmus_core.plugins.child import WorkerContext


def prepare(context: WorkerContext, *, module: str, name: str) -> dict[str, Any]:
    """Import the model and all that fitting it needs, so that imports do not count towards its time."""
    from litmus_core.engine._custom._fitted_model import find_maker

    del context
    for library in ("pandas", "threadpoolctl"):
        importlib.import_module(library)
    find_maker(module, name)
    return {}


def fit(
    context: WorkerContext, *, module: str, name: str, rows: str, to: str, **facts: Any
) -> dict[str, Any]:
    """Fit on the pickled ``rows``, pickle the fitted model to ``to``, and return its description.

    Its libraries use as many threads as processors are its own: on a busy machine, two threads for one
    processor wait for each other, and boosted trees of 256 rows took 2.4 s in place of 0.4.
    """
    import pandas as pd
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    from litmus_core.engine._custom._fitted_model import find_maker, fit_model

    del context
    rows_of: dict[str, Any] = pd.read_pickle(rows)  # noqa: S301 - the parent wrote it
    make = find_maker(module, name)
    with threadpool_limits(facts["options"]["num_cpus"]):
        fitted = fit_model(make, rows_of, **facts)
    try:
        content = pickle.dumps(fitted, protocol=5)
    except Exception as error:
        raise PluginFailedError(f"it was fitted but cannot be kept: {error}") from error
    Path(to).write_bytes(content)
    return {"n_bytes": len(content), "reported": _plain_values(fitted.reported())}


def predict(context: WorkerContext, *, fitted: str, rows: str, to: str) -> dict[str, Any]:
    """Predict the pickled ``rows`` with the model at ``fitted`` and write the array to ``to``."""
    import numpy as np
    import pandas as pd

    model = context.stored.get(fitted)
    if model is None:
        model = context.store(fitted, pickle.loads(Path(fitted).read_bytes()))  # noqa: S301 - that is its job
    answer = model.answer(pd.read_pickle(rows))  # noqa: S301 - the parent wrote it
    np.save(to, np.asarray(answer, dtype=np.float64), allow_pickle=False)
    return {}


def _plain_values(values: dict[str, Any]) -> dict[str, Any]:
    """Return the plain values that JSON can hold, and lists of them."""
    values_of = {
        name: value.tolist() if hasattr(value, "tolist") else value for name, value in values.items()
    }
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values_of.items()
        if all(map(_is_plain, value if isinstance(value, list | tuple) else [value]))
    }


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, bool | int | float | str)
