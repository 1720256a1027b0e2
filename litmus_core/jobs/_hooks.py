"""A run's hooks: they are called in processes of their own, and never delay the run."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from litmus_core.errors import LitmusError, PlugInError
from litmus_core.plugins import PluginProxy, disable_part, plugin_proxy
from litmus_core.types import (
    CandidateTrained,
    Fact,
    PlugInFailed,
    RunEnded,
    RunJudged,
    RunStage,
    to_plain,
)
from litmus_core.verdicts import verdict_report

if TYPE_CHECKING:
    from litmus_core.jobs._context import RunContext

_CALL_S = 10.0
_LAST_S = 20.0  # for pending calls when the run ends
_MOST_WAITING = 10_000


class _HookThread(threading.Thread):
    """Calls one hook, in order. After its first failure it is not called again."""

    def __init__(self, proxy: PluginProxy) -> None:
        super().__init__(name=f"litmus-hook-{proxy.part.name}", daemon=True)
        self.proxy = proxy
        self.reason = ""
        self._waiting: queue.Queue[tuple[str, tuple[Any, ...]] | None] = queue.Queue(_MOST_WAITING)

    def enqueue(self, event: str, *arguments: Any) -> None:
        if not self.reason and not self._waiting.full():
            self._waiting.put((event, arguments))

    def end(self) -> None:
        """Wait briefly for pending calls, then end the hook's process."""
        if not self._waiting.full():
            self._waiting.put(None)
        self.join(timeout=_LAST_S)
        if self.is_alive() and not self.reason:
            self.reason = f"it was not done {_LAST_S:g} s after the run"
        self.proxy.host.end()

    def run(self) -> None:
        """Make the calls until there are none left."""
        try:
            fit = self.proxy.fit(timeout_s=_CALL_S)
            while (call := self._waiting.get()) is not None:
                method, arguments = call
                self.proxy.call(method, *arguments, fitted=fit, timeout_s=_CALL_S, may_lack=True)
        except PlugInError as error:
            self.reason = error.reason


@contextmanager
def run_with_hooks(context: RunContext) -> Iterator[tuple[RunContext, list[_HookThread]]]:
    """Yield a run's context that passes its reports to hooks, and the hooks themselves."""
    hooks = [_HookThread(plugin_proxy(part, context.folder)) for part in context.plan.hooks]
    if not hooks:
        yield context, []
        return

    def report(fact: Fact) -> None:
        context.report(fact)
        method, arguments = _hook_event(fact)
        for listener in hooks if method else ():
            listener.enqueue(method, *arguments)

    for hook in hooks:
        hook.start()
        hook.enqueue("on_run_start", _run_facts(context))
    try:
        yield replace(context, report=report), hooks
    except LitmusError as error:
        close_hooks(context, hooks, {"status": "failed", "message": error.message})
        raise


def close_hooks(context: RunContext, hooks: list[_HookThread], ended: dict[str, Any]) -> tuple[str, ...]:
    """Report the run's end to the hooks, end them, and return a message for each that failed.

    Failed hooks are disabled in the workspace, with the reason.
    """
    for hook in hooks:
        hook.enqueue("on_run_end", ended)
    for listener in hooks:
        listener.end()
    failed = [one for one in hooks if one.reason]
    for listener in failed:
        disable_part(context.workspace.path, listener.proxy.part, listener.reason)
        context.report(
            PlugInFailed(
                run_id=context.run_id,
                point="hook",
                name=listener.proxy.part.name,
                sentence=_failure_text(listener),
            )
        )
    return tuple(f"{_failure_text(one)} The run went on without it." for one in failed)


def _failure_text(hook: _HookThread) -> str:
    return f"Your hook {hook.proxy.part.name} stopped and was disabled: {hook.reason}."


def _hook_event(fact: Fact) -> tuple[str, tuple[Any, ...]]:
    if isinstance(fact, RunStage):
        return "on_stage", (fact.stage, fact.message)
    if isinstance(fact, CandidateTrained):
        return "on_candidate", (to_plain(fact.candidate),)
    if isinstance(fact, RunJudged):
        return "on_verdict", (verdict_report(fact.verdict),)
    return "", ()


def _run_facts(context: RunContext) -> dict[str, Any]:
    return {
        "id": context.run_id,
        "number": context.number,
        "experiment": context.experiment.name,
        "task": to_plain(context.experiment.task),
    }


def ended_facts(ended: RunEnded) -> dict[str, Any]:
    """Return the facts about a run's end that hooks get."""
    return {"status": ended.status, "message": ended.message, "seconds": dict(ended.seconds or {})}
