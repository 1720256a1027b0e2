"""Custom steps: fitted and called in a process of their own, in place in production."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.engine._postprocess.fit import CustomFitter
from litmus_core.engine._postprocess.scored_predictions import ScoredPredictions
from litmus_core.engine._run_folder.folder import PREDICTOR
from litmus_core.errors import NoAnswerError, PlugInError
from litmus_core.frame import RawColumn
from litmus_core.plugins import (
    IGNORES_WEIGHTS,
    PluginProxy,
    check_maker,
    open_in_process,
    plugin_process,
    plugin_proxy,
)
from litmus_core.runtime import (
    STEPS_FOLDER,
    CustomStep,
    Post,
    PostStep,
    custom_step_frame,
    is_custom_step,
    portable,
    use_modules,
)
from litmus_core.trust import check_files
from litmus_core.types import Column, PluginRef

if TYPE_CHECKING:
    pass

_LIMIT_S = 60.0
_ALONE_ROWS = 5  # that must get the same prediction alone as among the others
_NEAR = 1e-9


def check_plugin_steps(parts: Sequence[PluginRef], modules: Path) -> None:
    """Raise UsageError unless each custom step can be imported from ``modules`` and has apply.

    They are imported and inspected, not created, in a process that ends with the check.
    """
    refs = [part for part in parts if is_custom_step(part)]
    if refs:
        with plugin_process(modules) as host:
            for part in refs:
                check_maker(host, part, methods=("apply",), noun="step")


class _IsolatedStep(CustomStep):
    """A fitted step that is called in its own process."""

    def __init__(
        self,
        part: PluginRef,
        state: Mapping[str, Any],
        *,
        columns: Sequence[Column],
        content: bytes,
        folder: Path,
        ignores_weights: bool = False,
    ) -> None:
        self.ignores_weights = ignores_weights
        called = portable(part).reference
        super().__init__(called, state, columns=columns, content=content, open_object=lambda: None)
        self.proxy: PluginProxy = plugin_proxy(part, folder)

    def apply(self, predictions: np.ndarray[Any, Any], rows: Any) -> np.ndarray[Any, Any]:
        """Return its result for the predictions; raises PlugInError, which names it, for an invalid one."""
        try:
            return super().apply(predictions, rows)
        except PlugInError:
            raise
        except NoAnswerError as error:
            raise self.proxy.failure(error.reason, hint=error.hint) from error

    def with_place(self, error: NoAnswerError, where: str) -> NoAnswerError:
        """Return its process's error with the step's position ``where``, and a hint."""
        if not isinstance(error, PlugInError):
            return super().with_place(error, where)
        return self.proxy.failure(f"{error.reason}{where}", hint=error.hint or self.hint)

    def call(self, predictions: np.ndarray[Any, Any], frame: Any) -> Any:
        """Call the process."""
        arguments = self.arguments(predictions, frame)
        reply = self.proxy.call(
            self.method_name, *arguments, fitted=self.content, timeout_s=_LIMIT_S, watch=True
        )
        if self.proxy.changed:
            raise self.proxy.failure("it changed the rows or answers that it was given")
        return reply


def plugin_fitter(folder: Path) -> CustomFitter:
    """Return a fitter of custom steps from the source in a run's folder."""

    def fit(part: PluginRef, scored: ScoredPredictions) -> PostStep:
        columns = scored.info.columns
        frame = custom_step_frame([RawColumn(column) for column in columns], scored.rows)
        proxy = plugin_proxy(part, folder)
        arguments = (scored.predictions, frame, scored.truth)
        content = proxy.fit(*arguments, weights=scored.metric.weights, timeout_s=_LIMIT_S)
        file = f"{STEPS_FOLDER}/{part.name}-{hashlib.sha256(content).hexdigest()[:8]}.pkl"
        state = {"module": part.module, "name": part.name, "file": file}
        step = _IsolatedStep(
            part,
            state,
            columns=columns,
            content=content,
            folder=folder,
            ignores_weights=proxy.ignores_weights,
        )
        _check_single_rows(step, scored)
        return step

    return fit


def steps_without_weights(post: Post) -> tuple[str, ...]:
    """Return a sentence for each custom step, just fitted, that was offered row weights and took none."""
    ignoring = [step for step in post.steps if isinstance(step, _IsolatedStep) and step.ignores_weights]
    return tuple(f"Your step {step.proxy.part.name} {IGNORES_WEIGHTS}" for step in ignoring)


def _check_single_rows(step: _IsolatedStep, scored: ScoredPredictions) -> None:
    """Raise PlugInError if a row gets another prediction on its own than among others."""
    few = scored.at(np.arange(min(len(scored.predictions), 10 * _ALONE_ROWS)))
    together = step.apply(few.predictions, few.rows)
    for at in range(min(_ALONE_ROWS, len(few.predictions))):
        one = few.at(np.array([at]))
        if not np.allclose(step.apply(one.predictions, one.rows)[0], together[at], rtol=_NEAR, atol=_NEAR):
            raise step.proxy.failure(
                "a row got another answer alone than among others",
                hint="Learn what it needs of other rows in fit, and keep it.",
            )


def open_custom_step(
    folder: Path,
    place: Path,
    part: PluginRef,
    state: Mapping[str, Any],
    *,
    columns: Sequence[Column],
    here: bool,
) -> PostStep:
    """Return a fitted custom step, stored in ``place`` of a run's folder.

    ``here``: it runs in this process. Raises UntrustedError if this user neither wrote nor trusts it.
    """
    check_files(folder, except_for=(PREDICTOR,))
    content = (place / state["file"]).read_bytes()
    if not here:
        return _IsolatedStep(part, state, columns=columns, content=content, folder=folder)

    def open_object() -> Any:
        use_modules(folder)
        importlib.import_module(part.module)
        return open_in_process(content)

    return CustomStep(
        portable(part).reference, state, columns=columns, content=content, open_object=open_object
    )
