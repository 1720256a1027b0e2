"""Live handles of the runs of one call, with a common leaderboard."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from litmus_core.errors import TrainingError, UsageError
from litmus_core.experiments._api.handles.handle import TrainingHandle, run_sentence
from litmus_core.experiments._api.handles.leaderboard import board_row, table_html
from litmus_core.experiments._studio import Studio

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = ("data", "run", "name", "validation", "test", "latency_p95_ms", "size_mb", "chosen")


class TrainingHandles(Sequence[TrainingHandle]):
    """The live runs of a call, in the order of the request; they do not depend on the handles."""

    def __init__(self, handles: Sequence[TrainingHandle]) -> None:
        self._handles = tuple(handles)

    @property
    def studio(self) -> Studio:
        """The studio of the runs."""
        return self._handles[0].studio

    def __len__(self) -> int:
        return len(self._handles)

    def __getitem__(self, place: Any) -> Any:
        return self._handles[place]

    def __iter__(self) -> Iterator[TrainingHandle]:
        return iter(self._handles)

    def wait(self, timeout_s: float | None = None, *, progress: bool | None = None) -> TrainingHandles:
        """Wait until all runs are over; BusyError after ``timeout_s``.

        Raises TrainingError at the end if one failed; the others' results are available.
        """
        ends = None if timeout_s is None else time.monotonic() + timeout_s
        failed = []
        for handle in self._handles:
            left = None if ends is None else max(0.0, ends - time.monotonic())
            try:
                handle.wait(left, progress=progress)
            except TrainingError as error:
                failed.append(f"{self._data_title(handle)}: {error.message}")
        if failed:
            raise TrainingError(
                " ".join(failed), hint=f"{len(self) - len(failed)} of {len(self)} runs have results."
            )
        return self

    def stop(self, *, hard: bool = False) -> None:
        """Stop all unfinished runs, and keep the best model of each so far."""
        for handle in self._handles:
            with suppress(UsageError):  # it has ended already
                handle.stop(hard=hard)

    def leaderboard(self) -> pd.DataFrame:
        """All candidates in one table, grouped by data set and run."""
        from litmus_core.experiments._api.handles.leaderboard_frame import LeaderboardFrame

        return LeaderboardFrame(self._rows())

    def _rows(self) -> list[dict[str, Any]]:
        return [
            {"data": handle.data_name, "run": handle.run.title, **board_row(candidate)}
            for handle in self._handles
            for candidate in handle.candidates()
        ]

    def _data_title(self, handle: TrainingHandle) -> str:
        return f"{handle.experiment.name}, {handle.run.title}"

    def _repr_html_(self) -> str:
        table = table_html(
            (
                {"run": self._data_title(handle), "status": handle.run.status, "verdict": _run_text(handle)}
                for handle in self
            ),
            ("run", "status", "verdict"),
        )
        rows = self._rows()
        names = [*_SHOWN, *dict.fromkeys(name for row in rows for name in row if " " in name)]
        return f"<div>{table}<br>{table_html(rows, names)}</div>"

    def __repr__(self) -> str:
        lines = [f"  {self._data_title(handle)} {handle.run.status}: {_run_text(handle)}" for handle in self]
        return "\n".join([f"<TrainingHandles of {len(self)} runs", *lines, ">"])


def _run_text(handle: TrainingHandle) -> str:
    return run_sentence(handle.run)
