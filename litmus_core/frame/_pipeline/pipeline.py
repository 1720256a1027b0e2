"""FeaturePipeline: raw columns in, model columns out, the same in training and in production."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from copy import copy
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.errors import BundleError, DataError
from litmus_core.frame._encoders.category import CategoryEncoder
from litmus_core.frame._encoders.date import DateEncoder
from litmus_core.frame._encoders.encoder import Encoder, encoding_of
from litmus_core.frame._encoders.number import BooleanEncoder, NumberEncoder
from litmus_core.frame._encoders.text import TextEncoder
from litmus_core.frame._graph import Graph
from litmus_core.frame._pipeline.features import Features
from litmus_core.frame._pipeline.preprocess import ready_columns
from litmus_core.frame._pipeline.runner import FeatureRunner, check_columns
from litmus_core.frame._pipeline.traced_steps import Traced
from litmus_core.types import Column, from_plain, to_plain

if TYPE_CHECKING:
    import pandas as pd

FORMAT, FORMAT_BEFORE = 1, 2  # the first without custom pre-processing, which older versions would ignore
_ENCODERS: dict[str, Any] = {
    encoder_class.kind: encoder_class
    for encoder_class in (NumberEncoder, BooleanEncoder, CategoryEncoder, DateEncoder, TextEncoder)
}


class FeaturePipeline:
    """Turns rows of ``columns`` into numbers, categories of a frozen dtype and raw text.

    ``fit`` learns from the training rows and never sees the target. ``transform`` treats each row separately:
    a row gives the same result alone as within a batch. The frame it returns keeps the index and has, in this
    order: doubles (NaN where missing), 0/1 word columns (uint8), categories, and raw text (object str, names
    ending in ``RAW_TEXT_SUFFIX``). Constant and repeated numeric outputs are left out.

    ``before`` is traced pre-processing, in order: features are computed from its outputs for ``columns``, in
    the same graph. Input rows are always those of the raw ``columns``.

    >>> import pandas as pd
    >>> size = Column(name="size", original_name="size", kind="number", storage="BIGINT")
    >>> pipeline = FeaturePipeline([size]).fit(pd.DataFrame({"size": [1, 2]}))
    >>> FeaturePipeline.from_state(pipeline.state()).transform(pd.DataFrame({"size": [3]}))["size"].tolist()
    [3.0]
    """

    def __init__(self, columns: Sequence[Column], *, before: Sequence[Traced] = ()) -> None:
        self.columns, self.before = tuple(columns), tuple(before)

    def fit(self, frame: pd.DataFrame) -> FeaturePipeline:
        """Learn vocabularies and ranges from ``frame`` (n rows, n >= 1), which must have every column."""
        if not len(frame):
            raise DataError("There are no rows to learn features from.")
        check_columns(frame, self.columns)
        ready: Any = ready_columns(self.columns, self.before, frame) if self.before else frame
        encoders = tuple(
            _ENCODERS[encoding_of(column)].fit(column, ready[column.name]) for column in self._ready_columns
        )
        self._settle(encoders, frozenset())
        self._settle(encoders, _useless(self.transform(frame)))
        return self

    def transform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the model columns of ``frame``'s n rows; columns outside the schema are ignored.

        Raises RowError for a missing column (``field``) or an unreadable value (``row``).
        """
        import pandas as pd

        features, index = self._runner.of_columns(frame), frame.index
        parts = [pd.DataFrame(features.numbers, index, self._numbers.labels())]
        if self.token_outputs:
            parts.append(pd.DataFrame(features.tokens, index, self._tokens.labels()))
        if self.category_outputs or self.text_outputs:
            columns = self._categories_of(features) | dict(
                zip(self.text_outputs, map(_objects, features.texts), strict=True)
            )
            parts.append(pd.DataFrame(columns, index, copy=False))
        return parts[0] if len(parts) == 1 else pd.concat(parts, axis=1)

    def features(self, rows: Sequence[Mapping[str, Any]] | Mapping[str, Any] | pd.DataFrame) -> Features:
        """Return the features of n rows, as :meth:`transform` has them, without a data frame.

        ``rows`` are a list of dicts from a prediction request (dates and numbers may be written as in the
        training file, null is missing, and so are infinite numbers if the column is stored as numbers), or n
        values each by column name: lists, arrays, Series, a frame. Fields outside the schema are ignored.
        Raises RowError for a missing field or column and an unreadable value. Safe to call from several
        threads.
        """
        if isinstance(rows, (list, tuple)):
            return self._runner.of_rows(rows)
        return self._runner.of_columns(rows)

    def without(self, unread: Collection[str]) -> FeaturePipeline:
        """Return the pipeline for a model that reads nothing of the raw columns ``unread``, which may be
        absent.

        Their outputs are 0, or "". :meth:`state` is unchanged.
        """
        narrow = copy(self)
        narrow._run(unread)
        return narrow

    def raw_columns_of(self) -> dict[str, set[str]]:
        """Return, for each model column, the raw columns that it is computed from."""
        return dict(zip(self.outputs, self._runner.reads(), strict=True))

    def state(self) -> dict[str, Any]:
        """Return the fitted pipeline as JSON values; floats survive ``json`` exactly."""
        encoders = [
            {"column": to_plain(encoder.column), "kind": encoder.kind, **encoder.state()}
            for encoder in self.encoders_
        ]
        state = {"format": FORMAT, "encoders": encoders, "dropped": sorted(self.dropped_)}
        if self.before:
            state |= {"format": FORMAT_BEFORE, "raw": to_plain(list(self.columns))}
            state["before"] = [step.state() for step in self.before]
        return state

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> FeaturePipeline:
        """Restore what :meth:`state` returned. Raises BundleError for the state of another format."""
        if state.get("format") not in (FORMAT, FORMAT_BEFORE):
            raise BundleError(
                f"The feature pipeline has format {state.get('format')!r}, not {FORMAT} or {FORMAT_BEFORE}.",
                hint="Load it with the Litmus version that wrote it, or export it again.",
            )
        if "code" in state:
            raise BundleError(
                "The feature pipeline begins with pre-processing that runs as Python.",
                hint="Open it with its run or bundle, which has the code.",
            )
        encoders = []
        for plain in state["encoders"]:
            facts = dict(plain)
            column = from_plain(Column, facts.pop("column"))
            encoders.append(_ENCODERS[facts.pop("kind")](column, **facts))
        raw = [from_plain(Column, state_of) for state_of in state["raw"]] if "raw" in state else None
        before = [Traced.from_state(state_of) for state_of in state.get("before", ())]
        pipeline = cls([encoder.column for encoder in encoders] if raw is None else raw, before=before)
        pipeline._settle(tuple(encoders), frozenset(state["dropped"]))
        return pipeline

    @property
    def graph(self) -> Graph:
        """The computation of the outputs: numbers, categories, texts, then a block of 0/1 columns a text."""
        return self._runner.graph

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the model columns in order."""
        return self.number_outputs + self.token_outputs + self.category_outputs + self.text_outputs

    @property
    def number_outputs(self) -> tuple[str, ...]:
        """Names of the double columns."""
        return self._numbers.names

    @property
    def token_outputs(self) -> tuple[str, ...]:
        """Names of the 0/1 columns that say whether a text contains a phrase."""
        return self._tokens.names

    @property
    def category_outputs(self) -> tuple[str, ...]:
        """Names of the categorical columns."""
        return self._categories.names

    @property
    def text_outputs(self) -> tuple[str, ...]:
        """Names of the raw text columns, for models that read text."""
        return self._texts.names

    @property
    def _ready_columns(self) -> tuple[Column, ...]:
        """The columns that features are computed from."""
        return self.before[-1].columns if self.before else self.columns

    def _settle(self, encoders: tuple[Encoder, ...], dropped: frozenset[str]) -> None:
        """Use ``encoders`` as the fitted ones and name their outputs."""
        self.encoders_, self.dropped_ = encoders, dropped
        free_names: dict[str, list[str]] = {"numbers": [], "tokens": [], "categories": [], "texts": []}
        used_names: set[str] = set()
        for encoder in encoders:
            name, outputs = encoder.column.name, encoder.outputs
            free_names["numbers"] += [_free(name, part, used_names) for part in outputs.numbers]
            free_names["tokens"] += [_free(name, part, used_names) for part in outputs.tokens]
            if outputs.category is not None:
                free_names["categories"].append(_free(name, outputs.category, used_names))
            if outputs.text is not None:
                free_names["texts"].append(_free(name, outputs.text, used_names))
        self._numbers, self._tokens, self._categories, self._texts = [
            _Part(names, dropped) for names in free_names.values()
        ]
        self._run(())

    def _run(self, unread: Collection[str]) -> None:
        parts = (self._numbers, self._tokens, self._categories, self._texts)
        places_of_parts = [part.places for part in parts]
        self._runner = FeatureRunner(self.columns, self.encoders_, places_of_parts, self.before, unread)

    def _categories_of(self, features: Features) -> dict[str, Any]:
        """Return the categories by name, as pandas has them."""
        import pandas as pd

        encoders = [encoder for encoder in self.encoders_ if isinstance(encoder, CategoryEncoder)]
        dtypes = [encoders[place].dtype() for place in self._categories.places]
        codes = features.categories.astype(np.int16).T
        return {
            name: pd.Categorical.from_codes(code, dtype=dtype, validate=False)
            for name, code, dtype in zip(self.category_outputs, codes, dtypes, strict=True)
        }


class _Part:
    """The outputs of one type: which of the encoders' outputs are kept, and their names."""

    def __init__(self, names: Sequence[str], dropped: frozenset[str]) -> None:
        self.places = [place for place, name in enumerate(names) if name not in dropped]
        self.names = tuple(names[place] for place in self.places)
        self._labels: Any = None

    def labels(self) -> Any:
        """Return the names as a pandas Index, created once."""
        import pandas as pd

        if self._labels is None:
            self._labels = pd.Index(self.names, dtype=object)
        return self._labels


