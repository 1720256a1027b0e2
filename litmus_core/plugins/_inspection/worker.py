"""Inspect a class or function by name, without calling it. Runs in a child process."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from litmus_core.plugins._decorators import MARK, Mark

if TYPE_CHECKING:
    from litmus_core.plugins.child import WorkerContext


def inspect_maker(
    context: WorkerContext,
    *,
    module: str,
    name: str,
    parameters: dict[str, Any],
    methods: Sequence[str],
    is_copied: bool,
) -> dict[str, str]:
    """Import ``module`` and return the problem of its class or function ``name``, with a hint; {} if none.

    A class needs ``methods`` and must take ``parameters``. A pre-processor may be a function of a data frame.
    A function that returns such an object is
    accepted only from a file that was copied into the run (``is_copied``) or with a plug-in's mark. Any
    other function of an installed module, such as ``os:system``, is refused. Nothing is called.
    """
    del context
    try:
        maker = getattr(importlib.import_module(module), name)
    except AttributeError:
        if module not in sys.modules or hasattr(sys.modules[module], name):
            raise
        names = [one for one in dir(sys.modules[module]) if not one.startswith("_")]
        return _problem(f"has no '{name}'", _suggestion(name, names) or f"It has: {', '.join(names[:20])}.")
    if inspect.isclass(maker):
        missing = next((method for method in methods if not callable(getattr(maker, method, None))), None)
        if missing:
            return _problem(f"has '{name}', which has no {missing}", "") | {"method": missing}
    elif not inspect.isfunction(maker):
        return _problem(f"has '{name}', which is neither a class nor a function", "Name a class.")
    elif not is_copied and not isinstance(vars(maker).get(MARK), Mark):
        return _problem(
            f"has the function '{name}', which is not run",
            "Name a class, or call the function in a file of your own.",
        )
    if _is_autogluon(maker) or ("transform" in methods and _is_frame_function(maker, parameters)):
        return {}
    return _parameter_problem(maker, name, parameters)


def _parameter_problem(maker: Any, name: str, parameters: dict[str, Any]) -> dict[str, str]:
    """Name the parameter that a maker does not take, or requires and does not get; {} if unknown."""
    try:
        signature = inspect.signature(maker)
    except (TypeError, ValueError):  # calling it will show
        return {}
    parameters_by_name = signature.parameters
    if not any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters_by_name.values()):
        unknown = next((parameter for parameter in parameters if parameter not in parameters_by_name), None)
        if unknown is not None:
            hint = f"It takes: {', '.join(parameters_by_name)}." if parameters_by_name else "It takes none."
            return _problem(
                f"has '{name}', which takes no parameter '{unknown}'",
                _suggestion(unknown, parameters_by_name) or hint,
            )
    try:
        signature.bind(**parameters)
    except TypeError as error:
        return _problem(
            f"has '{name}', which cannot be made: {error}",
            "Give each of its parameters a value or a default, or name a function that makes it.",
        )
    return {}


def _is_frame_function(maker: Any, parameters: dict[str, Any]) -> bool:
    from litmus_core.frame import is_frame_function

    return is_frame_function(maker, parameters)


def _is_autogluon(maker: Any) -> bool:
    """Return whether it is an AutoGluon model, which takes any hyperparameter."""
    models = sys.modules.get("autogluon.core.models")  # any subclass of it has imported it
    return inspect.isclass(maker) and models is not None and issubclass(maker, models.AbstractModel)


def _suggestion(name: str, names: Any) -> str:
    near = get_close_matches(name, list(names), n=1)
    return f"Did you mean '{near[0]}'?" if near else ""


def _problem(problem: str, hint: str) -> dict[str, str]:
    return {"lacks": problem, "hint": hint}
