"""The weights of a new bundle: compiled if possible, otherwise AutoGluon's own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from litmus_core.errors import BundleError, NotFoundError
from litmus_core.runtime import Predictor
from litmus_core.types import Candidate

if TYPE_CHECKING:
    import pandas as pd

Form = Literal["auto", "compiled", "native"]
NATIVE = "The weights are kept as AutoGluon wrote them"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Weights in a folder, their executor, and why they are native ("" if they are compiled)."""

    folder: Path
    executor: str
    native_reason: str
    predictor: Predictor

    def move(self, to: Path) -> None:
        """Move the folder to ``to``, which must not exist and be on the same file system."""
        self.folder.rename(to)


@contextmanager
def weights_of(
    run_folder: Path, candidate: Candidate, *, form: Form, rows: pd.DataFrame, neighbour: Path
) -> Iterator[Weights]:
    """Yield a candidate's weights in the requested form, in a folder that exists for the ``with`` block.

    ``auto`` takes the run's compiled form. If there is none, it compiles the model, and takes that if it
    predicts ``rows`` as the trained model does; otherwise the weights are native, with the reason. Raises
    BundleError if ``compiled`` was requested and is impossible.
    """
    from litmus_core.engine import open_candidate, post_of, save_candidate

    with tempfile.TemporaryDirectory(prefix=".litmus-weights-", dir=neighbour) as scratch:
        folder = Path(scratch) / "model"
        reason = _compile_failure(run_folder, candidate, folder, form=form, rows=rows)
        if reason and form == "compiled":
            raise BundleError(
                f"The model cannot be exported compiled. {reason}",
                hint="Export it natively, or choose another.",
            )
        if reason:
            save_candidate(run_folder, candidate.model, folder)
        yield Weights(
            folder=folder,
            executor="autogluon" if reason else "compiled",
            native_reason=reason,
            predictor=open_candidate(
                run_folder,
                candidate.model,
                threshold=candidate.threshold,
                native=bool(reason),
                post=post_of(run_folder, candidate),
            ),
        )


def _compile_failure(
    run_folder: Path, candidate: Candidate, to: Path, *, form: Form, rows: pd.DataFrame
) -> str:
    """Copy the compiled form to ``to`` and return "", or return why there is none."""
    from litmus_core.engine import copy_compiled, store_compiled

    if form == "native":
        return f"{NATIVE}, as the export asked for."
    try:
        copy_compiled(run_folder, candidate.model, to, rows=rows)
    except NotFoundError:
        reason = candidate.native_reason or store_compiled(run_folder, candidate.model, rows)
        if reason:
            return f"{NATIVE}: {reason.rstrip('.')}."
        copy_compiled(run_folder, candidate.model, to, rows=rows)
    return ""
