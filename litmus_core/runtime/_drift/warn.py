"""Say in Python what is unusual in rows that were predicted."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable

_PACKAGE = __name__.partition(".")[0] + "."


class DriftWarning(UserWarning):
    """A column of many rows that hardly any of them has as the model learned it."""


def warn_of(notes: Iterable[str]) -> None:
    """Warn of ``notes``, at the line of the first caller that is not Litmus itself."""
    level, frame = 2, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith(_PACKAGE):
        frame, level = frame.f_back, level + 1
    for note in notes:
        warnings.warn(note, DriftWarning, stacklevel=level)
