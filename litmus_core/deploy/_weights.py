"""The weights of a bundle to be: compiled where that is possible, else as AutoGluon keeps them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from litmus_core.errors import BundleError, NotCompilableError
from litmus_core.runtime import Predictor, executor_kind, json_rows, same_answers

if TYPE_CHECKING:
    import pandas as pd

Form = Literal["auto", "compiled", "native"]
_LARGEST_DIFFERENCE = 1e-5  # of a probability, or relative to a value
NO_COMPILER = "The weights are kept as AutoGluon wrote them: this version of Litmus compiles no models yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Weights in a folder, what runs them, and why they are native (compiled: "")."""

    folder: Path
    executor: str
    native_reason: str
    predictor: Predictor

    def move(self, to: Path) -> None:
        """Put the folder at ``to``, which must not exist."""
        shutil.move(self.folder, to)


@contextmanager
def weights_of(
    run_folder: Path, model: str, native: Predictor, *, form: Form, rows: pd.DataFrame, beside: Path
) -> Iterator[Weights]:
    """Give a model's weights in the form asked for, in a folder that goes with the ``with`` block.

    ``auto`` compiles what compiles and answers ``rows`` as ``native``, the trained model, does; the rest is
    native with the reason. Raises BundleError where ``compiled`` was asked for and cannot be.
    """
    with tempfile.TemporaryDirectory(prefix=".litmus-weights-", dir=beside) as scratch:
        folder, reason = Path(scratch) / "model", ""
        if form == "native":
            reason = "The weights are kept as AutoGluon wrote them, as the export asked for."
        else:
            reason = _compile(run_folder, model, folder) or _otherwise(folder, native, rows)
        if not reason:
            compiled = Predictor(native.info, native.pipeline, executor_kind("compiled").load(folder))
            yield Weights(folder=folder, executor="compiled", native_reason="", predictor=compiled)
            return
        if form == "compiled":
            raise BundleError(
                f"The model cannot be exported compiled. {reason}",
                hint="Export it natively, or choose another.",
            )
        shutil.rmtree(folder, ignore_errors=True)
        _save_native(run_folder, model, folder)
        yield Weights(folder=folder, executor="autogluon", native_reason=reason, predictor=native)


def _compile(run_folder: Path, model: str, to: Path) -> str:
    """Compile the model into ``to``; returns why that cannot be, "" when it is done."""
    from litmus_core import engine

    compile_candidate: Any = getattr(engine, "compile_candidate", None)
    if compile_candidate is None:
        return NO_COMPILER
    try:
        compile_candidate(run_folder, model, to)
    except NotCompilableError as error:
        return f"The weights are kept as AutoGluon wrote them: {error.reason.rstrip('.')}."
    return ""


def _otherwise(folder: Path, native: Predictor, rows: pd.DataFrame) -> str:
    """Return how the compiled model in ``folder`` answers otherwise than the trained one; "" where alike."""
    compiled = Predictor(native.info, native.pipeline, executor_kind("compiled").load(folder))
    asked = json_rows(rows[[column.name for column in native.columns]])
    pairs = zip(native.answers(asked), compiled.answers(asked), strict=True)
    n_other = sum(not same_answers(then, now, tolerance=_LARGEST_DIFFERENCE) for then, now in pairs)
    if not n_other:
        return ""
    return (
        "The weights are kept as AutoGluon wrote them: the compiled form answered "
        f"{n_other} of {len(asked)} real rows otherwise."
    )


def _save_native(run_folder: Path, model: str, to: Path) -> None:
    from litmus_core.engine import save_candidate

    save_candidate(run_folder, model, to)
