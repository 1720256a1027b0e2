"""Evidence shows cells as the file has them: a plain date has no time of day, wherever it stands."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from litmus_core.checks import evidence_sentences, finding_sentence
from litmus_core.checks._format import short_cell
from litmus_core.types import CheckReport

Checker = Callable[..., CheckReport]


def orders(n_rows: int = 240, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    day = pd.Timestamp("2024-10-09") + pd.to_timedelta(rng.integers(0, 200, n_rows), unit="D")
    shop = rng.choice(["north", "south", "east"], n_rows)
    text = [f"order of {a} and {b} for {c}" for a, b, c in rng.integers(1, 99, (n_rows, 3))]
    return pd.DataFrame(
        {
            "day": day.strftime("%Y-%m-%d"),
            "shop": shop,
            "text": text,
            "size": rng.normal(9, 3, n_rows).round(2),
            "paid": rng.choice(["yes", "no"], n_rows),
        }
    )


def shown(report: CheckReport) -> str:
    return " ".join(
        cell for each in report.findings if each.table for row in each.table.rows for cell in row
    ) + " ".join(
        said for each in report.findings for said in (finding_sentence(each), *evidence_sentences(each))
    )


@pytest.mark.parametrize("kind", ["duplicate_rows", "conflicting_labels", "near_duplicates"])
def test_no_plain_date_has_a_time_of_day_in_evidence(check: Checker, kind: str) -> None:
    frame = orders()
    more = frame.head(60).copy()
    if kind == "conflicting_labels":
        more["paid"] = np.where(more["paid"] == "yes", "no", "yes")
    if kind == "near_duplicates":
        more["text"] = more["text"] + "."
    report = check(pd.concat([frame, more]), target="paid", kinds=[kind])

    assert "202" in shown(report)
    assert "00:00:00" not in shown(report)


@pytest.mark.parametrize("kind", ["overlap", "shift"])
def test_nor_where_the_table_is_held_against_test_rows(check: Checker, kind: str) -> None:
    frame = orders()
    test = frame.head(80).copy()
    if kind == "shift":
        test["day"] = "2026-03-02"
    report = check(frame, test=test, target="paid", kinds=[kind])

    assert "202" in shown(report)
    assert "00:00:00" not in shown(report)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (pd.Timestamp("2024-10-09"), "2024-10-09"),
        (pd.Timestamp("2024-10-09 08:30"), "2024-10-09 08:30:00"),
        (pd.NaT, ""),
        (None, ""),
        (12.0, "12"),
        (True, "true"),
    ],
)
def test_a_cell_reads_as_a_file_has_it(value: object, text: str) -> None:
    assert short_cell(value) == text
