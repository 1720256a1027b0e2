"""Pre-processors as named in Python and on the command line."""

from __future__ import annotations

from collections.abc import Sequence

from litmus_core.errors import UsageError
from litmus_core.plugins import read_part
from litmus_core.types import PluginRef

_FORM = "Name it FILE.py:Class or module:Class, with parameters in brackets: 'tidy.py:Tidy(most=20)'."


def pre_parts(given: Sequence[str | type | PluginRef] | str | type | PluginRef) -> tuple[PluginRef, ...]:
    """Return pre-processors as parts of a run: from texts, classes imported from a file, or parts.

    >>> pre_parts(["tidy.py:Tidy(most=20)"])[0].parameters
    (('most', 20),)
    """
    return tuple(_part(each) for each in ([given] if isinstance(given, str | type | PluginRef) else given))


def _part(given: str | type | PluginRef) -> PluginRef:
    if isinstance(given, PluginRef):
        return given
    if isinstance(given, str):  # a bare name is a plug-in's, looked up when the run is checked
        return read_part("preprocess", given)
    if not isinstance(given, type):
        raise UsageError(f"{given!r} is no class of a pre-processor.", hint=_FORM)
    if given.__module__ == "__main__":
        raise UsageError(
            f"{given!r} was made in a notebook or script, where a run cannot import it from.",
            hint="Put it into a .py file and name it, such as 'tidy.py:Tidy'.",
        )
    return PluginRef(point="preprocess", reference=f"{given.__module__}:{given.__qualname__}")
