"""A feature pipeline behind pre-processing that runs as Python, on pandas frames."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from litmus_core.errors import NoAnswerError
from litmus_core.frame._pipeline.features import Features
from litmus_core.frame._pipeline.pipeline import FORMAT_BEFORE, FeaturePipeline
from litmus_core.frame._pipeline.preprocess import raw_frame
from litmus_core.types import Column, from_plain, to_plain

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One pre-processor that runs as Python: class ``name`` of ``module``, fitted and pickled in ``file``.

    ``columns`` are the columns of the frame that it returns.
    """

    module: str
    name: str
    file: str
    columns: tuple[Column, ...]


# Calls a fitted pre-processor: a frame in, a frame of the same rows out. It raises LitmusErrors.
Transform = Callable[[Any], Any]


class CodedPipeline:
    """Applies pre-processors to raw rows of ``columns`` before ``pipeline`` computes features.

    ``codes`` name them in order, ``transforms`` call them. Rows and features are FeaturePipeline's.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        codes: Sequence[Code],
        transforms: Sequence[Transform],
        pipeline: FeaturePipeline,
    ) -> None:
        self.columns, self.codes, self.pipeline = tuple(columns), tuple(codes), pipeline
        self._transforms = tuple(transforms)

    def transform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the model columns of ``frame``'s n rows."""
        return self.pipeline.transform(self._ready(frame))

    def features(self, rows: Any) -> Features:
        """Return the features of dicts from a request, or of columns by name."""
        return self.pipeline.features(self._ready(rows) if len(rows) else rows)

    def without(self, unread: Collection[str]) -> CodedPipeline:
        """Return the same pipeline: Python code may read any column."""
        del unread
        return self

    def state(self) -> dict[str, Any]:
        """Return the pipeline as JSON values; the code itself is stored beside it."""
        state = self.pipeline.state() | {"format": FORMAT_BEFORE, "raw": to_plain(list(self.columns))}
        return state | {"code": to_plain(list(self.codes))}

    def _ready(self, rows: Any) -> pd.DataFrame:
        frame = raw_frame(rows, self.columns)
        for code, transform in zip(self.codes, self._transforms, strict=True):
            frame = checked_result(transform(frame), code, like=frame)
        return frame


def checked_result(derived: Any, code: Code, *, like: pd.DataFrame) -> pd.DataFrame:
    """Return a pre-processor's frame with the types of its columns.

    Raises NoAnswerError if it is not a frame of the same rows (those of ``like``) with these columns.
    """
    index, columns = getattr(derived, "index", None), getattr(derived, "columns", None)
    if index is None or columns is None:
        raise _stopped(code, "it returned no frame")
    if not index.equals(like.index):
        raise _stopped(code, "it returned other rows than it was given, or in another order")
    missing = [column.name for column in code.columns if column.name not in columns]
    if missing:
        raise _stopped(code, f"it made no column '{missing[0]}' of these rows")
    return raw_frame(derived, code.columns)


def _stopped(code: Code, why: str) -> NoAnswerError:
    return NoAnswerError(f"The pre-processor {code.name} stopped: {why}.", reason=why)


def open_pipeline(
    state: Mapping[str, Any], open_code: Callable[[Code], Transform]
) -> FeaturePipeline | CodedPipeline:
    """Restore a pipeline from its state; ``open_code`` opens each pre-processor that runs as Python.

    Raises BundleError for the state of another format.
    """
    if "code" not in state:
        return FeaturePipeline.from_state(state)
    inner = {key: value for key, value in state.items() if key not in ("raw", "code")}
    raw = [from_plain(Column, state_of) for state_of in state["raw"]]
    codes = [from_plain(Code, state_of) for state_of in state["code"]]
    pipeline = FeaturePipeline.from_state(inner)
    return CodedPipeline(raw, codes, [open_code(code) for code in codes], pipeline)
