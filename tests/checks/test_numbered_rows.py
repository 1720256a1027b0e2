"""A column that only numbers the rows of a file tells no time by itself."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from litmus_core.checks import finding_sentence
from litmus_core.types import CheckReport
from tests.panels import wages_of_people

Checker = Callable[..., CheckReport]


def test_a_number_of_the_rows_in_a_file_is_no_time_by_itself(check: Checker) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"rownames": np.arange(1, 801), "size": rng.normal(size=800)})
    frame["price"] = frame["size"] + 8 * (frame["rownames"] // 100 % 3) + rng.normal(size=800)
    (found,) = check(frame, target="price", kinds=["structure"]).findings
    assert (found.severity, found.columns) == ("warning", ("rownames",))
    said = (
        "'rownames' only numbers the rows, and answers change along them. If the rows are in order of time, a"
    )
    assert finding_sentence(found).startswith(said)


def test_a_number_of_rows_sorted_by_their_groups_is_not_said_beside_the_groups(check: Checker) -> None:
    frame = wages_of_people("nr").sort_values("nr", kind="stable", ignore_index=True)
    frame["rownames"] = np.arange(len(frame))
    report = check(frame, target="wage", kinds=["structure"])
    assert [each.columns for each in report.findings if each.severity != "hint"] == [("nr",)]
