"""Start work of :mod:`litmus_core.experiments.worker` in the background."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from litmus_core.experiments._context import Context
    from litmus_core.jobs import Background


def start_work(
    job: Background, work: str, subject: str, *, context: Context, busy: str, **options: object
) -> None:
    """Start a process that does ``work`` on ``subject`` as ``job``; it outlives this one.

    It acts for the person of ``context``. ``options`` are arguments of the worker's function for that work.
    Raises BusyError with ``busy`` if the job is running already.
    """
    words = [work, subject, "--workspace", str(context.workspace.path), "--options", json.dumps(options)]
    words.append(f"--person={context.person.id}")
    job.start("litmus_core.experiments.worker", words, busy=busy)
