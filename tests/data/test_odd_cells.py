"""Where an option does not fit, the cell that shows it is named, not just the first one."""

from __future__ import annotations

from pathlib import Path

import pytest

from litmus_core.data import import_table
from litmus_core.errors import DataError
from litmus_core.store import Workspace
from litmus_core.types import ReadOptions


@pytest.mark.parametrize(
    ("content", "options", "odd"),
    [
        ("a,b\n1/2/2020,2\n31/12/2020,2\n", ReadOptions(date_order="month first"), "'31/12/2020' in row 2"),
        ("a,b\n1,2\n1.5,2\n", ReadOptions(decimal=","), "'1.5' in row 2"),
    ],
    ids=["date order", "decimal"],
)
def test_the_odd_cell_is_named(workspace: Workspace, tmp_path: Path, content, options, odd):
    (tmp_path / "t.csv").write_text(content)

    with pytest.raises(DataError, match=f"does not fit 'a': it has {odd}"):
        import_table(workspace, tmp_path / "t.csv", options=options)
