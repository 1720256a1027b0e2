"""Checks that read a sample of a large table see rows that belong together, and copies, as in a small one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from litmus_core.checks import evidence_sentences, finding_sentence
from litmus_core.types import CheckReport
from tests.checks.shop import seeds

Checker = Callable[..., CheckReport]


def orders(n_customers: int, n_orders: int, *, spread: float = 0.03) -> pd.DataFrame:
    """Orders of customers whose answer is theirs by chance; those of one customer differ by ``spread``."""
    rng = np.random.default_rng(1)
    customer = np.repeat(np.arange(n_customers), n_orders)
    traits = (
        rng.normal(size=(n_customers, 4))[customer] + rng.normal(scale=1, size=(len(customer), 4)) * spread
    )
    frame = pd.DataFrame(traits, columns=list("abcd"))
    frame["customer"] = [f"C{code * 7_919 % 99_991:05}" for code in customer]
    frame["sold"] = np.where(rng.normal(size=n_customers) > 0, "yes", "no")[customer]
    return frame.sample(frac=1, random_state=0)


def test_rows_of_a_customer_are_found_where_a_sample_holds_one_of_them(check: Checker) -> None:
    (found,) = check(orders(500, 6), target="sold", kinds=["structure"], n_rows=500).of("harmful")
    assert found.columns == ("customer",)
    assert found.fix is not None


def test_copies_are_harmful_where_a_sample_holds_one_of_two(check: Checker) -> None:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(rng.normal(size=(3_000, 4)), columns=list("abcd"))
    frame["sold"] = np.where(frame["a"] + rng.normal(scale=3, size=len(frame)) > 0, "yes", "no")
    copied = pd.concat([frame, frame.head(1_000)]).sample(frac=1, random_state=0)
    (found,) = check(copied, target="sold", kinds=["duplicate_rows"], n_rows=500).findings
    assert found.severity == "harmful"


@pytest.mark.parametrize("seed", seeds(2))
def test_equal_rows_of_a_customer_are_kept_together(check: Checker, seed: int) -> None:
    frame = orders(150, 6, spread=0.0)
    (found,) = check(frame, target="sold", kinds=["structure"], seed=seed).of("harmful")
    assert found.columns == ("customer",)


def test_a_file_that_was_stored_twice_has_copies_and_no_structure(check: Checker) -> None:
    frame = orders(300, 1)
    found = check(pd.concat([frame, frame]), target="sold", kinds=["structure", "duplicate_rows"])
    assert [finding.kind for finding in found.of("harmful")] == ["duplicate_rows"]


def test_copies_are_harmful_where_only_a_model_that_learns_single_rows_gains(check: Checker) -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(rng.normal(size=(2_000, 3)), columns=list("abc"))
    frame["cost"] = frame["a"] + rng.normal(scale=1.2, size=len(frame))
    copied = pd.concat([frame, frame.head(180)]).sample(frac=1, random_state=0)
    (found,) = check(copied, target="cost", kinds=["duplicate_rows"]).findings
    assert found.severity == "harmful", evidence_sentences(found)
    assert "the score is too good" in finding_sentence(found)
