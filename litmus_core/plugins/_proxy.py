"""A plug-in in a run: created, fitted and called in a process of its own."""

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
from litmus_core.plugins._returned_values import read_result
from litmus_core.types import PluginRef

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DEFAULT_LIMIT_S = 600.0
IGNORES_WEIGHTS = "learned from the rows as they are: its fit takes no sample_weight."


class PluginProxy:
    """The plug-in ``part``, in the process ``host``. Nothing of it is imported here.

    Arguments are pandas frames and series, arrays, and plain values. Results are returned as data: arrays of
    numbers, frames and series (each column of one type), paths, and what JSON can represent. Every method
    raises PlugInError ("Your pre-processor Caps stopped: …, in line 7 of caps.py.") if the code raises,
    hangs, crashes, or returns something else; its process is then ended.

        proxy = plugin_proxy(part, run_folder)
        fitted = proxy.fit(frame, target, seed=0)            # bytes: store them as a file
        rows = proxy.call("transform", frame, fitted=fitted)
    """

    def __init__(self, part: PluginRef, host: PluginProcess) -> None:
        self.part, self.host = part, host
        self.changed: tuple[int, ...] = ()  # positions of the arguments that the last watched call changed
        self.ignores_weights = False  # whether the last fit was offered weights and took none

    def failure(self, reason: str, *, hint: str = "", timed_out: bool = False) -> PlugInError:
        """Return the error that names the plug-in, with ``reason`` as the rest of a sentence."""
        return PlugInError(
            point=self.part.point, name=self.part.name, reason=reason, hint=hint, timed_out=timed_out
        )

    def fit(
        self,
        *arguments: Any,
        weights: NDArray[np.float64] | None = None,
        seed: int = 0,
        timeout_s: float = DEFAULT_LIMIT_S,
    ) -> bytes:
        """Create the plug-in with the part's parameters, fit it if it has ``fit``, and return it as bytes.

        ``weights`` (n,) of the rows are passed as ``sample_weight`` if ``fit`` takes that; otherwise
        :attr:`ignores_weights` is set.
        """
        arguments = arguments if weights is None else (*arguments, weights)
        with tempfile.TemporaryDirectory(dir=self.host.scratch.folder) as scratch:
            to = Path(scratch, "fitted.pkl")
            request = {
                "do": "litmus_core.plugins._worker_ops:fit",
                "to": str(to),
                "weighted": weights is not None,
                **self._request(arguments, scratch, seed),
            }
            self.ignores_weights = bool(self._ask(request, timeout_s)["ignores_weights"])
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
        """Return the result of the method ``word``; "" calls the plug-in itself, if it is a function.

        ``fitted`` is what :meth:`fit` returned; without it a new one is created from the part's parameters.
        ``watch``: record in :attr:`changed` which arguments it changes. ``may_lack``: return None if there is
        no such method.
        """
        with tempfile.TemporaryDirectory(dir=self.host.scratch.folder) as scratch:
            reply = self._ask(
                {
                    "do": "litmus_core.plugins._worker_ops:call",
                    "word": word,
                    "fitted": "" if fitted is None else str(self._file(fitted)),
                    "to": str(Path(scratch, "answer")),
                    "watch": watch,
                    "may_lack": may_lack,
                    **self._request(arguments, scratch, seed),
                },
                timeout_s,
            )
            self.changed = tuple(reply.pop("changed"))
            return read_result(reply)

    def score(
        self,
        truth: NDArray[Any],
        answer: NDArray[Any],
        times: NDArray[np.uint16],
        *,
        timeout_s: float = DEFAULT_LIMIT_S,
    ) -> NDArray[np.float64]:
        """Return a metric's scores (r,), one for each row of ``times`` (r, n), which weights the cases.

        NaN where it raised, if there are several; fewer than r if it is slow.
        """
        with tempfile.TemporaryDirectory(dir=self.host.scratch.folder) as scratch:
            request = {
                "do": "litmus_core.plugins._worker_ops:score",
                "to": str(Path(scratch, "answer")),
                **self._request((truth, answer, times), scratch, 0),
            }
            scores: NDArray[np.float64] = read_result(self._ask(request, timeout_s))
            return scores

    def score_groups(
        self,
        truth: NDArray[Any],
        answer: NDArray[Any],
        ends: NDArray[np.int64],
        *,
        timeout_s: float = DEFAULT_LIMIT_S,
    ) -> NDArray[np.float64]:
        """Return a metric's (g,) scores of the groups of rows that end before ``ends`` (g,), ascending.

        A score is NaN where the metric returned NaN.
        """
        with tempfile.TemporaryDirectory(dir=self.host.scratch.folder) as scratch:
            request = {
                "do": "litmus_core.plugins._worker_ops:score_groups",
                "to": str(Path(scratch, "answer")),
                **self._request((truth, answer, ends), scratch, 0),
            }
            scores: NDArray[np.float64] = read_result(self._ask(request, timeout_s))
            return scores

    def _request(self, arguments: Sequence[Any], scratch: str, seed: int) -> dict[str, Any]:
        rows = Path(scratch, "arguments.pkl")
        rows.write_bytes(pickle.dumps(list(arguments), protocol=5))
        return {
            "plugin": {
                "module": self.part.module,
                "name": self.part.name,
                "parameters": dict(self.part.parameters),
            },
            "arguments": str(rows),
            "seed": seed,
        }

    def _file(self, fitted: bytes) -> Path:
        path = Path(self.host.scratch.folder, f"{hashlib.sha256(fitted).hexdigest()}.pkl")
        if not path.exists():
            path.write_bytes(fitted)
        return path

    def _ask(self, request: dict[str, Any], timeout_s: float) -> dict[str, Any]:
        try:
            return self.host.ask(request, timeout_s=timeout_s)
        except PluginFailedError as error:
            raise self.failure(str(error), timed_out=error.timed_out) from error


def plugin_proxy(part: PluginRef, folder: Path) -> PluginProxy:
    """Return a part of the run in ``folder``, whose source is in ``folder``/modules, with its process."""
    return PluginProxy(part, host_of(folder, part))


def open_in_process(fitted: bytes) -> Any:
    """Unpickle what :meth:`PluginProxy.fit` returned in this process, from a verified bundle."""
    return pickle.loads(fitted)  # noqa: S301 - that is its job
