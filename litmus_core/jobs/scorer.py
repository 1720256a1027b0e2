"""The process of a scoring job.

python -m litmus_core.jobs.scorer --workspace W --scoring ID --lock-fd N
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from litmus_core.deploy import Scoring, score_file
from litmus_core.errors import LitmusError
from litmus_core.jobs._scorings import dispatch_scorings, drop_upload, read_scoring, write_scoring
from litmus_core.runtime import load_bundle
from litmus_core.store import FileLock, Workspace
from litmus_core.types import ScoringJob

_SAY_EVERY_S = 0.25


def main(arguments: Sequence[str] | None = None) -> int:
    """Score the file, and record the end, whatever it is."""
    options = _options(arguments)
    workspace = Workspace(options.workspace)
    try:
        return _score(workspace, options)
    finally:
        dispatch_scorings(workspace)  # its own lock is free, so the next job may start


def _score(workspace: Workspace, options: argparse.Namespace) -> int:
    path = workspace.scoring_dir(options.scoring) / "worker.lock"
    with FileLock.adopt(path, options.lock_fd):
        job = _ProgressWriter(workspace, read_scoring(workspace, options.scoring))
        try:
            with load_bundle(job.job.bundle) as bundle:
                done = score_file(
                    bundle,
                    Path(job.job.source),
                    Path(job.job.to),
                    table=job.job.table,
                    for_spreadsheets=job.job.for_spreadsheets,
                    level=job.job.level,
                    on_progress=job,
                )
            progress = replace(job.job.progress, remaining_s=0.0, notes=done.notes)
            job.end(replace(job.job, status="finished", progress=progress))
            drop_upload(workspace, Path(job.job.source))
        except LitmusError as error:
            job.end(replace(job.job, status="failed", message=error.message, hint=error.hint))
            return 1
        except Exception as error:
            reason = f"This is a bug, or the machine failed: {type(error).__name__}: {error}".splitlines()[0]
            job.end(
                replace(job.job, status="failed", message=reason, hint=f"See {path.with_name('worker.log')}.")
            )
            raise
    return 0


class _ProgressWriter:
    """Writes the progress from time to time."""

    def __init__(self, workspace: Workspace, job: ScoringJob) -> None:
        self.job = job
        self._workspace, self._said = workspace, 0.0

    def __call__(self, scoring: Scoring) -> None:
        self.job = replace(
            self.job,
            progress=replace(
                self.job.progress,
                n_done=scoring.n_done,
                n_rows=scoring.n_rows,
                rows_per_s=scoring.rows_per_s,
                remaining_s=scoring.remaining_s,
                notes=scoring.notes,
            ),
        )
        if time.monotonic() >= self._said + _SAY_EVERY_S:
            self._said = time.monotonic()
            write_scoring(self._workspace, self.job)

    def end(self, job: ScoringJob) -> None:
        """Write the final state."""
        self.job = job
        write_scoring(self._workspace, job)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m litmus_core.jobs.scorer", description=__doc__)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--scoring", required=True)
    parser.add_argument("--lock-fd", type=int, required=True, help="its lock, acquired by the parent")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
