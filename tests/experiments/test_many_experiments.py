"""A workspace of many experiments asks the store no more often than one of few."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.seed import seed_workspace
from litmus_core.experiments import Studio
from litmus_core.store._analytic.tables import Tables

_FEW, _MANY = 6, 24


@pytest.fixture(scope="module")
def workspaces(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("many")
    return [seed_workspace(folder / f"{n}", n, 3 * n).path for n in (_FEW, _MANY)]


def _n_queries(path: Path, ask: Callable[[Studio], object], monkeypatch: pytest.MonkeyPatch) -> int:
    asked: list[str] = []
    with Studio.open(path) as studio, monkeypatch.context() as counting:
        for name in ("rows", "tuples"):
            read = getattr(Tables, name)
            counting.setattr(
                Tables,
                name,
                lambda self, text, *rest, _read=read: asked.append(text) or _read(self, text, *rest),
            )
        ask(studio)
    return len(asked)


def test_the_first_leaderboard(workspaces: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = (
        _n_queries(path, lambda studio: studio.experiments.summaries(), monkeypatch) for path in workspaces
    )
    with Studio.open(workspaces[1]) as studio:
        assert len(studio.experiments.leading_runs()) > _FEW  # several runs each: they were compared
    assert few == many
