"""The scale on which a custom task type has models learn numbers, stored in a run's folder.

scale/scale.json       the task type, and the step that converts predictions back
scale/postprocess/     a custom one, as fitted
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.data import is_custom_task_type, scale_of
from litmus_core.engine._postprocess.plugins import open_custom_step
from litmus_core.engine._run_folder.folder import write_json
from litmus_core.errors import DataError, reading
from litmus_core.plugins import PluginProxy, plugin_proxy
from litmus_core.runtime import DECODE, STEPS_FOLDER, Post, PostStep, portable
from litmus_core.types import PluginRef, from_plain, to_plain

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
SCALE, _FILE = "scale", "scale.json"
_LIMIT_S = 120.0


@dataclass(frozen=True, kw_only=True, eq=False)
class TargetScale:
    """A task type over numbers: ``part`` names it, ``post`` is the step that converts predictions back."""

    part: PluginRef
    post: Post
    decoding: Decoding
    content: bytes = b""  # a custom one, as stored
    proxy: PluginProxy | None = None

    def encode(self, values: Floats) -> Floats:
        """Return (n,) the models' targets for the original numbers.

        Raises PlugInError or DataError if a value is outside the scale.
        """
        if self.proxy is None:
            coded = scale_of(self.part).encode(values)
        else:
            codes = self.proxy.call("encode", values, fitted=self.content, timeout_s=_LIMIT_S)
            coded = _as_numbers(codes, self.proxy, n=len(values))
        if not np.isfinite(coded).all():
            at = int(np.argmin(np.isfinite(coded)))
            raise DataError(
                f"The kind of question '{self.part.name or self.part.reference}' has no finite code for "
                f"{values[at]:g}.",
                hint="Leave such rows out, or choose another kind of question.",
            )
        return coded

    def decode(self, predictions: Floats) -> Floats:
        """Return (n,) the original numbers for the models' predictions."""
        return self.post.apply(np.asarray(predictions, dtype=np.float64), None)


def fit_scale(folder: Path, part: PluginRef, values: Floats) -> TargetScale:
    """Fit a task type's scale to the training rows' numbers (n,) and store it in ``folder``."""
    place = folder / SCALE
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    if is_custom_task_type(part):
        content = plugin_proxy(part, folder).fit(values, timeout_s=_LIMIT_S)
        file = f"{STEPS_FOLDER}/{part.name}-{hashlib.sha256(content).hexdigest()[:8]}.pkl"
        (place / file).parent.mkdir()
        (place / file).write_bytes(content)
        state: Mapping[str, Any] = {"module": part.module, "name": part.name, "file": file, **DECODE}
        step: PostStep = _own_step(folder, part, state, here=False)
    else:
        step = scale_of(part)
    write_json(place / _FILE, {"part": to_plain(part), "post": Post([step]).state()})
    return _opened(folder, here=False)


def put_on_scale(
    folder: Path, part: PluginRef | None, label: str, frames: Sequence[pd.DataFrame | None]
) -> TargetScale | None:
    """Encode the column ``label`` of the frames, training rows first, on the scale of ``part``.

    Stores the scale in ``folder``; without a part, removes any.
    """
    shutil.rmtree(folder / SCALE, ignore_errors=True)
    train = frames[0]
    if part is None or train is None:
        return None
    scale = fit_scale(folder, part, train[label].to_numpy(dtype=np.float64))
    for frame in frames:
        if frame is not None:
            coded = scale.encode(frame[label].to_numpy(dtype=np.float64))
            frame.isetitem(list(frame.columns).index(label), coded)  # in place, also in a slice of a frame
    return scale


def open_scale(folder: Path, *, here: bool = False) -> TargetScale | None:
    """Return the scale of a run's models; None if they learned the original numbers.

    A custom one runs in its own process, or (``here``) in this one.
    """
    return _opened(folder, here=here) if (folder / SCALE / _FILE).exists() else None


def scale_part(folder: Path) -> PluginRef | None:
    """Return the task type whose scale a run's models learned on, as bundles name it."""
    path = folder / SCALE / _FILE
    if not path.exists():
        return None
    with reading(path):
        return portable(from_plain(PluginRef, json.loads(path.read_text(encoding="utf-8"))["part"]))


def with_scale(folder: Path, post: Post | None, *, here: bool) -> Post | None:
    """Return the post-processing steps: conversion from the scale first, then those of ``post``."""
    scale = open_scale(folder, here=here)
    if scale is None:
        return post
    return scale.post if post is None else post.after(scale.post)


@dataclass(frozen=True)
class Decoding:
    """Converts numbers from the scale of the run in a folder. It can be pickled: AutoGluon stores it."""

    folder: str

    def __call__(self, values: Any) -> Floats:
        """Return (n,) the original numbers."""
        return _decoder(self.folder).decode(values)


@lru_cache(maxsize=4)
def _decoder(folder: str) -> TargetScale:
    return _opened(Path(folder), here=False)


def _opened(folder: Path, *, here: bool) -> TargetScale:
    stored = json.loads((folder / SCALE / _FILE).read_text(encoding="utf-8"))
    part = from_plain(PluginRef, stored["part"])

    def own(reference: str, state: Mapping[str, Any]) -> PostStep:
        return _own_step(folder, part, state, here=here)

    post = Post.from_state(stored["post"], open_custom=own)
    if not is_custom_task_type(part):
        return TargetScale(part=part, post=post, decoding=Decoding(str(folder)))
    (content,) = post.files().values()
    return TargetScale(
        part=portable(part),
        post=post,
        decoding=Decoding(str(folder)),
        content=content,
        proxy=plugin_proxy(part, folder),
    )


def _own_step(folder: Path, part: PluginRef, state: Mapping[str, Any], *, here: bool) -> PostStep:
    return open_custom_step(folder, folder / SCALE, part, state, columns=(), here=here)


def _as_numbers(codes: Any, proxy: PluginProxy, *, n: int) -> Floats:
    try:
        coded = np.asarray(codes, dtype=np.float64)
    except (TypeError, ValueError):
        raise proxy.failure("encode returned a value that is not a number") from None
    if coded.shape != (n,):
        raise proxy.failure(f"encode gave {coded.shape} for {n} values")
    return coded
