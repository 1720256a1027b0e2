"""The targets and outputs of models, by task type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from litmus_core.task_types import Facet


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOutput:
    """Targets and outputs of a task type's models.

    Targets are of the ``dtype``. The ``link`` turns a model's sums into predictions: (n, 1), or with
    ``softmax`` one sum for each class. ``role`` and ``method`` are scikit-learn's names of such an
    estimator and of its prediction method.
    """

    dtype: type
    link: Literal["identity", "logistic", "softmax"]
    role: Literal["Regressor", "Classifier"]
    method: Literal["predict", "predict_proba"]

    @property
    def sums_by_class(self) -> bool:
        """Whether there is a sum for each class."""
        return self.link == "softmax"

    def count_classes(self, n_classes: int | None) -> int:
        """Return the number of classes from AutoGluon's number, None for two; 0: there are none."""
        return 0 if self.link == "identity" else max(2, int(n_classes or 2))

    def unify(self, model: Any, answer: Any) -> Any:
        """Return a prediction of AutoGluon's ``model`` in one form: of two classes the second's share."""
        return answer if self.link == "identity" else model._convert_proba_to_unified_form(answer)


MODEL_OUTPUTS: Facet[ModelOutput] = Facet(
    "model output",
    {
        "binary": ModelOutput(dtype=int, link="logistic", role="Classifier", method="predict_proba"),
        "multiclass": ModelOutput(dtype=int, link="softmax", role="Classifier", method="predict_proba"),
        "regression": ModelOutput(dtype=float, link="identity", role="Regressor", method="predict"),
    },
)
