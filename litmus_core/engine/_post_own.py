"""Steps of someone's own class: fitted and asked in a process of theirs, in place in production."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from litmus_core.engine._post_fit import OwnFitter, Scored
from litmus_core.errors import UsageError
from litmus_core.runtime import PostStep
from litmus_core.types import Column, Part

_LATER = "A class of your own after the model needs the plug-in host, which this Litmus does not have yet."


def own_fitter(folder: Path) -> OwnFitter:
    """Return what fits someone's own steps from the source that a run's folder keeps."""

    def fit(part: Part, scored: Scored) -> PostStep:
        raise UsageError(_LATER, hint="Use the built-in steps.")

    return fit


def open_own(
    folder: Path,
    place: Path,
    reference: str,
    state: Mapping[str, Any],
    *,
    columns: Sequence[Column],
    here: bool,
) -> PostStep:
    """Return a fitted step of someone's own, kept in ``place`` of a run's folder."""
    raise UsageError(_LATER, hint="Use the built-in steps.")
