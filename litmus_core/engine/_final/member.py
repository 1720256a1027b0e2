"""A judged model's member, fitted again on all rows. Imports AutoGluon: import this module late."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from autogluon.common.loaders import load_pkl
from autogluon.core.utils.exceptions import TimeLimitExceeded

from litmus_core.engine._remote.model_files import local_path, paths_read
from litmus_core.engine._warm_start.reused_member import ReusedMember

# AutoGluon does not record how many epochs a network trained without validation rows, and so not whether its
# time cut it short: it gets as long as its epochs take.
_EPOCHS = "num_epochs"


class FinalMember(ReusedMember):
    """Becomes a new model with the settings of the one in the folder ``before``.

    In a bag each fold is fitted as the judged bag's folds were: it stops by the rows that it leaves out.
    ``on_all_rows`` it learns from every row, with the number of trees or epochs that the judged model found,
    and looks at no other rows. A fit that its time cuts short counts as failed.
    """

    ag_key = "FINAL"
    ag_name = "Final"

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
        judged = _load(local_path(params["source"]["before"]))
        if params["on_all_rows"]:
            member, X_val, y_val = _template(judged), None, None
            time_limit = None if _EPOCHS in member.get_hyperparameters_init() else time_limit
        else:
            member = judged._get_model_base().convert_to_template()
        member.fit(
            X=X,
            y=y,
            X_val=X_val,
            y_val=y_val,
            time_limit=time_limit,
            num_cpus=num_cpus,
            num_gpus=kwargs.get("num_gpus"),
            sample_weight=kwargs.get("sample_weight"),
            sample_weight_val=None if X_val is None else kwargs.get("sample_weight_val"),
            feature_metadata=self.feature_metadata,
            num_classes=self.num_classes,
            random_seed=self.random_seed,
            verbosity=0,
        )
        if params["on_all_rows"] and _is_cut_short(member):
            raise TimeLimitExceeded
        self._become(member)

    def is_trained(self, *, on_all_rows: bool) -> bool:
        """Return True: it always learns."""
        return True

    def reads(self, *, on_all_rows: bool) -> list[str]:
        """Return the path of the judged model, and the paths that its own settings read."""
        before: str = self._user_params["source"]["before"]
        return [before, *paths_read(_load(before), on_all_rows=self._user_params["on_all_rows"])]

    def _more_tags(self) -> dict[str, bool]:
        return {"can_refit_full": True}  # models that cannot are not asked to


def _load(folder: str) -> Any:
    model = load_pkl.load(path=str(Path(folder, ReusedMember.model_file_name)), verbose=False)
    return type(model).load(path=folder, reset_paths=True, verbose=False)


def _template(judged: Any) -> Any:
    """Return an unfitted model with the judged one's settings, and as many trees or epochs as it found."""
    if hasattr(judged, "convert_to_refit_full_template_child"):
        return judged.convert_to_refit_full_template_child()
    return judged.convert_to_refit_full_template()


def _is_cut_short(member: Any) -> bool:
    """Return whether a fitted model has fewer trees or iterations than its settings say, or needs.

    A linear model's settings are an upper bound: it ends once another iteration changes nothing.
    """
    if _has_converged(member):
        return False
    requested = member.get_hyperparameters_init()
    return any(
        isinstance(value, int) and isinstance(requested.get(name), int) and value < requested[name]
        for name, value in member.params_trained.items()
        if name != _EPOCHS
    )


def _has_converged(member: Any) -> bool:
    learned = getattr(member, "model", None)
    iterations, most = getattr(learned, "n_iter_", None), getattr(learned, "max_iter", None)
    return iterations is not None and most is not None and int(np.max(iterations)) < most
