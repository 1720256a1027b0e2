"""The linear text family: word and character n-grams into a linear model, as an AutoGluon model.

What it reads from the feature pipeline's frame:

- raw text: the object columns whose names end in ``frame.RAW_TEXT_SUFFIX``. Only this model declares the
  raw type ``object`` as valid, so AutoGluon never shows these columns to another family;
- unless ``use_columns`` is False, the double and categorical columns besides the text, scaled to matter
  about as much as the text. The uint8 word columns are left out: the text contains the same and more.

Classes are learned one against the rest with a squared hinge, as in a linear SVM, and its margins become
probabilities by one temperature (two classes: a slope and an offset) fitted on held-out training rows.
Regression is a ridge. A pilot on at most 3,000 training rows chooses between a few settings. Validation rows
are never used, so refitting on all rows is sound. Everything is deterministic.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from autogluon.common.features.types import R_BOOL, R_CATEGORY, R_FLOAT, R_INT, R_OBJECT
from autogluon.core.models import AbstractModel
from autogluon.core.utils.exceptions import NoValidFeatures, TimeLimitExceeded

from litmus_core.engine._model_output import MODEL_OUTPUTS
from litmus_core.engine._text_models.columns import TextAndColumns
from litmus_core.engine._text_models.linear_fit import Objective, Pace, TextRows, UnfinishedError, fit_linear
from litmus_core.engine._text_models.linear_losses import Classes, LossValues
from litmus_core.task_types import all_task_types

SETTINGS = ("word_weight", "penalty", "slope", "offset")


class TextLinearModel(AbstractModel):  # type: ignore[misc]  # AutoGluon has no types
    """Linear model over TF-IDF of words, word pairs and runs of 2-4 characters, and over the other columns.

    Hyperparameters: ``use_columns`` (True), ``max_features`` (200,000 for each of words and characters of
    a text column). The settings that the pilot finds (``word_weight``, ``penalty``, ``slope``, ``offset``)
    may be given too, but only all together; a refit gets them from the first fit.
    """

    ag_key = "TEXT_LINEAR"
    ag_name = "TextLinear"
    ag_priority = 100
    seed_name = "random_state"
    _supported_problem_types = [task_type.key for task_type in all_task_types()]  # noqa: RUF012 - AutoGluon's own form
    _default_auxiliary_params_extra = {  # noqa: RUF012
        "valid_raw_types": [R_BOOL, R_INT, R_FLOAT, R_CATEGORY, R_OBJECT],
    }

    defaults = {"use_columns": True, "max_features": 200_000}  # noqa: RUF012

    def _set_default_params(self) -> None:
        for name, value in self.defaults.items():
            self._set_default_param_value(name, value)

    def _fit(
        self, X: Any, y: Any, time_limit: float | None = None, sample_weight: Any = None, **kwargs: Any
    ) -> None:
        pace = Pace(time.monotonic(), time_limit)
        params = self._get_model_params()
        seed = params.get("random_state") or 0
        X = self.preprocess(X, y=y, is_train=True)
        if not TextAndColumns.texts_of(X):
            raise NoValidFeatures("There is no text for the text family to read.")
        vectors = TextAndColumns(
            use_columns=params["use_columns"], max_features=params["max_features"], seed=seed
        )
        weight = None if sample_weight is None else np.asarray(sample_weight, dtype=float)
        values = y.to_numpy(dtype=MODEL_OUTPUTS.of(self.problem_type).dtype)
        settings = {name: float(params[name]) for name in SETTINGS if name in params}
        try:
            self.model = fit_linear(
                TextRows(X, values, weight),
                self._goal(values, seed),
                vectors,
                options=settings,
                pace=pace,
                seed=seed,
            )
        except UnfinishedError as error:
            raise TimeLimitExceeded from error
        self.params_trained.update(self.model.settings)

    def _goal(self, y: Any, seed: int) -> Objective:
        n_classes = MODEL_OUTPUTS.of(self.problem_type).count_classes(self.num_classes)
        return Classes(n_classes, seed) if n_classes else LossValues(float(y.min()), float(y.max()))

    def _predict_proba(self, X: Any, **kwargs: Any) -> Any:
        answer = self.model.answer(self.preprocess(X, **kwargs))
        return MODEL_OUTPUTS.of(self.problem_type).unify(self, answer)

    def _get_maximum_resources(self) -> dict[str, int | float]:
        return {"num_cpus": 1, "num_gpus": 0}

    def _more_tags(self) -> dict[str, bool]:
        return {"can_refit_full": True}  # no validation row is used in the fit
