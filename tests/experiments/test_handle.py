"""The live handle: what its call reads before anything is trained."""

from __future__ import annotations

import pytest

from litmus_core import Data, train
from litmus_core.errors import DataError
from litmus_core.experiments import Studio
from litmus_core.experiments._api.tables import import_any
from litmus_core.types import DatasetVersion

MAIN = "code,size,sold\n" + "".join(
    f"{'3a' if row == 9 else row},{row * 7},{'yes' if row % 2 else 'no'}\n" for row in range(60)
)


@pytest.fixture
def main(tmp_path):
    (tmp_path / "main.csv").write_text(MAIN)
    return tmp_path / "main.csv"


def test_own_files_are_read_with_the_types_of_the_main_file(main, tmp_path):
    (tmp_path / "own.csv").write_text("code,size,sold\n100,1,yes\n200,2,no\n")
    with Studio.open(tmp_path / "workspace") as studio:
        version = import_any(studio, main)
        own = import_any(studio, tmp_path / "own.csv", name="own", like=version)
        assert isinstance(own, DatasetVersion)
        assert [column.storage for column in own.columns] == ["VARCHAR", "BIGINT", "VARCHAR"]
        assert (
            studio.datasets.import_file(tmp_path / "own.csv", name="own").column("code").storage == "BIGINT"
        )


def test_a_value_that_the_main_file_cannot_hold_is_named_before_anything_is_trained(main, tmp_path):
    (tmp_path / "own.csv").write_text("code,size,sold\n100,1,yes\n200,abc,no\n")
    with pytest.raises(DataError, match=r"'size' holds numbers in 'main', but row 2 of 'own.csv' has 'abc'"):
        train(Data(main, test=tmp_path / "own.csv"), "sold", workspace=tmp_path / "workspace")
