"""The encoder's family as an AutoGluon model.

It reads only raw text: the object columns whose names end in ``frame.RAW_TEXT_SUFFIX``, several of them
concatenated with a separator. ``frozen`` uses the encoder's embeddings as they are and fits a linear model on
them; ``full`` trains all its weights together with such a model. Either way a prediction is embeddings times
weights, then a link, so that both are compiled and shipped alike.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from autogluon.common.features.types import R_OBJECT
from autogluon.core.models import AbstractModel
from autogluon.core.utils.exceptions import NoValidFeatures, TimeLimitExceeded

from litmus_core.engine._model_output import MODEL_OUTPUTS
from litmus_core.engine._remote.model_files import local_path
from litmus_core.engine._text_encoder._head import PLAIN, Head, fit_head
from litmus_core.engine._text_encoder._pretrained import Pretrained, read_pretrained
from litmus_core.engine._text_encoder._settings import DEFAULTS
from litmus_core.engine._text_encoder._source import check_torch, find_folder
from litmus_core.engine._text_models.columns import TextAndColumns
from litmus_core.engine._text_models.linear_fit import Objective, Pace, UnfinishedError, held_out
from litmus_core.engine._text_models.linear_losses import Classes, LossValues
from litmus_core.task_types import all_task_types

Array = np.ndarray[Any, Any]
Ids = list[list[int]]
_PILOT_ROWS, _LEAST_ROWS = 256, 64
_READING_SHARE = 0.5  # of the remaining time for texts; validation rows and predictions come after
_HELD_PARTS = 10  # without validation rows, full mode holds out one of this many parts


@dataclass(frozen=True, slots=True)
class EncoderFit:
    """A fitted encoder: ``texts`` are the columns it reads, in order."""

    encoder: Pretrained
    head: Head
    goal: Objective
    texts: list[str]

    def ids(self, frame: Any) -> Ids:
        """Return each row's ids."""
        return _ids(self.encoder, frame, self.texts)

    def answer(self, frame: Any) -> Array:
        """Return probabilities (n, n_classes) or values (n,)."""
        from litmus_core.engine._text_encoder._embedding import embed

        return self.goal.answer(self.head.margins(embed(self.encoder, self.ids(frame))), PLAIN)


