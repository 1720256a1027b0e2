"""Custom pre-processing that runs as Python, in the predicting process."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.errors import BundleError, NoAnswerError

if TYPE_CHECKING:
    from litmus_core.frame import Code, Transform

STEPS = "preprocess"  # next to a run's models, and in a bundle's model folder


def steps_here(folder: Path) -> Callable[[Code], Transform]:
    """Return a function that opens fitted pre-processors from ``folder``; their modules must be importable.

    Opening unpickles, which runs code: verify the files first. Raises BundleError; the opened function raises
    NoAnswerError for rows at which the code fails.
    """

    def open_code(code: Code) -> Transform:
        try:
            fitted = pickle.loads((folder / Path(code.file).name).read_bytes())  # noqa: S301 - see above
        except Exception as error:
            raise BundleError(
                f"The pre-processor {code.name} cannot be opened: {type(error).__name__}: {error}.",
                hint="Install what the bundle's requirements.txt names.",
            ) from error

        def transform(frame: Any) -> Any:
            try:
                return fitted.transform(frame)
            except Exception as error:
                reason = f"{type(error).__name__}: {error}"
                raise NoAnswerError(
                    f"The pre-processor {code.name} stopped: {reason}.",
                    hint="Look for unusual values in these rows, or ask who wrote it.",
                    reason=reason,
                ) from error

        return transform

    return open_code
