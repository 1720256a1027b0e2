"""The native executor: calls AutoGluon's own models without AutoGluon's wrappers.

Our pipeline has computed the features, so AutoGluon's feature generator (the identity) is skipped, and the
calling order of an ensemble's parents is determined once. The numbers are AutoGluon's own.
"""

from __future__ import annotations

import json
import platform
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.engine._autogluon.trainer_folder import (
    open_trainer,
    quiet,
    silence_autogluon_logger,
    trainer_of,
)
from litmus_core.engine._families.registry import model_packages
from litmus_core.engine._run_folder.folder import predictor_path, read_model_info, versions, write_json
from litmus_core.engine._run_folder.models import class_columns
from litmus_core.errors import BundleError
from litmus_core.runtime import STEPS, use_modules
from litmus_core.types import ProblemType

if TYPE_CHECKING:
    import pandas as pd

_MANIFEST = "native.json"
_TRAINER = "trainer.pkl"
_ROWS_WORTH_THREADS = 500


class NativeExecutor:
    """Runs one model of an AutoGluon trainer on the pipeline's features. All models stay in memory.

    Custom models run in a process of their own, unless ``custom_in_process``: then their modules must be
    importable in this one.

    Not safe for use by several threads at once.
    """

    def __init__(
        self, trainer: Any, model: str, *, problem_type: ProblemType, custom_in_process: bool = False
    ) -> None:
        self.problem_type = problem_type
        self.model = model
        with quiet():
            trainer.persist(model_names=[model], with_ancestors=True, max_memory=None)
            order = trainer._construct_model_pred_order([model])
            self._steps = [
                (name, loaded, bool(getattr(loaded, "base_model_names", ())))
                for name, loaded in ((name, trainer.load_model(name)) for name in order)
            ]
        if custom_in_process:
            for custom in [one for _, loaded, _ in self._steps for one in _custom_in(loaded)]:
                custom.open_in_process()
        self._forests = [forest for _, model, _ in self._steps for forest in _forests_in(model)]
        self._n_jobs: int | None = None

    def predict_proba(self, features: pd.DataFrame) -> NDArray[np.float64]:
        """Return (n, k) probabilities in the classes' order; regression: (n,) values."""
        self._use_threads(len(features))
        outputs: dict[str, Any] = {}
        for name, model, stacks in self._steps:
            if stacks:
                outputs[name] = model.predict_proba(features, infer=False, model_pred_proba_dict=outputs)
            else:
                outputs[name] = self._output_of(model, features)
        return class_columns(np.asarray(outputs[self.model]), self.problem_type)

    def _output_of(self, model: Any, features: pd.DataFrame) -> NDArray[Any]:
        """Return the output of a model that is not an ensemble, in AutoGluon's form."""
        return np.asarray(model.predict_proba(features))

    def _use_threads(self, n_rows: int) -> None:
        """Use one thread for few rows in a forest: distributing them takes longer than predicting."""
        n_jobs = 1 if n_rows < _ROWS_WORTH_THREADS else -1
        if n_jobs != self._n_jobs:
            for forest in self._forests:
                forest.n_jobs = n_jobs
            self._n_jobs = n_jobs


def _custom_in(model: Any) -> list[Any]:
    """Return the custom models in one of AutoGluon's models, or in its folds."""
    return [one for one in (model, *getattr(model, "models", [])) if hasattr(one, "open_in_process")]


def _forests_in(model: Any) -> list[Any]:
    """Return the scikit-learn forests in one of AutoGluon's models, or in its folds."""
    children = [one for one in getattr(model, "models", []) if not isinstance(one, str)]
    inner = [child.model for child in (*children, model) if getattr(child, "model", None) is not None]
    return [one for one in inner if hasattr(one, "estimators_") and hasattr(one, "n_jobs")]


def executor_of(folder: Path, model: str, *, custom_in_process: bool = False) -> NativeExecutor:
    """Return the executor of a model in a run's folder; raises NotFoundError if there is none."""
    if custom_in_process:
        use_modules(folder)
    info = read_model_info(folder)
    trainer = trainer_of(folder, model)
    return NativeExecutor(
        trainer, model, problem_type=info["problem_type"], custom_in_process=custom_in_process
    )


def save_candidate(folder: Path, model: str, to: Path) -> None:
    """Write all that :func:`load` needs to run ``model`` into ``to``, which must be new or empty.

    Copies only the trainer and the models it uses, without training rows, out-of-fold predictions and other
    models. The run's folder is not changed.
    """
    info = read_model_info(folder)
    needed = trainer_of(folder, model).get_minimum_model_set(model)
    source, target = predictor_path(folder) / "models", predictor_path(to) / "models"
    target.mkdir(parents=True)
    shutil.copyfile(source / _TRAINER, target / _TRAINER)
    for name in needed:
        shutil.copytree(source / name, target / name)
    with quiet():
        trainer = open_trainer(to, is_verified=True)  # a copy of verified files
        trainer.delete_models(models_to_keep=[model], delete_from_disk=False, dry_run=False)
        trainer.model_best = model
        trainer.reduce_memory_size(remove_data=True, remove_fit_stack=True, requires_save=True)
    if (folder / STEPS).is_dir():
        shutil.copytree(folder / STEPS, to / STEPS)
    manifest = {"model": model, "problem_type": info["problem_type"], "versions": versions()}
    write_json(to / _MANIFEST, manifest)


def load(folder: Path) -> NativeExecutor:
    """Return the executor that :func:`save_candidate` wrote.

    Loading unpickles: verify the files first. Raises BundleError if the models were trained with another
    Python or AutoGluon version.
    """
    path = folder / _MANIFEST
    if not path.exists():
        raise BundleError("The model's files are not complete.", hint="Export it again.")
    manifest = json.loads(path.read_text(encoding="utf-8"))
    _check_versions(manifest["versions"])
    silence_autogluon_logger()
    trainer = open_trainer(folder, is_verified=True)
    return NativeExecutor(
        trainer, manifest["model"], problem_type=manifest["problem_type"], custom_in_process=True
    )


def _check_versions(trained: dict[str, str]) -> None:
    installed = versions()
    minor = ".".join(trained["python"].split(".")[:2])
    if minor != ".".join(platform.python_version_tuple()[:2]):
        raise BundleError(
            f"The model was trained with Python {minor} and this is {platform.python_version()}.",
            hint=f"Use Python {minor}, or export the model again from this one.",
        )
    for name in model_packages(with_extras=False):
        if name in trained and installed.get(name) is not None and installed[name] != trained[name]:
            raise BundleError(
                f"The model was trained with {name} {trained[name]} and this is {installed[name]}.",
                hint=f"Install it with: pip install '{name}=={trained[name]}'",
            )
    if "autogluon.tabular" not in installed:
        raise BundleError(
            "The model runs on AutoGluon, which is not installed.",
            hint=f"Install it with: pip install 'litmus-automl[train]' "
            f"'autogluon.tabular=={trained['autogluon.tabular']}'",
        )
