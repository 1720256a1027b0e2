"""Open AutoGluon's folder, even if its process was killed."""

from __future__ import annotations

import logging
import pickle
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from litmus_core.engine._catalog.selection import has_extra
from litmus_core.engine._fit.failures import nothing_finished
from litmus_core.engine._run_folder.folder import (
    RECOVERY_COPY,
    TRAINER,
    predictor_path,
    restore_recovery_copy,
)
from litmus_core.errors import NotFoundError
from litmus_core.trust import check_files, is_as_signed, is_being_written, is_cut_short, sign_files

_CUT_OFF = (EOFError, pickle.UnpicklingError, FileNotFoundError)


@contextmanager
def quiet(verbosity: int = 0) -> Iterator[None]:
    """Silence AutoGluon's and its libraries' warnings and log lines (below ``verbosity``)."""
    from autogluon.common.utils.log_utils import set_logger_verbosity

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        set_logger_verbosity(verbosity)
        yield


def load_libraries() -> None:
    """Import AutoGluon now (seconds on a cold machine), so that what follows can be timed."""
    import autogluon.tabular.trainer  # noqa: F401


def warm_up_torch() -> None:
    """Run one torch training step, if torch is installed.

    The first step takes seconds, and AutoGluon abandons a network that has little of its time left then.
    """
    if not has_extra("torch"):
        return
    import torch

    weight = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.Adam([weight])
    weight.sum().backward()
    optimizer.step()


def open_trainer(folder: Path, *, is_verified: bool = False) -> Any:
    """Return the trainer of a run's folder, without its callbacks.

    Unpickling runs code: nothing is opened (UntrustedError) from files that this user neither wrote nor
    trusts, unless the caller has verified them. Raises TrainingError if no model was finished.
    """
    from autogluon.tabular.trainer import AutoTrainer

    if not is_verified:
        restore_signed(folder)
        check_files(folder)

    path = predictor_path(folder) / "models"
    with quiet():
        try:
            trainer = AutoTrainer.load(path=str(path), reset_paths=True)
        except _CUT_OFF:
            restore_recovery_copy(folder)
            try:
                trainer = AutoTrainer.load(path=str(path), reset_paths=True)
            except _CUT_OFF as error:
                raise nothing_finished() from error
            if not (is_verified or is_being_written(folder)):
                sign_files(folder)  # restored files are this user's, too
    # Callbacks are unpickled too, and would run again when an ensemble is fitted.
    trainer.reset_callbacks()
    if not trainer.get_model_names():
        raise nothing_finished()
    return trainer


def restore_signed(folder: Path) -> None:
    """Restore the last signed state in a copy of a folder whose process was killed.

    Raises TrainingError if no model was finished.
    """
    if is_cut_short(folder) and not is_as_signed(folder, TRAINER):
        if not is_as_signed(folder, RECOVERY_COPY):
            raise nothing_finished()
        restore_recovery_copy(folder)


def trainer_of(folder: Path, model: str) -> Any:
    """Return the trainer of a run's folder that has ``model``; raises NotFoundError if it does not."""
    if (folder / "model.json").exists() and not predictor_path(folder).exists():
        raise NotFoundError(
            kind="trained model in", id=folder.name, hint="Its files were removed. Train it again."
        )
    trainer = open_trainer(folder)
    if model not in trainer.get_model_names():
        raise NotFoundError(kind="model", id=model, hint="It was not finished, or has another name.")
    return trainer


def silence_autogluon_logger() -> None:
    """Stop AutoGluon's loggers from printing in a process that only predicts."""
    logging.getLogger("autogluon").setLevel(logging.ERROR)
