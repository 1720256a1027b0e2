"""What is asked of a model of one's own in its process: see ``litmus_core.hooks.Host.ask``."""

from __future__ import annotations

import pickle
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.hooks import StoppedError

if TYPE_CHECKING:
    from litmus_core.hooks.child import Seat


def check(seat: Seat, *, module: str, name: str, problem_type: str, parameters: dict[str, Any]) -> Any:
    """Import the class, make one, and say what it lacks, with a hint; nothing where it has all."""
    from litmus_core.engine._custom._fitted import find_maker, is_autogluon, unknown_parameters

    del seat
    try:
        maker = find_maker(module, name)
    except AttributeError:
        if module not in sys.modules or hasattr(sys.modules[module], name):
            raise
        known = [each for each in dir(sys.modules[module]) if not each.startswith("_")]
        near = get_close_matches(name, known, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"It has: {', '.join(known[:20])}."
        return {"lacks": f"has no '{name}'", "hint": hint}
    if not callable(maker):
        return {
            "lacks": f"has '{name}', which is neither a class nor a function",
            "hint": "Name a class.",
        }
    if lacks := unknown_parameters(maker, name, parameters):
        return lacks
    return {} if is_autogluon(maker) else _missing_words(maker(**parameters), name, problem_type)


def fit(seat: Seat, *, module: str, name: str, rows: str, to: str, **facts: Any) -> dict[str, Any]:
    """Fit on the pickled ``rows`` and pickle the fitted model at ``to``."""
    import pandas as pd

    from litmus_core.engine._custom._fitted import find_maker, fit_model

    del seat
    given: dict[str, Any] = pd.read_pickle(rows)  # noqa: S301 - the parent wrote it
    fitted = fit_model(find_maker(module, name), given, **facts)
    try:
        kept = pickle.dumps(fitted, protocol=5)
    except Exception as error:
        raise StoppedError(f"it was fitted but cannot be kept: {error}") from error
    Path(to).write_bytes(kept)
    return {"n_bytes": len(kept)}


def predict(seat: Seat, *, fitted: str, rows: str, to: str) -> dict[str, Any]:
    """Answer the pickled ``rows`` with the model at ``fitted`` and write the array to ``to``."""
    import numpy as np
    import pandas as pd

    model = seat.kept.get(fitted)
    if model is None:
        model = seat.keep(fitted, pickle.loads(Path(fitted).read_bytes()))  # noqa: S301 - that is its job
    answer = model.answer(pd.read_pickle(rows))  # noqa: S301 - the parent wrote it
    np.save(to, np.asarray(answer, dtype=np.float64), allow_pickle=False)
    return {}


def _missing_words(estimator: Any, name: str, problem_type: str) -> dict[str, Any]:
    for word in ("fit", "predict" if problem_type == "regression" else "predict_proba"):
        if not callable(getattr(estimator, word, None)):
            hint = f"Give it {word}, as scikit-learn's models have it."
            if word == "predict_proba":
                hint += " sklearn.calibration.CalibratedClassifierCV gives one to a classifier without."
            return {"lacks": f"has '{name}', which has no {word}", "hint": hint}
    return {}
