"""Files that travel with a remotely fitted model: what its fit reads besides its rows.

Models return these paths by ``reads(on_all_rows=…)``, and open them through :func:`local_path`.
``on_all_rows`` is a fit without validation rows. By ``is_trained(on_all_rows=…)`` they say whether a fit
learns at all, or reuses an earlier run's fit, which happens locally. Models without these methods read
nothing, and learn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from litmus_core.engine._remote.archive import pack, unpack
from litmus_core.runtime import scratch_folder

_PLACES: ContextVar[Mapping[str, str]] = ContextVar("_PLACES")


def is_trained(model: Any, *, on_all_rows: bool) -> bool:
    """Return whether a fit of ``model`` (or of a bag's models) learns."""
    base = _base(model)
    return bool(base.is_trained(on_all_rows=on_all_rows)) if hasattr(base, "is_trained") else True


def paths_read(model: Any, *, on_all_rows: bool) -> list[str]:
    """Return the paths that a fit of ``model`` (or of a bag's models) reads."""
    base = _base(model)
    return list(base.reads(on_all_rows=on_all_rows)) if hasattr(base, "reads") else []


def files_of(model: Any, *, on_all_rows: bool) -> dict[str, bytes]:
    """Return the files that a fit of ``model`` reads, packed, by path."""
    return {
        path: pack(Path(path).parent, [Path(path).name])
        for path in paths_read(model, on_all_rows=on_all_rows)
    }


@contextmanager
def unpacked(files: Mapping[str, bytes]) -> Iterator[None]:
    """Unpack the result of :func:`files_of` within the block, at the paths of :func:`local_path`."""
    with scratch_folder("files") as scratch:
        places = {path: str(Path(scratch, str(at), Path(path).name)) for at, path in enumerate(files)}
        for path, packed in files.items():
            unpack(packed, Path(places[path]).parent)
        token = _PLACES.set(places)
        try:
            yield
        finally:
            _PLACES.reset(token)


def local_path(path: str) -> str:
    """Return the path on this machine of a path on the run's own machine."""
    return _PLACES.get({}).get(path, path)


def _base(model: Any) -> Any:
    return model._get_model_base() if hasattr(model, "_get_model_base") else model
