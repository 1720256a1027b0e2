"""The process of one run: ``python -m litmus_core.jobs.worker --workspace W --run ID [--finish]``."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import cast

from litmus_core.errors import LitmusError, NotFoundError, PlugInError
from litmus_core.jobs._context import RunContext, Stages
from litmus_core.jobs._final.pending_end import drop_pending_end
from litmus_core.jobs._plugin_failures import report_plugin_failure
from litmus_core.jobs._queue.processes import process_tree_mb, yield_to_pages
from litmus_core.jobs._queue.queue import STAGES, dispatch
from litmus_core.jobs._queue.signatures import check_queued
from litmus_core.store import FileLock, Journal, Workspace, check_trusted
from litmus_core.trust import begin_writing, check_files, is_being_written, is_cut_short, sign_files
from litmus_core.types import Event, Fact, RunEnded, RunQueued, RunStarted, RunStatus

_HEARTBEAT_S = 2.0
_ASK_EVERY_S = 0.25
_LOCK_WAIT_S = 5.0

_log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do the run, record its end, whatever it is, and start the next run of the queue."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    yield_to_pages()
    options = _options(arguments)
    workspace = Workspace(options.workspace)
    lock = _acquire_lock(workspace, options.run, options.lock_fd)
    if lock is None:
        _log.error("Another process is working on run %s.", options.run)
        return 1
    with lock:
        work(workspace, options.run, finish=options.finish, stages=options.stages)
    dispatch(workspace, stages=options.stages)
    return 0


def work(workspace: Workspace, run_id: str, *, finish: bool = False, stages: str = STAGES) -> None:
    """Do the run in this process and record its start and end.

    A LitmusError is the run's outcome; any other error is recorded with its last line, and raised.
    """
    with closing(Journal(workspace)) as opened:
        queued = _queued(opened, run_id)
        fact, journal = cast(RunQueued, queued.fact), opened.signed_by(queued.person)
        context = _context(workspace, journal, fact)
        before = journal.events(run_id=run_id, types=[RunEnded])
        journal.append(RunStarted(run_id=run_id, pid=os.getpid()))
        beat = _Heartbeat(journal, run_id)
        beat.start()
        try:
            _check_trust(context, fact)
            begin_writing(context.folder)
            drop_pending_end(context.folder)
            module = cast(Stages, import_module(stages))
            ended = module.finish(context) if finish else module.run(context)
        except LitmusError as error:
            _log.info("The run ends with: %s", error, exc_info=True)
            if isinstance(error, PlugInError) and error.point not in ("preprocess", "postprocess"):
                report_plugin_failure(
                    context, error
                )  # failures of these two points are reported where they are disabled
            status: RunStatus = "stopped" if journal.stop_requested(run_id) else "failed"
            if finish:  # finishing failed, so the run stays as it was
                status = before[-1].fact.status if before else "stopped"  # type: ignore[union-attr]
            ended = _end(context, status, error.message, error.hint)
        except (KeyboardInterrupt, SystemExit):  # Ray turns signals into this: the run was killed
            raise
        except BaseException as error:
            text = f"{type(error).__name__}: {error}".splitlines()[0]
            message = f"This is a bug, or the machine failed: {text}"
            journal.append(_end(context, "failed", message, f"See {context.folder / 'worker.log'}."))
            raise
        finally:
            beat.stop()
        _sign(context)
        journal.append(replace(ended, peak_mb=beat.peak_mb))
        drop_pending_end(context.folder)


def _check_trust(context: RunContext, fact: RunQueued) -> None:
    """Raise UntrustedError if somebody else made the workspace, queued the run, or wrote its files."""
    check_trusted(context.workspace, context.journal)
    check_queued(context.workspace, fact)
    if is_cut_short(context.folder):
        from litmus_core.engine import restore_signed

        restore_signed(context.folder)
    check_files(context.folder)


def _sign(context: RunContext) -> None:
    """Sign what this process wrote; if that fails, the folder stays marked as being written."""
    try:
        if is_being_written(context.folder):  # otherwise it is somebody else's, and nothing of it ran
            sign_files(context.folder)
    except (LitmusError, OSError) as error:
        _log.warning("The run's files are not signed: %s", error)


def _queued(journal: Journal, run_id: str) -> Event:
    queued = journal.events(run_id=run_id, types=[RunQueued])
    if not queued:
        raise NotFoundError(kind="run", id=run_id)
    return queued[-1]


def _context(workspace: Workspace, journal: Journal, fact: RunQueued) -> RunContext:
    run_id = fact.run_id
    folder = workspace.run_dir(run_id)
    folder.mkdir(parents=True, exist_ok=True)

    experiment, limit_s = fact.experiment, fact.plan.compute.time_limit_s
    if limit_s is not None:
        experiment = replace(experiment, task=replace(experiment.task, time_limit_s=limit_s))

    def report(fact: Fact) -> None:
        journal.append(fact)

    return RunContext(
        workspace=workspace,
        journal=journal,
        run_id=run_id,
        number=fact.number,
        experiment=experiment,
        plan=fact.plan,
        folder=folder,
        stop_requested=_stop_request_reader(journal, run_id),
        report=report,
        started=time.time(),
    )


def _stop_request_reader(journal: Journal, run_id: str) -> Callable[[], bool]:
    """Return a function that reports a stop request, checking at most every quarter second."""
    checked_at, stopping = 0.0, False

    def stop_requested() -> bool:
        nonlocal checked_at, stopping
        if not stopping and time.monotonic() > checked_at + _ASK_EVERY_S:
            checked_at = time.monotonic()
            stopping = journal.stop_requested(run_id) is not None
        return stopping

    return stop_requested


def _end(context: RunContext, status: RunStatus, message: str, hint: str) -> RunEnded:
    n_bytes = context.workspace.folder_bytes(context.folder)
    return RunEnded(run_id=context.run_id, status=status, message=message, hint=hint, n_bytes=n_bytes)


class _Heartbeat(threading.Thread):
    """Reports to the journal at intervals that this process is alive, and measures its memory."""

    def __init__(self, journal: Journal, run_id: str) -> None:
        super().__init__(name="litmus-heartbeat", daemon=True)
        self._journal, self._run_id = journal, run_id
        self._ended = threading.Event()
        self.peak_mb = 0.0

    def run(self) -> None:
        """Beat until stopped."""
        while not self._ended.wait(_HEARTBEAT_S):
            self.peak_mb = max(self.peak_mb, process_tree_mb())
            try:
                self._journal.heartbeat(self._run_id, os.getpid())
            except LitmusError as error:  # the run itself meets the error where it matters
                _log.warning("%s", error)

    def stop(self) -> None:
        """Stop after the current beat."""
        self.peak_mb = max(self.peak_mb, process_tree_mb())
        self._ended.set()
        self.join()


def _acquire_lock(workspace: Workspace, run_id: str, lock_fd: int | None) -> FileLock | None:
    path = workspace.worker_lock_path(run_id)
    if lock_fd is not None:
        return FileLock.adopt(path, lock_fd)
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    return lock if lock.acquire(timeout_s=_LOCK_WAIT_S) else None


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m litmus_core.jobs.worker", description=__doc__)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--run", required=True)
    parser.add_argument("--finish", action="store_true", help="only the tail stages, on what is on disk")
    parser.add_argument("--lock-fd", type=int, help="the run's lock, acquired by the parent process")
    parser.add_argument("--stages", default=STAGES, help="the module that does the work")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
