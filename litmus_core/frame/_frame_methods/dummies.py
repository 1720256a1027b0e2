"""``get_dummies``: a column for each category; categories are declared, learned in fit, or read from rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litmus_core.frame._graph import apply, capabilities_of
from litmus_core.frame._series.series import ScalableSeries
from litmus_core.frame._symbolic.errors import untraceable
from litmus_core.frame._symbolic.frame import SymbolicDataFrame
from litmus_core.frame._symbolic.operator_errors import Refusing

_LEARN = (
    "Learn them in fit: self.columns_ = pd.get_dummies(frame).columns, and then "
    "pd.get_dummies(frame).reindex(columns=self.columns_, fill_value=0)."
)


@dataclass(frozen=True)
class _Encoded:
    """A column to encode, with the prefix of its dummies' names and their type."""

    column: ScalableSeries
    begins: str
    with_missing: bool
    as_type: Any

    def named(self, ending: str) -> ScalableSeries | None:
        """Return the dummy whose name ends in ``ending``; None if the column's type has no such value."""
        if self.with_missing and ending == "nan":
            return self._typed(self.column.isna())
        if self.column.node.dtype == "text":
            return self._typed(self.column.eq(ending))
        try:
            return self._typed(self.column.eq(float(ending)))
        except ValueError:
            return None

    def levels(self, categories: Sequence[Any], *, drop_first: bool) -> dict[str, ScalableSeries]:
        """Return the dummies of known categories, by name."""
        result = {f"{self.begins}{level}": self._typed(self.column.eq(level)) for level in categories}
        if self.with_missing:
            result[f"{self.begins}nan"] = self._typed(self.column.isna())
        return dict(list(result.items())[1:]) if drop_first else result

    def _typed(self, flag: ScalableSeries) -> ScalableSeries:
        return flag if self.as_type in (None, bool, "bool") else flag.astype(self.as_type)


class UnlistedDummies(Refusing):
    """Dummies of unknown categories: ``reindex(columns=…)`` names the columns to build."""

    _name_in_errors = "frame of dummies"
    _as_column = _LEARN

    def __init__(
        self, frame: Callable[[Mapping[str, ScalableSeries]], Any], rest: Mapping[str, ScalableSeries],
        encoded: Sequence[_Encoded],
    ) -> None:  # fmt: skip
        self._frame, self._rest, self._encoded = frame, rest, encoded

    def __repr__(self) -> str:
        return "dummies of unknown categories"

    def reindex(self, *, columns: Any, fill_value: Any = None) -> Any:
        """Return these columns: columns of the frame, and dummies by name."""
        if fill_value not in (0, False):
            raise untraceable(
                "reindex of get_dummies without fill_value=0", "Say fill_value=0, as for a value unseen."
            )
        result = {
            str(name): self._rest[name] if name in self._rest else self._dummy(str(name)) for name in columns
        }
        return self._frame(result)

    def _dummy(self, name: str) -> ScalableSeries:
        encodings = [one for one in self._encoded if name.startswith(one.begins)]
        if len(encodings) > 1:
            raise untraceable(
                f"get_dummies with two columns that '{name}' could be of", "Say prefix=… for one."
            )
        result = encodings[0].named(name[len(encodings[0].begins) :]) if encodings else None
        if result is not None:
            return result
        column = self._encoded[0].column
        return ScalableSeries(apply("number for all", column.isna().node, value=0.0))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise self._refused(name)

    def __getitem__(self, key: Any) -> Any:
        raise self._refused(f"[{key!r}]")

    def _refused(self, method: str) -> Any:
        return untraceable(f"get_dummies(…).{method} of columns whose values are not known", _LEARN)


def get_dummies(
    data: Any,
    prefix: Any = None,
    prefix_sep: str = "_",
    dummy_na: bool = False,
    columns: Any = None,
    drop_first: bool = False,
    dtype: Any = None,
) -> Any:
    """Return a column for each category of text columns, as ``pandas.get_dummies`` does.

    Categories come from ``astype(pd.CategoricalDtype([…]))``, from the frame's rows, or from
    ``.reindex(columns=…, fill_value=0)`` afterwards.

    >>> from litmus_core.frame import ScalableDataFrame
    >>> get_dummies(ScalableDataFrame([{"way": "air"}, {"way": "sea"}])).collect()[0]
    {'way_air': True, 'way_sea': False}
    """
    if isinstance(data, ScalableSeries):
        frame, wanted = SymbolicDataFrame({"": data}), [""]
        begins: Mapping[str, str] = {"": "" if prefix is None else f"{prefix}{prefix_sep}"}
    elif isinstance(data, SymbolicDataFrame):
        frame, wanted = data, list(columns) if columns is not None else _encodable(data)
        begins = _prefixes(prefix, prefix_sep, wanted)
    else:
        import pandas as pd

        return pd.get_dummies(data, prefix, prefix_sep, dummy_na, columns, False, drop_first, dtype)
    rest = {name: frame[name] for name in frame if name not in wanted}
    encoded = [_Encoded(frame[name], begins[name], dummy_na, dtype) for name in wanted]
    categories_of = [_known(one.column) for one in encoded]
    if any(levels is None for levels in categories_of):
        if drop_first:
            raise untraceable(
                "get_dummies(…, drop_first=True), whose first value depends on the rows,", _TELL
            )
        return UnlistedDummies(frame._with, rest, encoded)
    result = dict(rest)
    for one, levels in zip(encoded, categories_of, strict=True):
        result |= one.levels(levels or (), drop_first=drop_first)
    return frame._with(result)


_TELL = "Tell the categories: frame['a'] = frame['a'].astype(pd.CategoricalDtype(self.levels_))."


def _encodable(frame: SymbolicDataFrame) -> list[str]:
    return [name for name in frame if frame[name].node.dtype == "text" or frame[name]._categories is not None]


def _prefixes(prefix: Any, between: str, names: Sequence[str]) -> Mapping[str, str]:
    if isinstance(prefix, Mapping):
        prefixes = {name: prefix.get(name, name) for name in names}
    elif prefix is None:
        prefixes = {name: name for name in names}
    else:
        listed = [prefix] * len(names) if isinstance(prefix, str) else list(prefix)
        prefixes = dict(zip(names, listed, strict=True))
    return {name: f"{begin}{between}" for name, begin in prefixes.items()}


def _known(column: ScalableSeries) -> Sequence[Any] | None:
    """Return a column's declared categories, or the sorted values of its rows; None without either."""
    if column._categories is not None:
        return column._categories
    if capabilities_of(column.node).rows is None:
        return None
    return sorted(column.value_counts().index)
