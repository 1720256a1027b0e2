"""What a plug-in must have, point by point. Parameters are the keywords of ``__init__`` or the function."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray


class Preprocessor(Protocol):
    """Makes, changes or leaves out columns; may have ``fit(frame, target)``, given training rows only."""

    def transform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame's rows, each for itself and in their order; ``frame`` is not changed."""


class AlgorithmPlugin(Protocol):
    """Learns class numbers from 0, or values; ``predict_proba`` or ``predict`` answers."""

    def fit(self, X: Any, y: Any) -> Any:
        """Learn from (n, p) rows and (n,) answers."""


class Postprocessor(Protocol):
    """Changes answers; may have ``fit(answers, rows, truth)``, given rows that no model learned from."""

    def apply(self, answers: NDArray[Any], rows: pd.DataFrame) -> NDArray[Any]:
        """Return answers of the same shape: (n, k) probabilities that sum to 1, or (n,) values."""


class MetricPlugin(Protocol):
    """Says how good answers are, in one number."""

    def __call__(self, truth: NDArray[Any], answer: NDArray[Any], **parameters: Any) -> float:
        """Return a finite number within the bounds that the decorator names."""


class DataSource(Protocol):
    """Reads a table from a location of its own."""

    def read(self, location: str, **options: Any) -> pd.DataFrame | Path:
        """Return a frame, or the path of a file that Litmus reads."""


class TaskType(Protocol):
    """Asks a question of its own kind in the words of two classes, several classes, or numbers."""

    def encode(self, values: ArrayLike) -> ArrayLike:
        """Return (n,) what to train on."""

    def decode(self, answers: ArrayLike) -> ArrayLike:
        """Return (n,) answers in the asker's terms."""


class Exporter(Protocol):
    """Writes a bundle in a form of its own."""

    def write(self, bundle: Path, to: Path) -> Path:
        """Write the unpacked ``bundle`` to ``to``, where nothing is yet; return what was written."""


class Hook(Protocol):
    """Looks on as a run goes. Each method may be missing; none returns anything."""

    def on_run_start(self, run: Mapping[str, Any]) -> None:
        """Take note that a run starts: ``id``, ``experiment``, ``number``, ``task``."""

    def on_stage(self, stage: str, message: str) -> None:
        """Take note of what the run does now."""

    def on_candidate(self, candidate: Mapping[str, Any]) -> None:
        """Take note of a model that was trained."""

    def on_verdict(self, verdict: Mapping[str, Any]) -> None:
        """Take note of the judgement on the chosen model."""

    def on_run_end(self, ended: Mapping[str, Any]) -> None:
        """Take note of how the run ended."""


class ActionPlugin(Protocol):
    """Proposes what may be done after a run, beside Litmus' own actions."""

    def propose(self, situation: Mapping[str, Any], rows: pd.DataFrame) -> list[dict[str, Any]]:
        """Return proposals, perhaps none, each a dictionary of what JSON can say.

        ``situation`` is what is known after the run, ``rows`` (n, p + 1) up to 10,000 of the run's training
        and validation rows with the target among the columns; neither is changed, and no test row is among
        them. A proposal has ``key``, ``title``, ``gain`` (``value``, ``low`` and ``high`` of an 80 %
        interval, in the metric's unit, positive is better), and may have ``sentence``, ``evidence``,
        ``minutes``, ``latency`` and ``size`` (times those of now), ``who``, ``page``, and a ``plan``: what
        the new run does otherwise than this one (``cards``, ``algorithms``, ``folds``, ``tune``,
        ``time_limit_s``, ``preprocess``, ``postprocess``).
        """
