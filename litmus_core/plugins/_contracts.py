"""The contract of each kind of plug-in; parameters are the keywords of ``__init__`` or of the function."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray


class Preprocessor(Protocol):
    """Adds, changes or removes columns; may have ``fit(frame, target)``, which gets training rows only.

    A ``fit(frame, target, sample_weight=None)`` gets the rows' weights, if the data has any.
    """

    def transform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the transformed rows, each computed independently and in order; do not change ``frame``."""


class AlgorithmPlugin(Protocol):
    """Learns class numbers from 0, or values; predicts with ``predict_proba`` or ``predict``."""

    def fit(self, X: Any, y: Any) -> Any:
        """Learn from (n, p) features and (n,) targets."""


class Postprocessor(Protocol):
    """Changes predictions; may have ``fit(answers, rows, truth)``, which gets rows that no model learned
    from. A ``fit(answers, rows, truth, sample_weight=None)`` gets their weights, if the data has any.
    """

    def apply(self, predictions: NDArray[Any], rows: pd.DataFrame) -> NDArray[Any]:
        """Return predictions of the same shape: (n, k) probabilities that sum to 1, or (n,) values."""


class MetricPlugin(Protocol):
    """Scores predictions with one number."""

    def __call__(self, truth: NDArray[Any], answer: NDArray[Any], **parameters: Any) -> float:
        """Return a finite number within the bounds that the decorator names."""


class DataSource(Protocol):
    """Reads a table from a location such as ``shop://orders``."""

    def read(self, location: str, **options: Any) -> pd.DataFrame | Path:
        """Return a frame, or the path of a file that Litmus can read."""


class DerivedTaskType(Protocol):
    """Turns a new kind of task into binary classification, multiclass classification or regression.

    If the decorator gives ``columns``, its methods get ``rows`` as well: the (n,) values of each such
    column by name. They are numbers (dates as ``datetime64[us]``, else texts) and never missing. It may
    have ``weigh(values, rows)``, which returns how much each of the n rows counts in learning. It may have
    ``check(values, rows)``, which returns what is wrong with a table as a sentence, or "".
    """

    def encode(self, values: ArrayLike, *rows: Mapping[str, NDArray[Any]]) -> ArrayLike:
        """Return the (n,) values to train on."""

    def decode(self, predictions: ArrayLike, *rows: Mapping[str, NDArray[Any]]) -> ArrayLike:
        """Return (n,) predictions in the task's own terms; raise ValueError for rows without an answer."""


class Exporter(Protocol):
    """Writes a bundle in another format."""

    def write(self, bundle: Path, to: Path) -> Path:
        """Write the unpacked ``bundle`` to ``to``, which does not exist yet; return the path written."""


class Hook(Protocol):
    """Is called as a run proceeds. All methods are optional, and none returns anything."""

    def on_run_start(self, run: Mapping[str, Any]) -> None:
        """Called when a run starts, with its ``id``, ``experiment``, ``number`` and ``task``."""

    def on_stage(self, stage: str, message: str) -> None:
        """Called when a stage starts."""

    def on_candidate(self, candidate: Mapping[str, Any]) -> None:
        """Called when a model is trained."""

    def on_verdict(self, verdict: Mapping[str, Any]) -> None:
        """Called with the verdict on the chosen model."""

    def on_run_end(self, ended: Mapping[str, Any]) -> None:
        """Called when the run ends."""


class ActionPlugin(Protocol):
    """Proposes next steps after a run, in addition to Litmus' own actions."""

    def propose(self, situation: Mapping[str, Any], rows: pd.DataFrame) -> list[dict[str, Any]]:
        """Return proposals, possibly none, each a dictionary that JSON can represent.

        ``situation`` describes the state after the run. ``rows`` (n, p + 1) are up to 10,000 of the run's
        training and validation rows, target included; do not change either. Test rows are never passed. A
        proposal has ``key``, ``title`` and ``gain`` (``value``, ``low`` and ``high`` of an 80 % interval,
        in the metric's unit, positive is better). It may have ``sentence``, ``evidence``, ``minutes``,
        ``latency`` and ``size`` (as multiples of the current ones), ``audience``, ``page``, and a ``plan``:
        how the new run differs from this one (``families``, ``algorithms``, ``folds``, ``tune``,
        ``time_limit_s``, ``preprocess``, ``postprocess``).
        """


class CertificateLinePlugin(Protocol):
    """Decides whether a bundle may be used, as a line of its certificate."""

    def check(
        self, facts: Mapping[str, Any], rows: pd.DataFrame, predictions: pd.DataFrame
    ) -> dict[str, Any]:
        """Return the line: ``passed``, a ``sentence`` and perhaps a ``figure``, as JSON can represent them.

        ``passed`` None means that it does not apply. ``facts`` are what is known and measured of the bundle.
        ``rows`` (n, p + 1) are up to 10,000 rows of the model's validation score, target included.
        ``predictions`` are the model's for them, made without learning from them: ``prediction``,
        and ``probability LABEL`` for each label. Both are empty where the run's files are gone. Test rows are
        never passed. Do not change any of them.
        """
