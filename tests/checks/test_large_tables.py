"""Checks that read a sample of a large table see rows that belong together, and copies, as in a small one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from litmus_core.checks import evidence_sentences, finding_sentence
from litmus_core.checks._similarity.rows import share_of_all
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


def with_near_copies(n_rows: int, n_copies: int) -> pd.DataFrame:
    """Rows of chance, the first of which come again with one other number."""
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(rng.normal(size=(n_rows, 4)).round(5), columns=list("abcd"))
    copies = frame.head(n_copies).assign(d=rng.normal(size=n_copies).round(5))
    return pd.concat([frame, copies]).sample(frac=1, random_state=0)


def test_all_near_duplicates_of_a_table_somewhat_larger_than_the_sample_are_found(check: Checker) -> None:
    (found,) = check(with_near_copies(2_000, 200), kinds=["near_duplicates"], n_rows=500).findings
    assert found.n_rows == 400
    assert found.fix is not None
    assert len(found.fix.rows) == 200
    assert finding_sentence(found).startswith("400 rows (18 %) are near-duplicates")


def test_the_share_of_near_duplicates_is_estimated_where_a_sample_holds_few_pairs(check: Checker) -> None:
    (found,) = check(with_near_copies(19_000, 1_000), kinds=["near_duplicates"], n_rows=500).findings
    assert found.score == pytest.approx(0.1, abs=0.04)
    assert finding_sentence(found).startswith("About ")
    assert "2,500 rows compared" in evidence_sentences(found)[0]


@pytest.mark.parametrize("n_copies", [2, 4, 12])
def test_a_sample_tells_how_many_rows_have_copies(n_copies: int) -> None:
    group = np.concatenate([np.repeat(np.arange(10_000), n_copies), np.arange(10_000, 300_000)])
    read = np.random.default_rng(0).permutation(group)[: len(group) // 5]
    share = 10_000 * n_copies / len(group)
    assert share_of_all(np.unique(read, return_inverse=True)[1], read=0.2) == pytest.approx(share, rel=0.15)
