"""A faster version of an earlier run's member. Imports AutoGluon: import this module late."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autogluon.common.loaders import load_pkl

from litmus_core.engine._refine._trees import cut
from litmus_core.engine._remote.model_files import local_path, paths_read
from litmus_core.engine._warm_start.reused_member import ReusedMember, load_model


class VariantModel(ReusedMember):
    """Becomes the model in the folder ``before`` with the first ``share`` of its trees.

    In a bag each fold becomes the fold with the same number. Without validation rows, as when a bag is
    retrained on all rows, it is a new model with the bag's settings, as long as the folds were on average,
    and cut alike.
    """

    ag_key = "VARIANT"
    ag_name = "Variant"

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
        if X_val is None:
            weights = kwargs.get("sample_weight")
            model = self._refit(
                params["before"], X, y, time_limit=time_limit, num_cpus=num_cpus, sample_weight=weights
            )
        else:
            model = load_model(local_path(params["before"]), self.name)
        cut(model, params["share"])
        self._become(model)

    def _refit(self, before: str, X: Any, y: Any, *, num_cpus: Any, **options: Any) -> Any:
        template = self._bag(local_path(before)).convert_to_refit_full_template_child()
        template.fit(
            X=X,
            y=y,
            feature_metadata=self.feature_metadata,
            num_classes=self.num_classes,
            num_cpus=num_cpus,
            random_seed=self.random_seed,
            verbosity=0,
            **options,
        )
        return template

    def _bag(self, folder: str) -> Any:
        bag = load_pkl.load(path=str(Path(folder, self.model_file_name)), verbose=False)
        return type(bag).load(path=folder, reset_paths=True, verbose=False)

    def is_trained(self, *, on_all_rows: bool) -> bool:
        """Return whether it is rebuilt; otherwise trees are only dropped."""
        return on_all_rows

    def reads(self, *, on_all_rows: bool) -> list[str]:
        """Return the path of the earlier model, and those of its settings if it is rebuilt."""
        before: str = self._user_params["before"]
        return [before, *(paths_read(self._bag(before), on_all_rows=True) if on_all_rows else ())]

    def _more_tags(self) -> dict[str, bool]:
        return {"can_refit_full": True}  # models that cannot are not asked to