def _objects(texts: list[str]) -> np.ndarray[Any, Any]:
    array = np.empty(len(texts), dtype=object)
    array[:] = texts
    return array


def _free(name: str, part: str, names: set[str]) -> str:
    """Return ``name + part`` with as many primes as make it unique."""
    while name + part in names:
        name += "'"
    names.add(name + part)
    return name + part


def _useless(features: pd.DataFrame) -> frozenset[str]:
    """Return the outputs that are constant or repeat an earlier one; never all of them, never raw text."""
    digests: set[bytes] = set()
    useless: list[str] = []
    for name in features.columns:
        values = features[name]
        if values.dtype.kind == "O" and values.dtype != "category":
            continue
        array = values.cat.codes.to_numpy() if values.dtype == "category" else values.to_numpy()
        digest = _digest(array)
        if digest is None or digest in digests:
            useless.append(name)
        else:
            digests.add(digest)
    return frozenset(useless if len(useless) < features.shape[1] else useless[1:])


def _digest(array: np.ndarray[Any, Any]) -> bytes | None:
    """Return a digest of the values, None if they are all the same."""
    data = np.ascontiguousarray(array)
    same = (data == data[0]).all() or (data.dtype.kind == "f" and np.isnan(data).all())
    return None if same else hashlib.sha256(data.tobytes() + data.dtype.str.encode()).digest()
