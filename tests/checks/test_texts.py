"""Findings are facts: the words are those of today, and a plain text is said as it is."""

from __future__ import annotations

import pytest

from litmus_core.checks import check_kinds, finding_sentence
from litmus_core.checks._texts import TEXTS
from litmus_core.types import Finding, Statement

FEW = Finding(kind="few_rows", severity="hint", statement=Statement.of("few_rows", "few", n_rows=1))


def test_a_stored_finding_speaks_the_words_of_today(monkeypatch: pytest.MonkeyPatch) -> None:
    assert finding_sentence(FEW).startswith("1 row is few to learn from.")
    monkeypatch.setitem(TEXTS, "few_rows", {"few": "Only {n_rows:count row}."})
    assert finding_sentence(FEW) == "Only 1 row."


def test_a_plain_text_is_said_as_it_is() -> None:
    plain = Finding(kind="mine", severity="hint", statement=Statement.plain("{a} costs 5 %|10 %."))
    assert finding_sentence(plain) == "{a} costs 5 %|10 %."


@pytest.mark.parametrize("facts", [{}, {"n_rows": None}])
def test_a_sentence_without_its_fact_is_refused(facts: dict[str, None]) -> None:
    lacking = Finding(kind="few_rows", severity="hint", statement=Statement.of("few_rows", "few", **facts))
    with pytest.raises((KeyError, ValueError)):
        finding_sentence(lacking)


def test_only_checks_and_what_they_share_have_words() -> None:
    shared = {"plain", "comparison", "near_duplicate_names"}  # said of categories and of labels
    assert set(TEXTS) - shared == set(check_kinds()) - {"near_duplicate_categories", "near_duplicate_labels"}
