from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from litmus_core.types import CheckReport

Checker = Callable[..., CheckReport]


def flowers(n_rows: int = 360, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 3, n_rows)
    return pd.DataFrame(
        {
            "petal": kind * 2 + rng.normal(scale=0.3, size=n_rows),
            "sepal": kind + rng.normal(scale=0.4, size=n_rows),
            "kind": np.array(["rose", "tulip", "iris"])[kind],
        }
    )


def test_labels_that_were_swapped_are_shown_with_the_likely_one(check: Checker) -> None:
    frame = flowers()
    wrong = np.flatnonzero(frame["kind"] == "rose")[:8]
    frame.loc[wrong, "kind"] = "iris"
    (found,) = check(frame, target="kind", kinds=["suspicious_labels"]).findings
    assert found.severity == "warning"
    assert found.fix is not None
    assert found.fix.kind == "drop_rows"
    assert len(set(found.fix.rows) & set(wrong.tolist())) >= 7
    assert len(found.fix.rows) <= 12
    assert found.table is not None
    assert sum(row[1:3] == ("iris", "rose") for row in found.table.rows) >= 7
    assert "%" in found.table.rows[0][3]


def test_a_model_that_knows_nothing_suspects_nothing(check: Checker) -> None:
    frame = flowers()
    frame["kind"] = np.random.default_rng(1).permutation(frame["kind"])
    assert not check(frame, target="kind", kinds=["suspicious_labels"]).findings


def test_a_number_with_a_slipped_point_is_shown_with_what_was_expected(check: Checker) -> None:
    rng = np.random.default_rng(2)
    size = rng.uniform(30, 200, 400)
    frame = pd.DataFrame({"size": size, "rent": (size * 12 + rng.normal(scale=60, size=400)).round()})
    frame = frame.sort_values("size", ignore_index=True)
    frame.loc[[380, 390], "rent"] = (frame.loc[[380, 390], "rent"] / 10).round()
    frame = frame.sample(frac=1, random_state=0, ignore_index=True)
    (found,) = check(frame, target="rent", kinds=["suspicious_labels"]).findings
    assert found.n_rows == 2
    assert found.table is not None
    assert "about 2" in found.table.rows[0][2]
