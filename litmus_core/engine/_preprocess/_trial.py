"""Try a fitted pre-processor, and report faults of its result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from litmus_core.data import kind_of_texts
from litmus_core.errors import UsageError
from litmus_core.frame import derived_column, first_mismatch, values_from_pandas
from litmus_core.plugins import PluginProxy
from litmus_core.types import Column

if TYPE_CHECKING:
    import pandas as pd


class Fault(Exception):  # noqa: N818 - a fault of custom code, which is reported
    """A fault of a pre-processor, as the rest of a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreprocessorTrial:
    """A fitted pre-processor in its process, and the time limit of one call."""

    proxy: PluginProxy
    fitted: bytes
    limit_s: float


def transform_checked(tried: PreprocessorTrial, frame: pd.DataFrame, *, watch: bool = False) -> pd.DataFrame:
    """Return ``transform``'s result for ``frame``; raises Fault unless it is a frame of the same rows."""
    import pandas as pd

    derived = tried.proxy.call("transform", frame, fitted=tried.fitted, timeout_s=tried.limit_s, watch=watch)
    if watch and tried.proxy.changed:
        raise Fault("it changes the frame that it is given; let it begin with frame = frame.copy()")
    if not isinstance(derived, pd.DataFrame):
        raise Fault(f"transform returned {type(derived).__name__}, not a frame")
    if len(derived) != len(frame):
        raise Fault(f"transform returned {len(derived):,} rows for {len(frame):,}; each row must stay")
    if not derived.index.equals(frame.index):
        raise Fault("transform put the rows into another order, or gave them another index")
    if not derived.shape[1]:
        raise Fault("transform returned a frame without columns")
    return derived


def derived_columns(
    derived: pd.DataFrame, source: pd.DataFrame, columns: Sequence[Column], *, target: str
) -> tuple[Column, ...]:
    """Return the columns computed from the training rows, with kinds like imported ones.

    An unchanged one keeps its description. Raises Fault for a column with the target's name, or with values
    that no column can hold.
    """
    if target in derived.columns:
        raise Fault(f"it makes a column '{target}', which is what is to be predicted")
    before = {other.name: other for other in columns}
    new_columns = []
    for name in derived.columns:
        try:
            dtype, values = values_from_pandas(derived[name])
        except UsageError as error:
            raise Fault(f"{error.message[0].lower()}{error.message[1:].rstrip('.')}") from error
        old_column = before.get(name)
        if (
            old_column is not None
            and first_mismatch(values_from_pandas(source[name]), (dtype, values)) is None
        ):
            new_columns.append(old_column)
        elif dtype == "text":
            column = derived_column(name, "text")
            new_columns.append(_of_kind(column, kind_of_texts(name, values)))
        else:
            new_columns.append(derived_column(name, dtype or "text"))
    return tuple(new_columns)


def _of_kind(column: Column, kind: Any) -> Column:
    from dataclasses import replace

    return replace(column, kind=kind)


def refuse_difference(result: pd.DataFrame, expected: pd.DataFrame) -> None:
    """Raise Fault if a row's result depends on the other rows passed with it."""
    for name in expected.columns:
        if first_mismatch(values_from_pandas(result[name]), values_from_pandas(expected[name])) is not None:
            raise Fault(
                f"a row's '{name}' depends on the rows beside it; learn in fit what is taken from other rows"
            )
