"""An earlier run's member as an AutoGluon model of this one. Imports AutoGluon: import this module late."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autogluon.common.features.types import R_BOOL, R_CATEGORY, R_FLOAT, R_INT, R_OBJECT
from autogluon.common.loaders import load_pkl
from autogluon.core.models import AbstractModel

from litmus_core.engine._families.family import BoosterRows
from litmus_core.engine._remote.model_files import local_path
from litmus_core.engine._warm_start._growth import grower_of

# A model's name, path and fit history, rather than the model itself.
_OWN_ATTRIBUTES = (
    *("name", "path", "path_root", "fit_time", "val_score", "_fit_metadata"),
    *("predict_time", "predict_1_time", "_predict_n_size"),
)


class ReusedMember(AbstractModel):  # type: ignore[misc]  # AutoGluon has no types
    """Becomes the model in the folder ``before``, with more trees if it ``grows``.

    In a bag each fold becomes the fold with the same number. The fitted result is a plain AutoGluon model: it
    is compiled, measured and shipped like any other.
    """

    ag_key = "CARRIED"
    ag_name = "Carried"
    _supported_problem_types = ["binary", "multiclass", "regression"]  # noqa: RUF012 - AutoGluon's own form
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
        before = load_model(local_path(params["before"]), self.name)
        if params["grows"]:
            grow = grower_of(type(before))
            if grow is None or X_val is None:
                raise ValueError(f"{type(before).__name__} cannot grow without validation rows")
            patience = before._get_early_stopping_rounds(num_rows_train=len(X), strategy="adaptive")
            rows = BoosterRows(
                X=before.preprocess(X),
                y=y,
                X_val=before.preprocess(X_val),
                y_val=y_val,
                limit_s=time_limit,
                n_cpus=int(num_cpus or 1),
                patience=patience,
            )
            before.model = grow(before, rows)
        self._become(before)

    def is_trained(self, *, on_all_rows: bool) -> bool:
        """Return whether its fit learns; ``on_all_rows``: without validation rows."""
        return bool(self._user_params["grows"])

    def reads(self, *, on_all_rows: bool) -> list[str]:
        """Return the path of the earlier model."""
        return [self._user_params["before"]]

    def _become(self, other: Any) -> None:
        """Become the other model, under this one's name."""
        attributes = {name: value for name, value in self.__dict__.items() if name in _OWN_ATTRIBUTES}
        self.__class__ = type(other)
        self.__dict__ = {**other.__dict__, **attributes}

    @classmethod
    def load(cls, path: str, reset_paths: bool = True, verbose: bool = True) -> Any:
        """Load the model that a reused member became: a bag loads it through this class."""
        model = load_pkl.load(path=str(Path(path, cls.model_file_name)), verbose=verbose)
        if type(model) is cls:
            return super().load(path=path, reset_paths=reset_paths, verbose=verbose)
        return type(model).load(path=path, reset_paths=reset_paths, verbose=verbose)


def load_model(folder: str, name: str) -> Any:
    """Return the model in an AutoGluon folder, or a bag's fold called ``name``."""
    path = Path(folder, name) if Path(folder, name).is_dir() else Path(folder)
    return ReusedMember.load(str(path), verbose=False)
