"""Reuse one run's trained models in another run's folder."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from litmus_core.engine._autogluon.trainer_folder import trainer_of
from litmus_core.engine._fit.target_scale import SCALE
from litmus_core.engine._run_folder.folder import predictor_path, read_model_info
from litmus_core.errors import NotFoundError

_FILES = ("model.json", "pipeline.json", "rows.npz", "unknown.pkl", "parts.parquet")


def check_reusable(source: Path) -> None:
    """Raise NotFoundError if a run's trained models are no longer in its folder."""
    read_model_info(source)
    if not predictor_path(source).exists():
        raise NotFoundError(
            kind="trained model in", id=source.name, hint="Its files were removed; train it again."
        )


def link_models(source: Path, to: Path, *, model: str) -> None:
    """Put the models of the run in ``source``, ``model`` among them, into the run's folder ``to``.

    Files that never change are linked; files written in place are copied. Raises NotFoundError if the files
    or the model are missing.
    """
    check_reusable(source)
    trainer_of(source, model)
    for name in _FILES:
        if (source / name).exists():
            shutil.copyfile(source / name, to / name)
    if (source / SCALE).exists():
        shutil.copytree(source / SCALE, to / SCALE, dirs_exist_ok=True)
    shutil.rmtree(predictor_path(to), ignore_errors=True)  # of an earlier attempt that was killed
    shutil.copytree(predictor_path(source), predictor_path(to), copy_function=_share)


def _share(source: str, to: str) -> None:
    """Link a file in a model's own folder, copy any other."""
    if Path(source).parent.parent.name == "models":
        try:
            os.link(source, to)
        except OSError:  # another disk, or one without links
            shutil.copyfile(source, to)
    else:
        shutil.copyfile(source, to)
