"""The end of a run whose process is killed while it fits the final model: its verdict already stands."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from litmus_core.errors import reading
from litmus_core.types import FinalModelLeftOut, RunEnded, from_plain, to_plain

_FILE = "worker.ended.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingEnd:
    """The end of a run whose candidate was being fitted again on ``n_rows`` rows."""

    ended: RunEnded
    candidate_id: str
    n_rows: int

    def cut_short(self, why: str) -> tuple[FinalModelLeftOut, RunEnded]:
        """Return the facts that end the run without its final model."""
        sentence = left_out_sentence(self.n_rows, why)
        ended = replace(
            self.ended,
            message=f"{self.ended.message} {sentence}".strip(),
            left_out=(*self.ended.left_out, sentence),
        )
        return FinalModelLeftOut(candidate_id=self.candidate_id, reason=sentence), ended


def left_out_sentence(n_rows: int, reason: str) -> str:
    """Return the sentence that explains why there is no model of all rows.

    >>> left_out_sentence(4_000, "its time was over")
    'The model was not trained again on all 4,000 rows: its time was over.'
    >>> left_out_sentence(4_000, "Linear model did not finish: its time was too short.")
    'The model was not trained again on all 4,000 rows. Linear model did not finish: its time was too short.'
    """
    mark = "." if reason[:1].isupper() else ":"
    return f"The model was not trained again on all {n_rows:,} rows{mark} {reason.rstrip('.')}."


def write_pending_end(folder: Path, pending: PendingEnd) -> None:
    """Store how the run in ``folder`` ends."""
    partial = folder / f"{_FILE}.partial"
    partial.write_text(json.dumps(to_plain(pending)), encoding="utf-8")
    partial.replace(folder / _FILE)


def read_pending_end(folder: Path) -> PendingEnd | None:
    """Return how the run in ``folder`` ends; None if nothing was stored."""
    path = folder / _FILE
    if not path.exists():
        return None
    with reading(path):
        return from_plain(PendingEnd, json.loads(path.read_text(encoding="utf-8")))


def drop_pending_end(folder: Path) -> None:
    """Remove the stored end: the run goes on, or has ended regularly."""
    (folder / _FILE).unlink(missing_ok=True)
