from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from litmus_core.types import CheckReport
from tests.cases import amount
from tests.checks.shop import seeds

Checker = Callable[..., CheckReport]


def visits(n_rows: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    age = rng.normal(45, 12, n_rows).round()
    frame = pd.DataFrame(
        {"age": age, "height": rng.normal(172, 9, n_rows).round(), "clinic": rng.choice(list("ABC"), n_rows)}
    )
    return frame.assign(y=np.where(age + rng.normal(scale=8, size=n_rows) > 48, "yes", "no"))


def test_test_rows_of_older_people_are_harmful_and_age_gives_them_away(check: Checker) -> None:
    test = visits(200, 1)
    test["age"] += 15
    (found,) = check(visits(500, 0), test=test, target="y", kinds=["shift"]).findings
    assert (found.severity, found.columns) == ("harmful", ("age",))
    assert found.table is not None
    assert found.table.rows[0][2].startswith("3")
    assert found.table.rows[0][3].startswith("5")
    assert found.fix is None


def test_a_shift_in_what_says_nothing_about_the_target_can_be_left_out(check: Checker) -> None:
    test = visits(200, 1)
    test["height"] += 30
    (found,) = check(visits(500, 0), test=test, target="y", kinds=["shift"]).findings
    assert found.severity == "warning"
    assert found.fix is not None
    assert (found.fix.kind, found.fix.columns) == ("leave_out", ("height",))


@pytest.mark.parametrize("seed", seeds(4))
def test_rows_drawn_alike_are_not_told_apart(check: Checker, seed: int) -> None:
    train, test = visits(500, 10 + seed), visits(150, 20 + seed)
    assert not check(train, test=test, target="y", kinds=["shift"]).findings


def test_one_of_many_columns_of_noise_is_not_blamed(check: Checker) -> None:
    rng = np.random.default_rng(3)
    n_columns = amount(120, thorough=200)
    frame = pd.DataFrame(rng.normal(size=(400, n_columns)).round(3)).add_prefix("n")
    frame["y"] = rng.choice(["yes", "no"], 400)
    assert not check(frame.head(320), test=frame.tail(80), target="y", kinds=["shift"]).findings


def test_without_test_rows_it_is_not_made(check: Checker) -> None:
    report = check(visits(100, 0), target="y", kinds=["shift"])
    assert [(each.kind, each.lacks, each.reason) for each in report.not_made] == [
        ("shift", "test", "It needs a separate test table.")
    ]
