"""The end of a run says which rows trained: in folds, all that are not test rows."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from litmus_core.jobs._stages import evaluate


def parts_of(n_train: int, n_validation: int, n_test: int) -> Any:
    sizes = {"train": n_train, "validation": n_validation, "test": n_test}
    return SimpleNamespace(index=lambda part: np.arange(sizes[part]), note="1 row was set aside.", outer=None)


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ({"fold": np.array([0, 1, 2, 0])}, "1,200 rows train and validate in 3 folds, 300 test."),
        ({"folds": np.array(0)}, "960 rows train, 240 validate, 300 test."),
    ],
)
def test_a_run_in_folds_speaks_of_its_folds(kept: Any, said: str, tmp_path: Path) -> None:
    np.savez(tmp_path / "rows.npz", **kept)
    context: Any = SimpleNamespace(folder=tmp_path)

    assert evaluate._split_text(context, parts_of(960, 240, 300), 300) == said
