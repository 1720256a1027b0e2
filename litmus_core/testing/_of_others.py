"""Checks of data sources, task types, exporters and hooks."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from litmus_core.errors import PlugInError
from litmus_core.task_types import get_task_type
from litmus_core.testing._bench import Bench, ConformanceCheck, FailedCheck

_ALONE = 3  # values that are tried one by one
_NOWHERE = "there-is-nothing-here"


def _read(bench: Bench, location: str) -> Any:
    import pandas as pd

    answer = bench.call(word_of(bench), location)
    if isinstance(answer, pd.DataFrame):
        if answer.shape[1] == 0:
            raise FailedCheck("it read a table without columns")
        return answer
    path = Path(answer) if isinstance(answer, str | Path) else None
    if path is None:
        raise FailedCheck(f"it returned {type(answer).__name__}, neither a data frame nor a path")
    if not path.is_file():
        raise FailedCheck(f"it returned the path {path}, where there is no file")
    return path


def word_of(bench: Bench) -> str:
    """Return ``read`` for a class, and "" for a function, which is called itself."""
    return "" if bench.described.facts.get("is_function") else "read"


def _reads(bench: Bench) -> None:
    example = bench.described.facts.get("example")
    if example:
        _read(bench, str(example))


def _says_no(bench: Bench) -> None:
    """A location that does not exist must raise an error with a message, not return a table or hang."""
    try:
        _read(bench, f"{bench.described.facts['prefix']}{_NOWHERE}")
    except PlugInError as error:
        if error.timed_out:
            raise
    else:
        raise FailedCheck(f"it read a table from {_NOWHERE}, where there is none")


DATA_SOURCE_CHECKS = (
    ConformanceCheck("reads its example", _reads, first=True),
    ConformanceCheck("says where there is nothing", _says_no),
)


def _encodes(bench: Bench) -> None:
    _fitting(bench)


def _fitting(bench: Bench) -> list[Any]:
    """Return values that a task type can encode and decode: its example, or one of ours."""
    base = bench.described.facts["base"]
    rng = np.random.default_rng(2)
    examples: list[list[Any]] = [
        np.round(rng.gamma(2.0, 20.0, 40), 2).tolist(),
        [("low", "mid", "high")[at] for at in rng.integers(0, 3, 40)],
        [("no", "yes")[at] for at in rng.integers(0, 2, 40)],
    ]
    example = bench.described.facts.get("example")
    first: Exception | None = None
    for values in [list(example)] if example else examples:
        try:
            _encode(bench, values, base)
        except (PlugInError, FailedCheck) as error:
            first = first or error
        else:
            return values
    raise first or FailedCheck("there is no example to encode")


def _encode(bench: Bench, values: list[Any], base: str) -> None:
    task_type, fitted = get_task_type(base), bench.fit(values)
    coded = bench.call("encode", values, fitted=fitted)
    codes = np.asarray(coded)
    if codes.shape != (len(values),):
        raise FailedCheck(f"encode returned {codes.shape} for {len(values)} values")
    if not task_type.has_classes and codes.dtype.kind not in "fiu":
        raise FailedCheck("encode returned something that is not a number, and its base is regression")
    if task_type.has_positive_class and len(set(codes.tolist())) != 2:
        raise FailedCheck(
            f"encode returned {len(set(codes.tolist()))} different values, and its base is binary"
        )
    back = np.asarray(bench.call("decode", coded, fitted=fitted))
    if back.shape != (len(values),):
        raise FailedCheck(f"decode returned {back.shape} for {len(values)} answers")


def _check_single_values(bench: Bench) -> None:
    values = _fitting(bench)
    fitted = bench.fit(values)
    coded = bench.call("encode", values, fitted=fitted)
    decoded = bench.call("decode", coded, fitted=fitted)
    for word, arguments, expected in (("encode", values, coded), ("decode", list(coded), decoded)):
        for at in range(_ALONE):
            (single,) = _plain(bench.call(word, arguments[at : at + 1], fitted=fitted))
            among = _plain(expected)[at]
            if not _same(single, among):
                raise FailedCheck(f"{word} makes {single!r} of one value that it made {among!r} of before")


def _plain(values: Any) -> list[Any]:
    return [value.item() if hasattr(value, "item") else value for value in values]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float | int) and isinstance(other, float | int):
        return bool(np.isclose(one, other, rtol=1e-9, atol=1e-12))
    return bool(one == other)


TASK_TYPE_CHECKS = (
    ConformanceCheck("encodes and decodes", _encodes, first=True),
    ConformanceCheck("each value on its own", _check_single_values),
)


def _writes(bench: Bench) -> None:
    with tempfile.TemporaryDirectory(prefix="litmus-export-") as scratch:
        bundle, to = Path(scratch, "bundle"), Path(scratch, "written")
        bundle.mkdir()
        (bundle / "litmus.json").write_text('{"name": "example"}')

        before = {path: path.read_bytes() for path in sorted(bundle.rglob("*")) if path.is_file()}
        written = bench.call("write", bundle, to)
        if not isinstance(written, str | Path) or not Path(written).exists():
            raise FailedCheck(f"write returned {written!r}, where nothing is")
        contents = {path: path.read_bytes() for path in sorted(bundle.rglob("*")) if path.is_file()}
        if before != contents:
            raise FailedCheck("write changes the bundle that it is given")


EXPORTER_CHECKS = (ConformanceCheck("writes", _writes, first=True),)

_EVENTS: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("on_run_start", ({"id": "run_1", "number": 1, "experiment": "a", "task": {"target": "t"}},)),
    ("on_stage", ("fit", "Training Linear model")),
    ("on_candidate", ({"id": "run_1-linear", "name": "Linear model"},)),
    ("on_verdict", ({"outcome": "meets", "sentence": "It meets the bar."},)),
    ("on_run_end", ({"status": "finished", "message": ""},)),
)


def _check_hook(bench: Bench) -> None:
    words = bench.described.facts.get("words") or [word for word, _ in _EVENTS]
    fitted = bench.fit()
    for word, arguments in _EVENTS:
        if word in words and bench.call(word, *arguments, fitted=fitted) is not None:
            raise FailedCheck(f"{word} returned something; a hook only observes")


HOOK_CHECKS = (ConformanceCheck("looks on", _check_hook, first=True),)
