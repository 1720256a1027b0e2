"""The nearest-texts family as an AutoGluon model: new texts are compared with known ones.

Titles of products, tickets and names repeat with small changes, and a known text that is nearly the same says
more than the sum of a text's words. It reads only raw text (see ``_text_linear``). The fitted model is the
compiled step itself (``litmus_core.compiled``), so training and production use the same code.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from autogluon.common.features.types import R_OBJECT
from autogluon.core.models import AbstractModel
from autogluon.core.utils.exceptions import NoValidFeatures

from litmus_core.compiled import PlanStep, runner_of
from litmus_core.engine._model_output import MODEL_OUTPUTS
from litmus_core.engine._text_models.columns import CHARACTERS, TextAndColumns
from litmus_core.frame import Features, word_ngrams
from litmus_core.task_types import all_task_types

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]
_COMMON_SHARE, _COMMON_ROWS = 0.05, 100  # a word in more rows than both is uninformative, and expensive
_MOST_WORDS = 2_000_000  # of all stored texts together


class TextNearestModel(AbstractModel):  # type: ignore[misc]  # AutoGluon has no types
    """The mean target of the training texts that share the most, and the rarest, words.

    Hyperparameters: at most ``neighbours`` (20) count, more if several are equally near; ``sharpness`` (4.0):
    the power of similarity used as weight; ``doubt`` (0.02): the weight of the prior; ``max_rows`` (50,000)
    are kept, at random.
    """

    ag_key = "TEXT_NEAREST"
    ag_name = "TextNearest"
    ag_priority = 98
    seed_name = "random_state"
    _supported_problem_types = [task_type.key for task_type in all_task_types()]  # noqa: RUF012 - AutoGluon's own form
    _default_auxiliary_params_extra = {"valid_raw_types": [R_OBJECT]}  # noqa: RUF012

    defaults = {"neighbours": 20, "sharpness": 4.0, "doubt": 0.02, "max_rows": 50_000}  # noqa: RUF012

    def _set_default_params(self) -> None:
        for name, value in self.defaults.items():
            self._set_default_param_value(name, value)

    def _fit(self, X: Any, y: Any, sample_weight: Any = None, **kwargs: Any) -> None:
        params = self._get_model_params()
        X = self.preprocess(X, y=y, is_train=True)
        self._texts = TextAndColumns.texts_of(X)
        if not self._texts:
            raise NoValidFeatures("There is no text to compare others with.")
        rng = np.random.default_rng(params.get("random_state") or 0)
        rows_to_keep = _rows_to_keep(X[self._texts], int(params["max_rows"]), rng)
        arrays = _index(X[self._texts].iloc[rows_to_keep])
        arrays |= self._label_codes(y.to_numpy()[rows_to_keep])
        if sample_weight is not None:
            weights = np.asarray(sample_weight, dtype=float)[rows_to_keep]
            arrays["weights"] = weights / weights.mean()
        texts = [
            {"text": place, "name": f"text{place}", "characters": CHARACTERS}
            for place in range(len(self._texts))
        ]
        settings = {name: params[name] for name in ("neighbours", "sharpness", "doubt")}
        self.model = PlanStep(
            id=self.name, kind="text_nearest", settings={**settings, "texts": texts}, arrays=arrays
        )

    def _label_codes(self, y: Array) -> dict[str, Array]:
        n_classes = MODEL_OUTPUTS.of(self.problem_type).count_classes(self.num_classes)
        if not n_classes:
            return {"values": y.astype(np.float64), "prior": np.array([y.mean()], dtype=np.float64)}
        codes = y.astype(np.int32)
        return {"codes": codes, "prior": np.bincount(codes, minlength=n_classes) / len(codes)}

    def _predict_proba(self, X: Any, **kwargs: Any) -> Any:
        X = self.preprocess(X, **kwargs)
        nothing = np.zeros((len(X), 0))
        texts = tuple(strings(X[name]) for name in self._texts)
        rows = Features(nothing, nothing.astype(np.uint8), nothing.astype(np.int32), texts)
        answer = runner_of(self.model).run(rows, {})
        return MODEL_OUTPUTS.of(self.problem_type).unify(self, answer)

    def _get_maximum_resources(self) -> dict[str, int | float]:
        return {"num_cpus": 1, "num_gpus": 0}

    def _more_tags(self) -> dict[str, bool]:
        return {"can_refit_full": True}  # no validation row is used in the fit


def strings(column: Any) -> list[str]:
    """Return a column's texts, "" for missing ones."""
    return [cell if isinstance(cell, str) else "" for cell in column.to_numpy(dtype=object)]


def _rows_to_keep(texts: pd.DataFrame, most: int, rng: np.random.Generator) -> Array:
    """Return the positions of at most ``most`` rows, fewer if their texts are long."""
    about = sum(texts[name].str.count(" ").fillna(0).mean() + 1 for name in texts.columns)
    n_rows = min(len(texts), most, max(1, int(_MOST_WORDS / max(about, 1.0))))
    return np.sort(rng.permutation(len(texts))[:n_rows])


def _index(texts: pd.DataFrame) -> dict[str, Array]:
    """Return the arrays of an ``Index`` for each column of ``texts`` (n, c)."""
    arrays: dict[str, Array] = {}
    for place, name in enumerate(texts.columns):
        index = _index_of([text[:CHARACTERS] for text in strings(texts[name])])
        arrays |= {f"text{place}.{part}": values for part, values in index.items()}
    return arrays


def _index_of(texts: Sequence[str]) -> dict[str, Array]:
    ngrams = word_ngrams(texts, orders=(1,))
    keys, word = np.unique(ngrams.key, return_inverse=True)
    both, count = np.unique(word.astype(np.int64) * len(texts) + ngrams.row, return_counts=True)
    word, row = np.divmod(both, len(texts))
    n_rows_with = np.bincount(word, minlength=keys.size)
    telling = n_rows_with <= max(_COMMON_ROWS, _COMMON_SHARE * len(texts))
    idf = np.log((1.0 + len(texts)) / (1.0 + n_rows_with)) + 1.0
    weights = telling[word]
    word, row, count = word[weights], row[weights], count[weights]
    value = (1.0 + np.log(count)) * idf[word]
    length = np.sqrt(np.bincount(row, weights=value**2, minlength=len(texts)))
    return {
        "keys": keys[telling],
        "idf": idf[telling],
        "start": np.concatenate([[0], np.cumsum(n_rows_with[telling])]),
        "rows": row.astype(np.int32),
        "shares": (value / length[row]).astype(np.float32),
    }
