"""What goes along with a model that is fitted elsewhere: the files that its fit reads beside its rows.

Models say by ``reads(anew=…)`` which paths those are, and open what :func:`found` makes of each. ``anew`` is
a fit without validation rows. By ``is_trained(anew=…)`` they say whether a fit learns at all, or takes over
what an earlier run fitted, which is done where that lies. Models without these words read nothing, and learn.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from litmus_core.engine._remote.archive import pack, unpack

_PLACES: ContextVar[Mapping[str, str]] = ContextVar("_PLACES")


def is_trained(model: Any, *, anew: bool) -> bool:
    """Say whether a fit of ``model`` (or of what it is a bag of) learns."""
    base = _base(model)
    return bool(base.is_trained(anew=anew)) if hasattr(base, "is_trained") else True


def read_by(model: Any, *, anew: bool) -> list[str]:
    """Return the paths of what a fit of ``model`` (or of what it is a bag of) reads."""
    base = _base(model)
    return list(base.reads(anew=anew)) if hasattr(base, "reads") else []


def files_of(model: Any, *, anew: bool) -> dict[str, bytes]:
    """Return what a fit of ``model`` reads, packed, by path."""
    return {path: pack(Path(path).parent, [Path(path).name]) for path in read_by(model, anew=anew)}


@contextmanager
def reading(files: Mapping[str, bytes]) -> Iterator[None]:
    """Have what :func:`files_of` packed on disk within the block, where :func:`found` says."""
    with tempfile.TemporaryDirectory(prefix="litmus-files-") as scratch:
        places = {path: str(Path(scratch, str(at), Path(path).name)) for at, path in enumerate(files)}
        for path, packed in files.items():
            unpack(packed, Path(places[path]).parent)
        token = _PLACES.set(places)
        try:
            yield
        finally:
            _PLACES.reset(token)


def found(path: str) -> str:
    """Return where what lies at ``path`` on the run's own machine is on this one."""
    return _PLACES.get({}).get(path, path)


def _base(model: Any) -> Any:
    return model._get_model_base() if hasattr(model, "_get_model_base") else model
