"""The columns that models may read: their sources when compiled, and frames to probe a model with."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.compiled import Source
from litmus_core.errors import NotCompilableError
from litmus_core.frame import FeaturePipeline, coerce

if TYPE_CHECKING:
    import pandas as pd


class Inputs:
    """The fitted pipeline's outputs by name, and the outputs of models that others are stacked on."""

    def __init__(self, pipeline: FeaturePipeline) -> None:
        blocks = {
            "number": pipeline.number_outputs,
            "token": pipeline.token_outputs,
            "category": pipeline.category_outputs,
            "text": pipeline.text_outputs,
        }
        self._sources: dict[str, Source] = {
            name: (block, place) for block, names in blocks.items() for place, name in enumerate(names)
        }
        nothing = coerce([{column.name: None for column in pipeline.columns}], pipeline.columns)
        frame = pipeline.transform(nothing)
        self._pipeline = pipeline
        self._dtypes: dict[str, Any] = {name: frame[name].dtype for name in pipeline.category_outputs}

    @classmethod
    def of(cls, folder: Path) -> Inputs:
        """Return the inputs of a run's folder."""
        state = json.loads((folder / "pipeline.json").read_text(encoding="utf-8"))
        return cls(FeaturePipeline.from_state(state))

    def with_outputs(self, sources: Mapping[str, Source]) -> Inputs:
        """Return these inputs and ``sources``, which are sources by column name."""
        more = object.__new__(Inputs)
        more._sources, more._dtypes = {**self._sources, **sources}, self._dtypes
        more._pipeline = self._pipeline
        return more

    def unread_by(self, names: Collection[str]) -> tuple[str, ...]:
        """Return the raw columns that other columns are computed from, but none of ``names``."""
        derived = self._pipeline.raw_columns_of()
        read = set().union(*(derived.get(name, set()) for name in names))  # model outputs use none
        unread = set().union(*derived.values()) - read
        return tuple(column.name for column in self._pipeline.columns if column.name in unread)

    def sources(self, names: Sequence[str]) -> list[Source]:
        """Return the sources of the columns called ``names``."""
        try:
            return [self._sources[name] for name in names]
        except KeyError as error:
            raise NotCompilableError(f"it reads a column that no step makes: {error.args[0]!r}") from error

    def n_codes(self, name: str) -> int:
        """Return the number of codes of the categorical column called ``name``."""
        return len(self._dtypes[name].categories)

    def trial(self, names: Sequence[str], *, values: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Return a frame of the columns ``names`` whose row i has each category's code i.

        Columns that are not categories have ``values`` i; shorter ones repeat their last value.
        """
        import pandas as pd

        dtypes = {name: self._dtypes[name] for name in names if name in self._dtypes}
        inputs_of = {name: np.arange(self.n_codes(name)) for name in dtypes}
        inputs_of |= {name: np.asarray((values or {})[name]) for name in names if name not in dtypes}
        n_rows = max(len(values_of) for values_of in inputs_of.values())
        columns = {}
        for name in names:
            row = inputs_of[name][np.minimum(np.arange(n_rows), len(inputs_of[name]) - 1)]
            columns[name] = (
                pd.Categorical.from_codes(row, dtype=dtypes[name]) if name in dtypes else row.astype(float)
            )
        return pd.DataFrame(columns, copy=False)


def compact(arrays: Mapping[str, Any]) -> dict[str, np.ndarray[Any, Any]]:
    """Return the arrays, doubles as float32 if that is lossless."""
    small = {}
    for name, values in arrays.items():
        array = np.asarray(values)
        if array.dtype == np.float64:
            with np.errstate(over="ignore", under="ignore"):
                single = array.astype(np.float32)
            array = single if np.array_equal(single.astype(np.float64), array, equal_nan=True) else array
        small[name] = array
    return small
