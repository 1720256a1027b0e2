"""Runs as processes: the queue, starting and stopping, and what a run does from split to verdict."""

from litmus_core.jobs._context import RunContext, Stages
from litmus_core.jobs._judge import score_on_test
from litmus_core.jobs._processes import is_alive
from litmus_core.jobs._queue import dispatch, enqueue, finish, reattach, stop
from litmus_core.jobs._retention import retention
from litmus_core.jobs._run_data import RunData, reopen

__all__ = [
    "RunContext",
    "RunData",
    "Stages",
    "dispatch",
    "enqueue",
    "finish",
    "is_alive",
    "reattach",
    "reopen",
    "retention",
    "score_on_test",
    "stop",
]
