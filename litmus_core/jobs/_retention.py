"""Retention: which runs may go when room is needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from litmus_core.store import Store
from litmus_core.types import Run


def retention(
    store: Store,
    *,
    keep_runs: int | None = None,
    older_than_days: float | None = None,
    spared: Iterable[str] = (),
    now: datetime | None = None,
) -> list[Run]:
    """Return the runs that a rule lets go, oldest first; deletes nothing.

    ``keep_runs`` spares the newest of each experiment, ``older_than_days`` those that were queued later
    than that; with both, a run must be spared by neither. Never let go: a run that waits or goes on, one
    with an exported bundle, those that hold an experiment's best candidate, and ``spared``. No rule: no run.
    """
    if keep_runs is None and older_than_days is None:
        return []
    kept = {*spared, *store.leading_runs(), *(bundle.run_id for bundle in store.bundles())}
    newest_first: dict[str, list[Run]] = defaultdict(list)
    for run in store.runs():
        newest_first[run.experiment_id].append(run)
    for runs in newest_first.values():
        kept |= {run.id for run in runs[: keep_runs or 0]}
    since = None
    if older_than_days is not None:
        since = (now or datetime.now(UTC)) - timedelta(days=older_than_days)
    return sorted(
        (
            run
            for runs in newest_first.values()
            for run in runs
            if run.id not in kept
            and run.status not in ("queued", "running")
            and (since is None or datetime.fromisoformat(run.queued_at) < since)
        ),
        key=lambda run: run.queued_at,
    )
