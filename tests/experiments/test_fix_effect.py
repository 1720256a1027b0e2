"""What a fix does to the score is measured on the rows that remain, before it is applied."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from litmus_core import Studio
from litmus_core.errors import DataError, UsageError
from litmus_core.types import DatasetVersion, Fix

LEAVE = Fix(kind="leave_out", columns=("told",))


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    with Studio.open(tmp_path / "workspace") as studio:
        yield studio


@pytest.fixture
def version(studio: Studio, tmp_path: Path) -> DatasetVersion:
    """A table whose column ``told`` has the answer, and of which 40 rows of 300 have a wrong one."""
    rng = np.random.default_rng(0)
    size = rng.normal(size=300)
    sold = np.where(size + rng.normal(size=300) > 0, "yes", "no")
    told = np.where(sold == "yes", 1.0, 0.0)
    sold[:40] = np.where(sold[:40] == "yes", "no", "yes")
    table = pd.DataFrame({"size": size, "told": told, "sold": sold})
    table.to_csv(tmp_path / "shop.csv", index=False)
    return studio.datasets.import_file(tmp_path / "shop.csv")


def test_leaving_out_the_column_that_has_the_answer_costs_score(studio: Studio, version: DatasetVersion):
    effect = studio.fixes.effect(version.id, LEAVE, target="sold")

    assert effect.before > effect.fixed + 0.05
    assert effect.difference.high < 0
    assert studio.datasets.get(version.id) == version  # nothing was applied


def test_rows_that_mislead_are_not_learned_from_and_not_scored(studio: Studio, version: DatasetVersion):
    wrong = Fix(kind="drop_rows", rows=tuple(range(40)))
    effect = studio.fixes.effect(version.id, wrong, target="sold")

    assert effect.before > 0.9
    assert effect.fixed >= effect.before


def test_what_drops_nothing_or_everything_is_refused(studio: Studio, version: DatasetVersion):
    with pytest.raises(UsageError, match="drops nothing"):
        studio.fixes.effect(version.id, Fix(kind="trim", columns=("sold",)), target="sold")
    all_columns = Fix(kind="leave_out", columns=("size", "told"))
    with pytest.raises(DataError, match="Nothing would be left"):
        studio.fixes.effect(version.id, all_columns, target="sold")
