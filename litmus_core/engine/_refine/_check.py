"""Check before a start whether a model can be compressed."""

from __future__ import annotations

from pathlib import Path

from litmus_core.engine._catalog.selection import family_of_algorithm, reads_labels, title_of
from litmus_core.engine._custom import CUSTOM_FAMILY
from litmus_core.engine._preprocess import STEPS
from litmus_core.engine._refine._trees import n_rounds
from litmus_core.engine._run_folder.folder import predictor_path, read_rows
from litmus_core.engine._warm_start import members_of
from litmus_core.errors import UsageError

_HINT = "Train a quicker family, such as boosted trees, or a linear model."


def check_refinable(folder: Path, model: str) -> None:
    """Raise UsageError if ``model`` in a run's folder has no faster version."""
    if not (folder / "rows.npz").exists() or not predictor_path(folder).exists():
        raise UsageError("The files of the run that trained it were removed.", hint="Train it again.")
    if (folder / STEPS).is_dir():
        raise UsageError(
            "Its pre-processing runs as Python of your own, which a faster model cannot run.", hint=_HINT
        )
    if not read_rows(folder).scored.all():
        raise UsageError(
            "It was trained in folds in order of time, which a faster model cannot keep.", hint=_HINT
        )
    members = [
        member for member in members_of(folder, model) if family_of_algorithm(member.name) != CUSTOM_FAMILY
    ]
    if any(reads_labels(member.name) for member in members):
        raise UsageError(
            f"'{title_of(model)}' needs the predictions of all its models, so none can be left out.",
            hint=_HINT,
        )
    if not members:
        raise UsageError(
            f"'{title_of(model)}' is your own code, which Litmus cannot make faster.", hint=_HINT
        )
    folds = read_rows(folder).folds
    if len(members) == 1 and not folds and not n_rounds(members[0].model):
        raise UsageError(
            f"'{title_of(model)}' is one model without trees, so nothing can be left out.", hint=_HINT
        )
