"""Messages for failed custom code that name the line in its file."""

from __future__ import annotations

import signal
import sys
import traceback
from pathlib import Path

_LONGEST = 300


class PluginFailedError(Exception):
    """Custom code failed; the message says why, as the rest of a sentence.

    ``timed_out``: it exceeded its time limit.
    """

    def __init__(self, message: str, *, timed_out: bool = False) -> None:
        super().__init__(message)
        self.timed_out = timed_out


def failure_message(error: BaseException, folder: Path | None) -> str:
    """Return the exception's message, and the last line of a file under ``folder`` in its traceback."""
    return f"{_error_text(error)}{_place(error, folder)}"


def _error_text(error: BaseException) -> str:
    if isinstance(error, PluginFailedError):
        return str(error)
    if isinstance(error, SystemExit):
        return f"it called sys.exit({'' if error.code is None else error.code})"
    if isinstance(error, MemoryError):
        return "it asked for more memory than the machine has free"
    lines = str(error).strip().splitlines()
    kind = type(error).__name__
    return f"{kind}: {lines[0][:_LONGEST].rstrip('.')}" if lines else kind


def _place(error: BaseException, folder: Path | None) -> str:
    if folder is None:
        return ""
    if isinstance(error, SyntaxError) and error.filename and _under(error.filename, folder):
        return f", in line {error.lineno} of {Path(error.filename).relative_to(folder)}"
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if _under(frame.filename, folder):
            return f", in line {frame.lineno} of {Path(frame.filename).relative_to(folder)}"
    return ""


def _under(path: str, folder: Path) -> bool:
    return Path(path).is_relative_to(folder)


def source_folder(module: str) -> Path | None:
    """Return the folder that contains an imported module's top-level package."""
    file = getattr(sys.modules.get(module.partition(".")[0]), "__file__", None)
    if file is None:
        return None
    path = Path(file)
    return path.parent.parent if path.name == "__init__.py" else path.parent


def exit_message(code: int | None) -> str:
    """Return why a process ended, from its exit code (negative: the signal that ended it)."""
    if code == -signal.SIGKILL:
        return "its process was killed, most likely because memory ran out"
    if code is not None and code < 0:
        try:
            return f"its process crashed ({signal.Signals(-code).name})"
        except ValueError:
            return f"its process crashed (signal {-code})"
    return f"its process ended by itself (exit code {code})"
