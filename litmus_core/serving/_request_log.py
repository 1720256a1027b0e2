"""An endpoint's log on disk: its counts, and sampled rows with their predictions."""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.errors import LitmusError
from litmus_core.serving._metrics import Metrics

if TYPE_CHECKING:
    from litmus_core.serving._outcomes import AnswerCollector

MAX_WAITING = 1_000  # samples between two writes; further ones are dropped and counted
MAX_ROWS = 1_000  # of one request


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLogOptions:
    """The files for ``counts`` (JSON, replaced) and ``samples`` (JSON lines) of a ``sample_rate`` of rows.

    At ``max_bytes`` / 2, ``samples`` is renamed to ``.1``: never more than ``max_bytes`` in all. A rate of 0
    stores no samples. ``predictions`` is the SQLite file of answers, which are joined with outcomes; None
    stores none. ``verdict`` is the JSON file of the last live verdict, for ``/metrics``.
    """

    counts: Path
    samples: Path
    predictions: Path | None = None
    verdict: Path | None = None
    sample_rate: float = 0.0
    max_bytes: int = 16 << 20


def write_failure_path(counts: Path) -> Path:
    """Return the file whose existence shows that counts and samples cannot be written."""
    return counts.with_suffix(".trouble")


_Sample = tuple[str, list[Any], list[dict[str, Any]], list[str]]  # time, rows, predictions, their ids


class RequestLog:
    """Log that collects in memory and writes about once a second.

    A full disk costs no answers; samples wait until there is room, up to ``MAX_WAITING`` of them.
    """

    def __init__(
        self,
        plan: RequestLogOptions,
        metrics: Metrics,
        *,
        collector: AnswerCollector | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._plan, self._metrics, self.collector, self._chance = plan, metrics, collector, chance
        self._waiting: list[_Sample] = []
        self._complained = False
        self._trouble = write_failure_path(plan.counts)
        self.state = "answering"

    def sample(
        self, rows: list[Any], predictions: list[dict[str, Any]], ids: list[str] | None = None
    ) -> None:
        """Draw the rows of a request to store, with their predictions and the answers' ``ids``."""
        rate = self._plan.sample_rate
        drawn = [place for place in range(len(rows)) if self._chance() < rate][:MAX_ROWS]
        if not drawn:
            return
        if len(self._waiting) >= MAX_WAITING:
            self._metrics.n_samples_lost += 1
            return
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        drawn_ids = [] if ids is None else [ids[place] for place in drawn]
        picked = [rows[place] for place in drawn], [predictions[place] for place in drawn]
        self._waiting.append((at, *picked, drawn_ids))

    async def write(self) -> None:
        """Write the collected counts and samples, in a separate thread."""
        samples, self._waiting = self._waiting, []
        facts = {"pid": os.getpid(), "state": self.state, **self._metrics.snapshot()}
        waiting = [*await asyncio.to_thread(self._write, facts, samples), *self._waiting]
        self._metrics.n_samples_lost += max(0, len(waiting) - MAX_WAITING)
        self._waiting = waiting[:MAX_WAITING]

    def _write(self, facts: dict[str, Any], samples: list[_Sample]) -> list[_Sample]:
        """Write counts and samples; return the samples that could not be written, for the next try."""
        try:
            try:  # before the counts: a request that is counted has its sample and answers on disk
                if self.collector is not None:
                    self._metrics.n_answers_lost = self.collector.n_lost
                    self.collector.write()
                while samples:
                    samples = samples[self._append(samples) :]
            finally:
                partial = self._plan.counts.with_suffix(".partial")
                partial.write_text(json.dumps(facts), encoding="utf-8")
                partial.replace(self._plan.counts)
            self._trouble.unlink(missing_ok=True)
            self._complained = False
        except (OSError, LitmusError) as error:
            with suppress(OSError):
                self._plan.counts.with_suffix(".partial").unlink(missing_ok=True)
            with suppress(OSError):  # its modification time shows that this server is alive
                os.utime(self._plan.counts)
            with suppress(OSError):  # an empty file fits on a full disk
                self._trouble.touch()
            if not self._complained:
                with suppress(OSError):  # the log may be on the same full disk
                    print(f"Counts and samples cannot be written: {error}.", file=sys.stderr, flush=True)
            self._complained = True
        return samples

    def _line(self, sample: _Sample) -> str:
        at, rows, predictions, ids = sample
        facts = {
            "at": at,
            "version": self._metrics.version,
            "rows": rows,
            "predictions": predictions,
            "ids": ids,
        }
        return json.dumps(facts, ensure_ascii=False, default=str) + "\n"

    def _append(self, samples: list[_Sample]) -> int:
        """Write the first of the samples, as many as a file may hold; return how many are done with."""
        path, half = self._plan.samples, self._plan.max_bytes // 2
        written = bytearray()
        n_done = n_too_large = 0
        for sample in samples:
            line = self._line(sample).encode("utf-8", "replace")
            if len(line) > half:
                n_too_large += 1
            elif len(written) + len(line) > half:
                break
            else:
                written += line
            n_done += 1
        before = path.stat().st_size if path.exists() else 0
        if before + len(written) > half:
            path.replace(path.with_name(f"{path.name}.1"))
            before = 0
        try:
            with path.open("ab") as file:
                file.write(written)
        except OSError:  # half a line would spoil the next one
            if path.is_file() and path.stat().st_size < before + len(written):
                os.truncate(path, before)
            raise
        self._metrics.n_samples_lost += n_too_large
        return n_done
