"""A run that goes on with an earlier one: rows that moved between parts stop it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from litmus_core.errors import DataError
from litmus_core.jobs._run_data import RunData
from litmus_core.jobs._stages.warm_start import check_parts

WERE = [0, 0, 1, 2]


def data(parts: list[int]) -> RunData:
    frame = pd.DataFrame({"x": range(len(parts))})
    return RunData(frame=frame, part=np.array(parts), block=None, columns=(), target="x")


def kept(folder: Path) -> Path:
    pd.DataFrame({"part": WERE}).to_parquet(folder / "parts.parquet")
    return folder


def test_rows_that_keep_their_parts_are_fine_whatever_new_ones_do(tmp_path: Path) -> None:
    check_parts(kept(tmp_path), data([*WERE, 2, 0]), n_before=4)


def test_a_test_row_that_would_be_learned_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="1 rows would be in another part than before"):
        check_parts(kept(tmp_path), data([0, 0, 1, 0, 2]), n_before=4)


def test_a_run_without_its_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="were removed"):
        check_parts(tmp_path, data(WERE), n_before=4)
