"""Results of custom code, stored as plain data that runs nothing when read, never as a pickle."""

from __future__ import annotations

import json
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.plugins._failure_messages import PluginFailedError

if TYPE_CHECKING:
    import pandas as pd

_INDEX = "__litmus_index__"


def write_result(answer: Any, to: Path) -> dict[str, Any]:
    """Write a result to the file ``to``, or put it into JSON; return where :func:`read_result` finds it.

    Supported: arrays of numbers (of texts: as lists), data frames and series whose columns each hold one
    type, paths, and what JSON can represent. Raises PluginFailedError for anything else.
    """
    import pandas as pd

    if isinstance(answer, pd.Series):
        return {"series": _write_frame(answer.to_frame("value"), to), "name": _plain_value(answer.name)}
    if isinstance(answer, pd.DataFrame):
        return {"frame": _write_frame(answer, to)}
    if isinstance(answer, np.ndarray):
        if answer.dtype.kind == "U":
            return {"plain": answer.tolist()}
        if answer.dtype.kind not in "biuf":
            raise PluginFailedError(f"it answered with an array of {answer.dtype}, not of numbers")
        np.save(to.with_suffix(".npy"), answer, allow_pickle=False)
        return {"array": str(to.with_suffix(".npy"))}
    if isinstance(answer, PurePath):
        return {"path": str(answer)}
    return {"plain": _plain_value(answer)}


def read_result(facts: dict[str, Any]) -> Any:
    """Return the result that :func:`write_result` wrote."""
    if "array" in facts:
        return np.load(facts["array"], allow_pickle=False)
    if "frame" in facts:
        return _read_frame(facts["frame"])
    if "series" in facts:
        return _read_frame(facts["series"])["value"].rename(facts["name"])
    return Path(facts["path"]) if "path" in facts else facts["plain"]


def _plain_value(answer: Any) -> Any:
    if isinstance(answer, np.generic):
        answer = answer.item()
    try:
        return json.loads(json.dumps(answer, default=_scalar))
    except (TypeError, ValueError):
        raise PluginFailedError(
            f"it answered with {_article(type(answer).__name__)}, which is not data that Litmus can read"
        ) from None


def _scalar(value: Any) -> Any:
    """Return a NumPy number or truth value inside a result as Python's own."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError


def _write_frame(frame: pd.DataFrame, to: Path) -> str:
    import pyarrow as pa
    import pyarrow.feather

    unsupported = [name for name in frame.columns if not isinstance(name, str)]
    if unsupported:
        raise PluginFailedError(f"a column of its answer is called {unsupported[0]!r}, which is not a text")
    if not frame.columns.is_unique:
        repeated_name = frame.columns[frame.columns.duplicated()][0]
        raise PluginFailedError(f"two columns of its answer are called '{repeated_name}'")
    with_index = frame.reset_index(names=_INDEX)
    try:
        table = pa.Table.from_pandas(with_index, preserve_index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise PluginFailedError(
            f"a column of its answer holds values of several kinds ({_short(error)})"
        ) from None
    path = str(to.with_suffix(".arrow"))
    pyarrow.feather.write_feather(table, path, compression="uncompressed")
    return path


def _read_frame(path: str) -> pd.DataFrame:
    import pyarrow.feather

    frame: pd.DataFrame = pyarrow.feather.read_table(path, memory_map=False).to_pandas()
    return frame.set_index(_INDEX).rename_axis(None)


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:200].rstrip(".")


def _article(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"
