"""A custom model as an AutoGluon model. Imports AutoGluon: import this module late.

The fitted object is bytes to every process but its own: whoever opens a run, above all the studio, never
imports custom code. A bundle does, and runs it in place: :meth:`CustomWrapper.open_in_process`.
"""

from __future__ import annotations

import hashlib
import pickle
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from autogluon.common.features.types import R_BOOL, R_CATEGORY, R_FLOAT, R_INT, R_OBJECT
from autogluon.core.models import AbstractModel

from litmus_core.engine._model_output import MODEL_OUTPUTS
from litmus_core.errors import BundleError, NoAnswerError, TooSlowError
from litmus_core.plugins import PluginFailedError, PluginProcess, failure_message, host_of, source_folder
from litmus_core.task_types import all_task_types
from litmus_core.types import CustomModel

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.engine._custom._fitted_model import CustomEstimator

_FITTED = "fitted.pkl"  # beside AutoGluon's model.pkl
_FOLD = re.compile(r"S\d+F\d+")  # AutoGluon's name of a model of one fold
_MOST_S = 3600.0
_BEGIN_S, _LEAST_PREDICT_S = 20.0, 30.0


class _FittedModel:
    """The fitted object as bytes and, if it runs in place, opened."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.opened: CustomEstimator | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return _FittedModel, (self.content,)


class CustomWrapper(AbstractModel):  # type: ignore[misc]  # AutoGluon has no types
    """Fits and calls the class ``name`` of ``module`` in a process of its own.

    Hyperparameters: ``module``, ``name``, ``parameters`` (by name) of its constructor, ``random_state``. The
    class must be importable from the run's ``modules`` folder, or be installed.
    """

    ag_key = "CUSTOM"
    ag_name = "Custom"
    ag_priority = 97
    seed_name = "random_state"
    _supported_problem_types = [task_type.key for task_type in all_task_types()]  # noqa: RUF012 - AutoGluon's own form
    _default_auxiliary_params_extra = {  # noqa: RUF012
        "valid_raw_types": [R_BOOL, R_INT, R_FLOAT, R_CATEGORY, R_OBJECT],
    }

    def _fit(
        self,
        X: Any,
        y: Any,
        X_val: Any = None,
        y_val: Any = None,
        time_limit: float | None = None,
        num_cpus: Any = None,
        **kwargs: Any,
    ) -> None:
        params = self._get_model_params()
        X = self.preprocess(X, y=y, is_train=True)
        rows = {"X": X, "y": y}
        if X_val is not None:
            rows |= {"X_val": self.preprocess(X_val), "y_val": y_val}
        limit_s = min(time_limit or _MOST_S, _MOST_S)
        self.limit_s = limit_s
        host = self._host()
        called = {"module": params["module"], "name": params["name"]}
        self._run_isolated(
            {"do": "litmus_core.engine._custom.worker_ops:prepare"} | called, timeout_s=_BEGIN_S
        )
        with tempfile.TemporaryDirectory(dir=host.scratch.folder) as scratch:
            _write(rows, f"{scratch}/rows.pkl")
            request = {
                "do": "litmus_core.engine._custom.worker_ops:fit",
                **called,
                "parameters": params.get("parameters", {}),
                "rows": f"{scratch}/rows.pkl",
                "to": f"{scratch}/fitted.pkl",
                "problem_type": self.problem_type,
                "n_classes": MODEL_OUTPUTS.of(self.problem_type).count_classes(self.num_classes),
                "seed": params.get("random_state") or 0,
                "folder": f"{scratch}/model",
                "options": {"time_limit": limit_s, "num_cpus": num_cpus or 1},
            }
            self.reported = self._run_isolated(request, timeout_s=limit_s)["reported"]
            self.model: Any = _FittedModel(Path(scratch, "fitted.pkl").read_bytes())

    def _predict_proba(self, X: Any, **kwargs: Any) -> Any:
        X = self.preprocess(X, **kwargs)
        opened = self.model.opened
        answer = self._predict_isolated(X) if opened is None else self._predict_in_process(opened, X)
        return MODEL_OUTPUTS.of(self.problem_type).unify(self, answer)

    def open_in_process(self) -> None:
        """Predict in this process from now on; its modules must be importable. Raises BundleError."""
        try:
            self.model.opened = pickle.loads(self.model.content)  # noqa: S301 - a verified bundle's
        except Exception as error:
            message = f"{type(error).__name__}: {error}"
            raise BundleError(
                f"The bundle's own model {self.params['name']} cannot be opened: {message}.",
                hint="Install what the bundle's requirements.txt names.",
            ) from error

    def _predict_in_process(self, opened: CustomEstimator, X: pd.DataFrame) -> Any:
        try:
            return opened.answer(X)
        except Exception as error:
            message = failure_message(error, source_folder(self.params["module"]))
            raise NoAnswerError(
                f"The model {self.params['name']} stopped: {message}.",
                hint="Look for unusual values in these rows, or ask who wrote the model.",
            ) from error

    def _predict_isolated(self, X: pd.DataFrame) -> Any:
        host = self._host()
        content = self.model.content
        fitted = Path(host.scratch.folder, f"{hashlib.sha256(content).hexdigest()}.pkl")
        if not fitted.exists():
            fitted.write_bytes(content)
        with tempfile.TemporaryDirectory(dir=host.scratch.folder) as scratch:
            _write(X, f"{scratch}/rows.pkl")
            request = {
                "do": "litmus_core.engine._custom.worker_ops:predict",
                "fitted": str(fitted),
                "rows": f"{scratch}/rows.pkl",
                "to": f"{scratch}/answer.npy",
            }
            self._run_isolated(request, timeout_s=max(_LEAST_PREDICT_S, self.limit_s))
            return np.load(f"{scratch}/answer.npy", allow_pickle=False)

    def _run_isolated(self, request: dict[str, Any], *, timeout_s: float) -> dict[str, Any]:
        try:
            return self._host().ask(request, timeout_s=timeout_s)
        except PluginFailedError as error:
            slow = TooSlowError if error.timed_out else NoAnswerError
            where = " in one of its folds" if error.timed_out and _FOLD.fullmatch(self.name) else ""
            raise slow(f"Your model {self.params['name']} stopped{where}: {error}.") from error

    def _host(self) -> PluginProcess:
        return host_of(_run_folder(Path(self.path)), _custom_model(self._get_model_params()))

    def save(self, path: str | None = None, verbose: bool = True) -> str:
        """Save as AutoGluon does, with the fitted object in its own file."""
        model: _FittedModel | None = self.model
        self.model = None  # not into AutoGluon's own file
        try:
            saved: str = super().save(path=path, verbose=verbose)
        finally:
            self.model = model
        if model is not None:
            partial = Path(saved, f"{_FITTED}.partial")
            partial.write_bytes(model.content)
            partial.replace(Path(saved, _FITTED))
        return saved

    @classmethod
    def load(cls, path: str, reset_paths: bool = True, verbose: bool = True) -> CustomWrapper:
        """Load what :meth:`save` wrote."""
        model: CustomWrapper = super().load(path=path, reset_paths=reset_paths, verbose=verbose)
        fitted = Path(path, _FITTED)
        if fitted.exists():
            model.model = _FittedModel(fitted.read_bytes())
        return model

    def _more_tags(self) -> dict[str, bool]:
        return {"can_refit_full": True}  # a fit needs no validation rows; if it gets some, it may use them

    def _get_maximum_resources(self) -> dict[str, int | float]:
        return {"num_gpus": 0}


def _custom_model(params: dict[str, Any]) -> CustomModel:
    return CustomModel(reference="", module=params["module"], name=params["name"])


def _run_folder(path: Path) -> Path:
    """Return the run's folder, whose ``predictor`` folder contains the model."""
    inside = next(parent for parent in path.absolute().parents if parent.name == "predictor")
    return inside.parent


def _write(rows: Any, path: str) -> None:
    with open(path, "wb") as file:
        pickle.dump(rows, file, protocol=5)
