"""Looking at models of one's own before a run is queued: importable, and with the words they need."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from litmus_core.engine._custom._ends import CustomStoppedError
from litmus_core.engine._custom._host import Host, own_host
from litmus_core.errors import UsageError
from litmus_core.types import CustomModel, ProblemType

_LIMIT_S = 60.0
_passed: set[tuple[CustomModel, str]] = set()  # a source that was looked at is the same by its hash


def check_models(models: Sequence[CustomModel], folder: Path, problem_type: ProblemType) -> None:
    """Raise UsageError, in words, unless each model can be imported from ``folder``, made and fitted.

    They are imported and made in a process that ends with the check.
    """
    left = [model for model in models if (model, problem_type) not in _passed]
    if left:
        with own_host(folder) as host:
            for model in left:
                _check(model, host, problem_type)
                _passed.add((model, problem_type))


def _check(model: CustomModel, host: Host, problem_type: ProblemType) -> None:
    what = f"{model.module.replace('.', '/')}.py" if model.sha256 else model.module
    asked = {
        "do": "check",
        "module": model.module,
        "name": model.name,
        "problem_type": problem_type,
        "parameters": dict(model.parameters),
    }
    try:
        told = host.ask(asked, timeout_s=_LIMIT_S)
    except CustomStoppedError as error:
        raise UsageError(
            f"Your model {model.name} of {what} cannot be used: {error}.", hint=_hint(str(error))
        ) from None
    if told:
        raise UsageError(f"{what} {told['lacks']}.", hint=told["hint"])


def _hint(said: str) -> str:
    if "relative import" in said:
        return "Name it as a module of its package instead, such as package.module:Class."
    if "required positional argument" in said:
        return "It is made without arguments: give each a default, or name a function that makes it."
    return "Nothing was started. Mend it, then try again."
