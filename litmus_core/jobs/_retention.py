"""Retention rules: which runs may be deleted to free space."""

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
    """Return the runs that a rule allows to delete, oldest first; deletes nothing.

    ``keep_runs`` keeps the newest of each experiment, ``older_than_days`` those queued later than that; with
    both, a run is deleted only if neither keeps it. Always kept are queued and running runs, those with an
    exported bundle, those with an experiment's best candidate, and ``spared``. Without a rule, no run is
    returned.
    """
    if keep_runs is None and older_than_days is None:
        return []
    spared_ids = {*spared, *store.leading_runs(), *(bundle.run_id for bundle in store.bundles())}
    newest_first: dict[str, list[Run]] = defaultdict(list)
    for run in store.runs():
        newest_first[run.experiment_id].append(run)
    for runs in newest_first.values():
        spared_ids |= {run.id for run in runs[: keep_runs or 0]}
    since = None
    if older_than_days is not None:
        since = (now or datetime.now(UTC)) - timedelta(days=older_than_days)
    return sorted(
        (
            run
            for runs in newest_first.values()
            for run in runs
            if run.id not in spared_ids
            and run.status not in ("queued", "running")
            and (since is None or datetime.fromisoformat(run.times.queued_at) < since)
        ),
        key=lambda run: run.times.queued_at,
    )
