"""A plug-in as a run uses it: made, fitted and called in a process of its own."""

from __future__ import annotations

import hashlib
import pickle
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.errors import PlugInError
from litmus_core.plugins._failure_messages import PluginFailedError
from litmus_core.plugins._process.host import PluginProcess, host_of
from litmus_core.plugins._returned_values import read_answer
from litmus_core.types import Part

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DEFAULT_LIMIT_S = 600.0


class PluginProxy:
    """The plug-in ``part``, in the process ``host``. Nothing of it is imported here.

    Arguments are pandas frames and series, arrays, and plain values. Answers come back as data: arrays of
    numbers, frames and series (a column holds one kind of values), paths, and what JSON can say. Every
    method raises PlugInError in words ("Your pre-processor Caps stopped: …, in line 7 of caps.py.") when
    the code raises, hangs, crashes, or answers with something else; its process is then ended.

        apart = part_apart(part, run_folder)
        fitted = apart.fit(frame, target, seed=0)            # bytes: keep them as a file
        rows = apart.call("transform", frame, fitted=fitted)
    """

    def __init__(self, part: Part, host: PluginProcess) -> None:
        self.part, self.host = part, host
        self.changed: tuple[int, ...] = ()  # which arguments the last watched call changed, by their place

    def failure(self, reason: str, *, hint: str = "", timed_out: bool = False) -> PlugInError:
        """Return the error that names the plug-in, with ``reason`` as the rest of a sentence."""
        return PlugInError(
            point=self.part.point, name=self.part.name, reason=reason, hint=hint, timed_out=timed_out
        )

    def fit(self, *arguments: Any, seed: int = 0, timeout_s: float = DEFAULT_LIMIT_S) -> bytes:
        """Make one from the part's parameters, fit it where it has a ``fit``, and return it as bytes."""
        with tempfile.TemporaryDirectory(dir=self.host.scratch.name) as scratch:
            to = Path(scratch, "fitted.pkl")
            asked = {
                "do": "litmus_core.plugins._worker_ops:fit",
                "to": str(to),
                **self._asked(arguments, scratch, seed),
            }
            self._ask(asked, timeout_s)
            return to.read_bytes()

    def call(
        self,
        word: str,
        *arguments: Any,
        fitted: bytes | None = None,
        seed: int = 0,
        timeout_s: float = DEFAULT_LIMIT_S,
        watch: bool = False,
        may_lack: bool = False,
    ) -> Any:
        """Return what the method ``word`` answers; "" calls the plug-in itself, where it is a function.

        ``fitted`` is what :meth:`fit` returned; without it one is made from the part's parameters.
        ``watch``: notice in :attr:`changed` which arguments it changes. ``may_lack``: without such a method
        the answer is None.
        """
        with tempfile.TemporaryDirectory(dir=self.host.scratch.name) as scratch:
            told = self._ask(
                {
                    "do": "litmus_core.plugins._worker_ops:call",
                    "word": word,
                    "fitted": "" if fitted is None else str(self._file(fitted)),
                    "to": str(Path(scratch, "answer")),
                    "watch": watch,
                    "may_lack": may_lack,
                    **self._asked(arguments, scratch, seed),
                },
                timeout_s,
            )
            self.changed = tuple(told.pop("changed"))
            return read_answer(told)

    def score(
        self,
        truth: NDArray[Any],
        answer: NDArray[Any],
        times: NDArray[np.uint16],
        *,
        timeout_s: float = DEFAULT_LIMIT_S,
    ) -> NDArray[np.float64]:
        """Return a metric's scores (r,): for each row of ``times`` (r, n), which says how often rows count.

        Of several, NaN where it raised; fewer than r where it is slow.
        """
        with tempfile.TemporaryDirectory(dir=self.host.scratch.name) as scratch:
            asked = {
                "do": "litmus_core.plugins._worker_ops:score",
                "to": str(Path(scratch, "answer")),
                **self._asked((truth, answer, times), scratch, 0),
            }
            scores: NDArray[np.float64] = read_answer(self._ask(asked, timeout_s))
            return scores

    def _asked(self, arguments: Sequence[Any], scratch: str, seed: int) -> dict[str, Any]:
        rows = Path(scratch, "arguments.pkl")
        rows.write_bytes(pickle.dumps(list(arguments), protocol=5))
        return {
            "module": self.part.module,
            "name": self.part.name,
            "parameters": dict(self.part.parameters),
            "arguments": str(rows),
            "seed": seed,
        }

    def _file(self, fitted: bytes) -> Path:
        path = Path(self.host.scratch.name, f"{hashlib.sha256(fitted).hexdigest()}.pkl")
        if not path.exists():
            path.write_bytes(fitted)
        return path

    def _ask(self, asked: dict[str, Any], timeout_s: float) -> dict[str, Any]:
        try:
            return self.host.ask(asked, timeout_s=timeout_s)
        except PluginFailedError as error:
            raise self.failure(str(error), timed_out=error.timed_out) from error


def plugin_proxy(part: Part, folder: Path) -> PluginProxy:
    """Return a part of the run in ``folder``, whose source lies in ``folder``/modules, with its process."""
    return PluginProxy(part, host_of(folder, part))


def make_here(part: Part) -> Any:
    """Make the plug-in in this process: its modules must be importable. For a bundle's own process only."""
    from importlib import import_module

    return getattr(import_module(part.module), part.name)(**dict(part.parameters))


def open_here(fitted: bytes) -> Any:
    """Open what :meth:`PluginProxy.fit` returned in this process, a verified bundle's own."""
    return pickle.loads(fitted)  # noqa: S301 - that is its job
