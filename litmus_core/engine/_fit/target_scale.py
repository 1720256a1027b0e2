"""The scale on which models learn a custom task type's numbers, stored in a run's folder.

scale/scale.json       the task type, the step that converts predictions back, and the columns that it reads
scale/postprocess/     a custom step, as fitted
scale/rows.parquet     these columns of the rows that models are scored on, if there are any
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.data import is_custom_task_type, scale_of
from litmus_core.engine._postprocess.plugins import open_custom_step
from litmus_core.engine._run_folder.folder import write_json
from litmus_core.errors import DataError, reading
from litmus_core.frame import RawColumn
from litmus_core.plugins import PluginProxy, plugin_proxy
from litmus_core.runtime import (
    DECODE,
    STEPS_FOLDER,
    Post,
    PostStep,
    portable,
    read_columns,
)
from litmus_core.types import Column, PluginRef, from_plain, to_plain

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
SCALE, _FILE, _SCORED = "scale", "scale.json", "rows.parquet"
_LIMIT_S = 120.0


@dataclass(frozen=True, kw_only=True, eq=False)
class TargetScale:
    """A task type over numbers: ``part`` names it, ``post`` is the step that converts predictions back."""

    part: PluginRef
    post: Post
    decoding: Decoding
    content: bytes = b""  # a custom step, as stored
    proxy: PluginProxy | None = None
    columns: tuple[Column, ...] = ()
    constant: float = 0.0  # the mean training target, for rows without a prediction
    weights: tuple[Floats | None, ...] = ()  # of the frames on the scale

    @property
    def reads_rows(self) -> bool:
        """Whether it converts a number with the help of the number's row."""
        return bool(self.columns)

    def encode(self, values: Floats, rows: Any = None) -> Floats:
        """Return the models' (n,) targets for the original numbers; ``rows`` (n) if it ``reads_rows``.

        Raises PlugInError or DataError if a value is outside the scale.
        """
        if self.proxy is None:
            coded = scale_of(self.part).encode(values)
        else:
            coded = self._call_plugin(self.proxy, "encode", values, rows)
        if not np.isfinite(coded).all():
            at = int(np.argmin(np.isfinite(coded)))
            raise DataError(
                f"The kind of question '{self.part.name or self.part.reference}' has no finite code for "
                f"{values[at]:g}.",
                hint="Leave such rows out, or choose another kind of question.",
            )
        return coded

    def weigh(self, values: Floats, rows: Any) -> Floats | None:
        """Return (n,) how much the rows count in learning; None: all the same."""
        if self.proxy is None or not self.reads_rows:
            return None
        weights: Floats | None = self._call_plugin(self.proxy, "weigh", values, rows, may_lack=True)
        return weights

    def decode(self, predictions: Floats, rows: Any = None) -> Floats:
        """Return (n,) the original numbers for the models' predictions of ``rows``."""
        return self.post.apply(np.asarray(predictions, dtype=np.float64), rows)

    def _call_plugin(
        self, proxy: PluginProxy, word: str, values: Floats, rows: Any, *, may_lack: bool = False
    ) -> Any:
        arguments: tuple[Any, ...] = (values,)
        if self.reads_rows:
            arguments = (values, read_columns([RawColumn(column) for column in self.columns], rows))
        reply = proxy.call(word, *arguments, fitted=self.content, timeout_s=_LIMIT_S, may_lack=may_lack)
        return None if reply is None and may_lack else _as_numbers(reply, proxy, word, n=len(values))


def fit_scale(folder: Path, part: PluginRef, values: Floats, columns: Sequence[Column] = ()) -> TargetScale:
    """Fit a task type's scale to the training rows' numbers (n,) and store it in ``folder``.

    ``columns`` are the table's; the columns that the task type reads are stored.
    """
    place, read = folder / SCALE, [column for column in columns if column.name in part.needs.columns]
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    if is_custom_task_type(part):
        content = plugin_proxy(part, folder).fit(values, timeout_s=_LIMIT_S)
        file = f"{STEPS_FOLDER}/{part.name}-{hashlib.sha256(content).hexdigest()[:8]}.pkl"
        (place / file).parent.mkdir()
        (place / file).write_bytes(content)
        state: dict[str, Any] = {"module": part.module, "name": part.name, "file": file, **DECODE}
        if read:
            state["columns"] = [column.name for column in read]
        step: PostStep = _custom_step(folder, part, state, read, here=False)
    else:
        step = scale_of(part)
    facts = {"part": to_plain(part), "post": Post([step]).state(), "columns": to_plain(read)}
    write_json(place / _FILE, facts)
    return _read_scale(folder, here=False)


