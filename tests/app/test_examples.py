"""The examples that the Plug-ins page writes: those that no other test takes from the guides."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.examples import examples
from litmus_core.testing import check_file


@pytest.mark.parametrize("point", ["algorithm", "postprocess"])
def test_the_example_keeps_its_word(point: str, tmp_path: Path) -> None:
    example = next(each for each in examples() if each.point == point)
    file = tmp_path / example.file
    file.write_text(example.text)

    (report,) = check_file(file)

    assert (report.point, report.passed) == (point, True), report.reason
