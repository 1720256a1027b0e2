"""Taking the trained models of one run over into the folder of another."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from litmus_core.engine._autogluon.load import trainer_of
from litmus_core.engine._fit.target_scale import SCALE
from litmus_core.engine._run_folder.folder import predictor_path, read_model_info
from litmus_core.errors import NotFoundError

_FILES = ("model.json", "pipeline.json", "rows.npz", "unknown.pkl", "parts.parquet")


def check_takeable(source: Path) -> None:
    """Raise NotFoundError where a run's folder no longer holds what it trained."""
    read_model_info(source)
    if not predictor_path(source).exists():
        raise NotFoundError(
            kind="trained model in", id=source.name, hint="Its files were removed; train it again."
        )


def link_models(source: Path, to: Path, *, model: str) -> None:
    """Have the run in the folder ``to`` hold what the run in ``source`` trained, ``model`` among it.

    What a model wrote once shares its room on disk with the other run; what is written in place is copied.
    Raises NotFoundError where the files or the model are gone.
    """
    check_takeable(source)
    trainer_of(source, model)
    for name in _FILES:
        if (source / name).exists():
            shutil.copyfile(source / name, to / name)
    if (source / SCALE).exists():
        shutil.copytree(source / SCALE, to / SCALE, dirs_exist_ok=True)
    shutil.rmtree(predictor_path(to), ignore_errors=True)  # of a try before, that was killed
    shutil.copytree(predictor_path(source), predictor_path(to), copy_function=_share)


def _share(source: str, to: str) -> None:
    """Link a file that a model keeps in a folder of its own, copy any other."""
    if Path(source).parent.parent.name == "models":
        try:
            os.link(source, to)
        except OSError:  # another disk, or one without links
            shutil.copyfile(source, to)
    else:
        shutil.copyfile(source, to)