def put_on_scale(
    folder: Path,
    part: PluginRef | None,
    label: str,
    frames: Sequence[tuple[pd.DataFrame, pd.DataFrame] | None],
    columns: Sequence[Column],
) -> TargetScale | None:
    """Encode the column ``label`` of the frames, training rows first, on the scale of ``part``.

    Each comes with the raw rows that it was made from. Stores the scale in ``folder``; without a part,
    removes any.
    """
    shutil.rmtree(folder / SCALE, ignore_errors=True)
    train = frames[0]
    if part is None or train is None:
        return None
    scale = fit_scale(folder, part, train[0][label].to_numpy(dtype=np.float64), columns)
    weights = [None if pair is None else _encode_frame(scale, label, *pair) for pair in frames]
    constant = float(np.average(train[0][label], weights=weights[0]))
    facts = json.loads((folder / SCALE / _FILE).read_text(encoding="utf-8"))
    write_json(folder / SCALE / _FILE, facts | {"constant": constant})
    return replace(scale, weights=tuple(weights), constant=constant)


def _encode_frame(scale: TargetScale, label: str, frame: pd.DataFrame, raw: pd.DataFrame) -> Floats | None:
    """Encode a frame's column in place; return how much its rows count in learning."""
    values = frame[label].to_numpy(dtype=np.float64)
    rows = raw.loc[frame.index] if scale.reads_rows else None
    frame.isetitem(list(frame.columns).index(label), scale.encode(values, rows))  # also in a slice of a frame
    return scale.weigh(values, rows)


def write_scored(folder: Path, scale: TargetScale | None, rows: pd.DataFrame) -> None:
    """Store the columns that the scale reads, of the ``rows`` that models are scored on."""
    if scale is not None and scale.reads_rows:
        rows[[column.name for column in scale.columns]].to_parquet(folder / SCALE / _SCORED)


def read_scored(folder: Path) -> pd.DataFrame | None:
    """Return the columns that the scale reads, of the scored rows in their order; None: it reads none."""
    import pandas as pd

    path = folder / SCALE / _SCORED
    return pd.read_parquet(path) if path.exists() else None


def open_scale(folder: Path, *, here: bool = False) -> TargetScale | None:
    """Return the scale of a run's models; None if they learned the original numbers.

    A custom one runs in its own process, or (``here``) in this one.
    """
    return _read_scale(folder, here=here) if (folder / SCALE / _FILE).exists() else None


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
    return _read_scale(Path(folder), here=False)


def _read_scale(folder: Path, *, here: bool) -> TargetScale:
    stored = json.loads((folder / SCALE / _FILE).read_text(encoding="utf-8"))
    part = from_plain(PluginRef, stored["part"])
    columns, constant = from_plain(tuple[Column, ...], stored["columns"]), float(stored.get("constant", 0.0))

    def open_custom_step(reference: str, state: Mapping[str, Any]) -> PostStep:
        return _custom_step(folder, part, state, columns, here=here)

    post = Post.from_state(stored["post"], open_custom=open_custom_step)
    if not is_custom_task_type(part):
        return TargetScale(part=part, post=post, decoding=Decoding(str(folder)), constant=constant)
    (content,) = post.files().values()
    return TargetScale(
        part=portable(part),
        post=post,
        decoding=Decoding(str(folder)),
        content=content,
        proxy=plugin_proxy(part, folder),
        columns=columns,
        constant=constant,
    )


def _custom_step(
    folder: Path, part: PluginRef, state: Mapping[str, Any], columns: Sequence[Column], *, here: bool
) -> PostStep:
    return open_custom_step(folder, folder / SCALE, part, state, columns=columns, here=here)


def _as_numbers(codes: Any, proxy: PluginProxy, word: str, *, n: int) -> Floats:
    try:
        coded = np.asarray(codes, dtype=np.float64)
    except (TypeError, ValueError):
        raise proxy.failure(f"{word} returned a value that is not a number") from None
    if coded.shape != (n,):
        raise proxy.failure(f"{word} gave {coded.shape} for {n} values")
    return coded
