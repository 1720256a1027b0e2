"""Inspect the class that a user named before a run is queued: in a child process, without calling it."""

from __future__ import annotations

from collections.abc import Sequence

from litmus_core.errors import UsageError
from litmus_core.plugins._failure_messages import PluginFailedError
from litmus_core.plugins._process.host import PluginProcess
from litmus_core.types import CustomModel, PluginRef

_LIMIT_S = 60.0
# How to add a method that a class lacks.
_METHOD_HINTS = {
    "fit": "Give it fit, as scikit-learn's models have it.",
    "predict": "Give it predict, as scikit-learn's models have it.",
    "predict_proba": (
        "Give it predict_proba, as scikit-learn's models have it. "
        "sklearn.calibration.CalibratedClassifierCV gives one to a classifier without."
    ),
    "transform": "Give it transform(self, frame), which returns the frame with its columns changed.",
    "apply": "Give it apply(self, answers, rows), which returns answers of the same shape.",
}


def check_maker(
    host: PluginProcess, named: CustomModel | PluginRef, *, methods: Sequence[str], noun: str
) -> None:
    """Raise UsageError unless ``named`` can be imported, has ``methods`` and takes its parameters.

    Importing runs the module in ``host``'s process; the class or function itself is never called. ``noun``
    is the word for it in messages, such as "model".
    """
    where = f"{named.module.replace('.', '/')}.py" if named.sha256 else named.module
    request = {
        "do": "litmus_core.plugins._inspection.worker:inspect_maker",
        "module": named.module,
        "name": named.name,
        "parameters": dict(named.parameters),
        "methods": list(methods),
        "is_copied": bool(named.sha256),
    }
    try:
        lacks = host.ask(request, timeout_s=_LIMIT_S)
    except PluginFailedError as error:
        hint = "Nothing was started. Fix it, then try again."
        if "relative import" in str(error):
            hint = "Name it as a module of its package instead, such as package.module:Class."
        raise UsageError(f"Your {noun} {named.name} of {where} cannot be used: {error}.", hint=hint) from None
    if lacks:
        hint = lacks["hint"] or _METHOD_HINTS[lacks["method"]]
        raise UsageError(f"{where} {lacks['lacks']}.", hint=hint)
