"""A leaderboard prints whole lines, whatever the width."""

from __future__ import annotations

import pandas as pd
import pytest

from litmus_core.experiments._api.handles.leaderboard_frame import LeaderboardFrame


@pytest.fixture
def board() -> LeaderboardFrame:
    row = {"candidate": "run_1-lightgbm", "name": "Fast boosted trees (LightGBM)", "validation": 1.912}
    row |= {"test": 1.834, "latency_p95_ms": 0.03605, "size_mb": 0.05558, "chosen": True, "fit_s": 2.0}
    return LeaderboardFrame([row, row | {"name": "Ensemble", "test": None, "chosen": False}])


@pytest.mark.parametrize(
    ("width", "columns", "name"),
    [
        (100, ["name", "validation", "test", "latency_p95_ms", "size_mb", "chosen"], "(LightGBM)"),
        (78, ["name", "validation", "test", "latency_p95_ms", "chosen"], "(LightGBM)"),
        (60, ["name", "validation", "test", "chosen"], "(LightGBM)"),
        (40, ["name", "validation"], "Fast boosted trees"),
        (30, ["name", "validation"], "Fast boosted tree…"),
    ],
)
def test_no_line_of_models_is_wrapped(
    board: LeaderboardFrame, width: int, columns: list[str], name: str
) -> None:
    with pd.option_context("display.width", width):
        header, first, second, *more = repr(board).splitlines()
    assert header.split() == columns
    assert max(map(len, (header, first, second))) <= width
    assert name in first
    assert "Ensemble" in second
    assert ("size_mb" in " ".join(more)) == ("size_mb" not in columns)


def test_a_long_name_is_shortened_before_scores_are_left_out(board: LeaderboardFrame) -> None:
    long = board.assign(name=[f"{name}, on all rows, then Floor and round" for name in board["name"]])
    header, first, *_ = repr(long).splitlines()
    assert header.split() == ["name", "validation", "test", "chosen"]
    assert "1.834" in first
    assert "…" in first