class EncoderModel(AbstractModel):  # type: ignore[misc]  # AutoGluon has no types
    """A small BERT-like transformer encoder, and a linear model on its embeddings.

    Hyperparameters: ``mode`` ("frozen" or "full"), ``folder`` (of the encoder, or the package with it; "":
    the installed one), ``max_tokens``; for full mode ``learning_rate``, ``epochs`` (at most), ``batch_rows``,
    ``weight_decay`` and ``warm_up`` (a share of the steps).
    """

    ag_key = "ENCODER"
    ag_name = "Encoder"
    ag_priority = 40
    seed_name = "random_state"
    _supported_problem_types = [task_type.key for task_type in all_task_types()]  # noqa: RUF012 - AutoGluon's own form
    _default_auxiliary_params_extra = {"valid_raw_types": [R_OBJECT]}  # noqa: RUF012

    def _set_default_params(self) -> None:
        for name, value in DEFAULTS.items():
            self._set_default_param_value(name, value)

    def reads(self, *, on_all_rows: bool) -> list[str]:
        """Return the encoder's folder if one is named; a package is installed where it is used."""
        folder = str(self._user_params.get("folder", ""))
        return [folder] if folder and Path(folder).is_dir() else []

    def _fit(
        self,
        X: Any,
        y: Any,
        X_val: Any = None,
        y_val: Any = None,
        time_limit: float | None = None,
        sample_weight: Any = None,
        num_cpus: int = 1,
        num_gpus: int = 0,
        **kwargs: Any,
    ) -> None:
        pace = Pace(time.monotonic(), time_limit)
        check_torch()
        from litmus_core.engine._text_encoder._embedding import threads

        params = self._get_model_params()
        X = self.preprocess(X, y=y, is_train=True)
        names = TextAndColumns.texts_of(X)
        if not names:
            raise NoValidFeatures("There is no text for the encoder to read.")
        encoder = read_pretrained(find_folder(local_path(params["folder"])), most_tokens=params["max_tokens"])
        kind = MODEL_OUTPUTS.of(self.problem_type).dtype
        job = _Job(
            encoder=encoder,
            ids=_ids(encoder, X, names),
            y=y.to_numpy(dtype=kind),
            weight=None if sample_weight is None else np.asarray(sample_weight, dtype=float),
            goal=self._goal(y.to_numpy(dtype=kind), params),
            schedule=pace,
            seed=params.get("random_state") or 0,
        )
        with threads(num_cpus if isinstance(num_cpus, int) else 1):
            try:
                if params["mode"] == "frozen":
                    head = job.frozen()
                else:
                    validation = None
                    if X_val is not None:
                        validation = _ids(encoder, self.preprocess(X_val), names), y_val.to_numpy(dtype=kind)
                    encoder, head, epochs = job.full(
                        validation, params, score=self._score, device=_device(num_gpus)
                    )
                    self.params_trained["epochs"] = epochs
            except UnfinishedError as error:
                raise TimeLimitExceeded from error
        self.model = EncoderFit(encoder, head, job.goal, names)

    def _goal(self, y: Array, params: dict[str, Any]) -> Objective:
        n_classes = MODEL_OUTPUTS.of(self.problem_type).count_classes(self.num_classes)
        if not n_classes:
            return LossValues(float(y.min()), float(y.max()))
        return Classes(n_classes, params.get("random_state") or 0)

    def _score(self, truth: Array, answer: Array) -> float:
        """Rate predictions by the early-stopping metric; higher is better."""
        if MODEL_OUTPUTS.of(self.problem_type).link == "logistic":
            answer = answer[:, 1]
        return float(self.score_with_y_pred_proba(truth, answer, metric=self.stopping_metric))

    def _predict_proba(self, X: Any, **kwargs: Any) -> Any:
        answer = self.model.answer(self.preprocess(X, **kwargs))
        return MODEL_OUTPUTS.of(self.problem_type).unify(self, answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """A fit in progress."""

    encoder: Pretrained
    ids: Ids
    y: Array
    weight: Array | None
    goal: Objective
    schedule: Pace
    seed: int

    def frozen(self) -> Head:
        """Fit a head on all rows, or on as many as can be read in time."""
        from litmus_core.engine._text_encoder._embedding import embed

        order = np.random.default_rng(self.seed).permutation(len(self.ids))
        started = time.monotonic()
        pilot = order[:_PILOT_ROWS]
        embed(self.encoder, [self.ids[place] for place in pilot])
        row_s = (time.monotonic() - started) / len(pilot)
        n_rows = int(min(len(order), len(pilot) + _READING_SHARE * self.schedule.left_s() / max(row_s, 1e-9)))
        if n_rows < min(len(order), _LEAST_ROWS) or self.schedule.left_s() <= 0:
            raise UnfinishedError
        places = np.sort(order[:n_rows])
        values = embed(self.encoder, [self.ids[place] for place in places])
        weight = None if self.weight is None else self.weight[places]
        return fit_head(values, self.y[places], weight, self.goal, seed=self.seed)

    def full(
        self,
        validation: tuple[Ids, Array] | None,
        params: dict[str, Any],
        *,
        score: Callable[[Array, Array], float],
        device: str,
    ) -> tuple[Pretrained, Head, int]:
        """Fine-tune all weights, with early stopping on held-out rows."""
        from litmus_core.engine._text_encoder._fine_tune import FineTuneSettings, Texts, fine_tune

        texts = Texts(self.ids, self.y, self.weight)
        if validation is None:
            rng = np.random.default_rng(self.seed)
            train, test = next(held_out(self.goal.strata(self.y), n_parts=_HELD_PARTS, rng=rng))
            texts, checked = texts.some(train), texts.some(test)
        else:
            checked = Texts(*validation)
        n_classes = self.goal.n_classes if isinstance(self.goal, Classes) else 0
        course = FineTuneSettings(
            n_outputs=1 if n_classes == 2 else n_classes,
            learning_rate=params["learning_rate"],
            epochs=params["epochs"],
            batch_rows=params["batch_rows"],
            weight_decay=params["weight_decay"],
            warm_up=params["warm_up"],
            seed=self.seed,
            device=device,
            score=lambda truth, margins: score(truth, self.goal.answer(margins, PLAIN)),
        )
        return fine_tune(self.encoder, texts, checked, course, self.schedule)


def _ids(encoder: Pretrained, frame: Any, names: list[str]) -> Ids:
    pieces = encoder.pieces()
    columns = [frame[name].to_numpy(dtype=object).tolist() for name in names]
    return [
        pieces.ids([text if isinstance(text, str) else "" for text in row], most=encoder.most_tokens)
        for row in zip(*columns, strict=True)
    ]


def _device(num_gpus: float) -> str:
    """Return torch's device to train on; a requested but missing GPU was refused before."""
    import torch

    return "cuda" if num_gpus and torch.cuda.is_available() else "cpu"
