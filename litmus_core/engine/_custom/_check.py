"""Looking at models of one's own before a run is queued: importable, and with the words they need."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from litmus_core.engine._custom._ends import CustomStoppedError
from litmus_core.engine._custom._host import own_host
from litmus_core.errors import UsageError
from litmus_core.types import CustomModel, ProblemType

_LIMIT_S = 60.0
_passed: set[tuple[CustomModel, str]] = set()  # a source that was looked at is the same by its hash


def check_models(models: Sequence[CustomModel], folder: Path, problem_type: ProblemType) -> None:
    """Raise UsageError, in words, unless each model can be imported from ``folder``, made and fitted.

    Each is imported and made in a process of its own, which ends with the check.
    """
    for model in models:
        if (model, problem_type) in _passed:
            continue
        asked = {"do": "check", "module": model.module, "name": model.name, "problem_type": problem_type}
        what = f"{model.module.replace('.', '/')}.py" if model.sha256 else model.module
        try:
            with own_host(folder) as host:
                told = host.ask(asked, timeout_s=_LIMIT_S)
        except CustomStoppedError as error:
            said = str(error)
            raise UsageError(
                f"Your model {model.name} of {what} cannot be used: {said}.", hint=_hint(said)
            ) from None
        if told:
            raise UsageError(f"{what} {told['lacks']}.", hint=told["hint"])
        _passed.add((model, problem_type))


def _hint(said: str) -> str:
    if "relative import" in said:
        return "Name it as a module of its package instead, such as package.module:Class."
    if "required positional argument" in said:
        return "It is made without arguments: give each a default, or name a function that makes it."
    return "Nothing was started. Mend it, then try again."
