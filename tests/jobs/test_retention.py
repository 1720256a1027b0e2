from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from litmus_core.jobs import retention
from litmus_core.store import Journal, Store, Workspace, open_store
from litmus_core.types import (
    BundleExported,
    CandidateScored,
    CandidateTrained,
    Fact,
    RunEnded,
    RunJudged,
)
from tests.store import facts

NOW = datetime(2026, 2, 1, tzinfo=UTC)


def tell(journal: Journal, run: int, day: int, *, score: float = 0.5, more: tuple[Fact, ...] = ()) -> None:
    run_id = f"run_{run}"
    journal._clock = lambda: f"2026-01-{day:02d}T00:00:00.000000+00:00"
    journal.append(
        facts.queued(run_id, number=run),
        CandidateTrained(candidate=facts.candidate(run_id=run_id)),
        CandidateScored(candidate_id=f"{run_id}-a", validation=facts.score(score)),
        RunEnded(run_id=run_id, status="finished"),
        *more,
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Five runs on five days: the best, the judged, one with a bundle, a plain one, and one that waits."""
    workspace = Workspace(tmp_path / "workspace").create()
    journal = Journal(workspace)
    tell(journal, 1, 1, score=0.9)
    tell(journal, 2, 2, more=(RunJudged(run_id="run_2", candidate_id="run_2-a", verdict=facts.verdict()),))
    tell(journal, 3, 3, more=(BundleExported(bundle=facts.bundle(run_id="run_3")),))
    tell(journal, 4, 4)
    tell(journal, 5, 20)
    journal.append(facts.queued("run_6", number=6))
    journal.close()
    with open_store(workspace) as store:
        yield store


def ids(runs: list) -> list[str]:
    return [run.id for run in runs]


def test_without_a_rule_nothing_goes(store: Store):
    assert retention(store) == []


def test_the_best_the_judged_the_bundled_and_the_waiting_stay(store: Store):
    assert ids(retention(store, older_than_days=0, now=NOW)) == ["run_4", "run_5"]


def test_the_newest_stay(store: Store):
    assert ids(retention(store, keep_runs=1)) == ["run_4", "run_5"]
    assert ids(retention(store, keep_runs=2)) == ["run_4"]
    assert ids(retention(store, keep_runs=3)) == []


def test_the_young_stay(store: Store):
    assert ids(retention(store, older_than_days=15, now=NOW)) == ["run_4"]


def test_with_both_rules_a_run_goes_when_neither_spares_it(store: Store):
    assert ids(retention(store, keep_runs=1, older_than_days=15, now=NOW)) == ["run_4"]
    assert ids(retention(store, keep_runs=3, older_than_days=0, now=NOW)) == []
