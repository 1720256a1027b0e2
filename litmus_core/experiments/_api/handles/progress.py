"""The progress bar of a run that Python waits for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from litmus_core.types import Progress

_WHOLE = 100
_FORM = "{percentage:3.0f} %|{bar:20}| {elapsed} {desc}"
Tell = Callable[[Progress], None]


@contextmanager
def progress_bar(wanted: bool | None) -> Iterator[Tell | None]:
    """Yield the function to call with progress; None if no bar is shown.

    ``wanted`` None shows it in interactive sessions only. With ``tqdm`` it is a bar, otherwise a line for
    each message. Both go to stderr.
    """
    if not ((sys.stderr.isatty() or _in_notebook()) if wanted is None else wanted):
        yield None
    elif find_spec("tqdm") is None:
        yield _lines()
    else:
        with _bar() as bar:
            yield lambda progress: _move(bar, progress)


def share_done(progress: Progress) -> float:
    """Return the approximate share of a run that is done, 0 to 1; after the fit it is a rough guess."""
    if progress.status not in ("queued", "running"):
        return 1.0
    if progress.remaining_s is None or progress.status == "queued":
        return 0.0
    return progress.elapsed_s / max(progress.elapsed_s + progress.remaining_s, 1e-9) * 0.99


def progress_message(progress: Progress) -> str:
    """Return the progress of a run in one line: its activity, and the best score so far."""
    best = progress.best
    if best is None or best.validation is None:
        return progress.message
    return f"{progress.message} (best so far: {best.validation.metric} {best.validation.value:.4g})"


def _bar() -> Any:
    from tqdm import tqdm

    return tqdm(total=_WHOLE, bar_format=_FORM, file=sys.stderr, leave=True)


def _move(bar: Any, progress: Progress) -> None:
    bar.n = max(bar.n, round(share_done(progress) * _WHOLE))
    bar.set_description_str(progress_message(progress), refresh=False)
    bar.refresh()


def _lines() -> Tell:
    heard: set[str] = set()

    def tell(progress: Progress) -> None:
        if progress.message and progress.message not in heard:
            heard.add(progress.message)
            print(f"{progress.elapsed_s:5.0f} s  {progress_message(progress)}", file=sys.stderr, flush=True)

    return tell


def _in_notebook() -> bool:
    """Return whether this runs in a notebook kernel, without importing anything."""
    shell = sys.modules.get("IPython")
    running = shell.get_ipython() if shell is not None else None
    return type(running).__name__ == "ZMQInteractiveShell"
