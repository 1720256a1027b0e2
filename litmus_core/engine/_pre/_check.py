"""Looking at pre-processors before a run is queued: importable, made, able to transform."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from litmus_core.errors import UsageError
from litmus_core.hooks import StoppedError, own_host
from litmus_core.types import Part

_LIMIT_S = 60.0


def check_preprocessing(parts: Sequence[Part], modules: Path) -> None:
    """Raise UsageError, in words, unless each part can be imported from ``modules``, made, and has transform.

    They are imported and made in a process that ends with the check.
    """
    own = [part for part in parts if part.point == "preprocess"]
    named = next((part for part in own if not part.module), None)
    if named is not None:
        raise UsageError(
            f"There is no pre-processor '{named.reference}'.",
            hint="Name a class of your own: FILE.py:Class or module:Class.",
        )
    if own:
        with own_host(modules) as host:
            for part in own:
                what = f"{part.module.replace('.', '/')}.py" if part.sha256 else part.module
                asked = {
                    "do": "litmus_core.engine._pre._asked:look",
                    "module": part.module,
                    "name": part.name,
                    "parameters": dict(part.parameters),
                }
                try:
                    told = host.ask(asked, timeout_s=_LIMIT_S)
                except StoppedError as error:
                    raise UsageError(
                        f"Your pre-processor {part.name} of {what} cannot be used: {error}.",
                        hint="Nothing was started. Mend it, then try again.",
                    ) from None
                if told:
                    raise UsageError(f"{what} {told['lacks']}.", hint=told["hint"])
