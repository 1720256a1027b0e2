"""A feature pipeline with pre-processing before it that runs as Python, on pandas frames."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from litmus_core.errors import NoAnswerError
from litmus_core.frame._features import Features
from litmus_core.frame._pipeline import FORMAT_BEFORE, FeaturePipeline
from litmus_core.frame._ready import raw_frame
from litmus_core.types import Column, from_plain, to_plain

if TYPE_CHECKING:
    import pandas as pd


class PandasStep(Protocol):
    """One pre-processor that runs as Python; what it raises is a LitmusError in words."""

    def __call__(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame with columns added, changed or removed; the same rows."""
        ...


class CodedPipeline:
    """Applies ``steps`` to raw rows of ``columns`` before ``pipeline`` makes features of what they return.

    ``about`` is what :func:`open_pipeline` needs to find the steps again, as JSON values. Rows and answers
    are those of FeaturePipeline.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        steps: Sequence[PandasStep],
        pipeline: FeaturePipeline,
        *,
        about: Sequence[Mapping[str, Any]],
    ) -> None:
        self.columns, self.steps = tuple(columns), tuple(steps)
        self.pipeline, self.about = pipeline, tuple(about)

    def transform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the model columns of ``frame``'s n rows."""
        return self.pipeline.transform(self._ready(frame))

    def features(self, rows: Any) -> Features:
        """Return the features of dicts that want an answer, or of columns by name."""
        if isinstance(rows, list | tuple) and not rows:
            return self.pipeline.features(rows)
        return self.pipeline.features(self._ready(rows))

    def state(self) -> dict[str, Any]:
        """Return the pipeline as JSON values; the steps themselves are code, and lie beside it."""
        state = self.pipeline.state() | {"format": FORMAT_BEFORE, "raw": to_plain(list(self.columns))}
        return state | {"code": [dict(each) for each in self.about]}

    def _ready(self, rows: Any) -> pd.DataFrame:
        frame = raw_frame(rows, self.columns)
        for step in self.steps:
            frame = step(frame)
        missing = [each.name for each in self.pipeline.columns if each.name not in frame]
        if missing:
            raise NoAnswerError(f"The pre-processing made no column '{missing[0]}' of these rows.")
        return frame


def open_pipeline(
    state: Mapping[str, Any], open_step: Callable[[Mapping[str, Any]], PandasStep]
) -> FeaturePipeline | CodedPipeline:
    """Rebuild a pipeline from its state; ``open_step`` opens each step that runs as Python.

    BundleError for the state of another format.
    """
    if "code" not in state:
        return FeaturePipeline.from_state(state)
    inner = {key: value for key, value in state.items() if key not in ("raw", "code")}
    raw = [from_plain(Column, each) for each in state["raw"]]
    steps = [open_step(each) for each in state["code"]]
    return CodedPipeline(raw, steps, FeaturePipeline.from_state(inner), about=state["code"])
