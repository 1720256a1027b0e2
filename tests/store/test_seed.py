from __future__ import annotations

from pathlib import Path

from benchmarks.seed import seed_workspace
from litmus_core.store import open_store


def test_a_seeded_workspace_shows_all_there_can_be(tmp_path: Path):
    workspace = seed_workspace(tmp_path / "seeded", n_experiments=30, n_candidates=150)

    with open_store(workspace) as store:
        assert len(store.summaries()) == 30
        assert len(store.candidates()) == 150
        outcomes = {each.verdict.outcome for each in store.summaries() if each.verdict}
        assert outcomes == {"meets", "undecided", "misses narrowly", "misses", "no bar"}
        assert {run.status for run in store.runs()} == {"finished", "stopped", "failed", "interrupted"}
        assert len(store.bundles()) > 0
        assert all((workspace.path / version.path).exists() for version in store.datasets())


def test_the_same_seed_is_the_same_story(tmp_path: Path):
    first, second = (seed_workspace(tmp_path / name, 3, 20, seed=1) for name in ("a", "b"))

    with open_store(first) as one, open_store(second) as other:
        assert one.candidates() == other.candidates()
        assert [each.verdict for each in one.summaries()] == [each.verdict for each in other.summaries()]
