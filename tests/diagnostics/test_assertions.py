"""Assertions are tried on real rows, and what breaks them is counted and said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.diagnostics import check_assertions
from litmus_core.errors import UsageError
from litmus_core.metrics import get_metric
from litmus_core.types import AssertionResult
from litmus_core.verdicts import assertion_text, read_assertion, read_assertions
from tests.diagnostics.fakes import SignPredictor, SumPredictor

ROWS = pd.DataFrame({"a": np.linspace(0.0, 100.0, 400), "b": np.arange(400) % 4, "unused": 1.0})
SIGNS = pd.DataFrame({"signal": np.where(np.arange(400) % 2, 1.0, -1.0), "noise": np.arange(400) % 5})


@dataclass
class Homes(SumPredictor):
    """Predicts a + 10 b; where b is 3, a larger a lowers that from 50 on."""

    def predict_values(self, rows: Any, /) -> Any:
        frame = pd.DataFrame(rows)
        area = frame["a"].to_numpy(dtype=float)
        return np.where((frame["b"] == 3) & (area > 50), 100 - area, area) + 10 * frame["b"].to_numpy()


def tried(text: str, rows: pd.DataFrame = ROWS, predictor: Any = None, **more: Any) -> AssertionResult:
    """Try one assertion."""
    read = [read_assertion(text)]
    (result,) = check_assertions(read, predictor or Homes(), rows, target="price", **more)
    return result


@pytest.mark.parametrize(
    ("text", "state", "sentence"),
    [
        ("rises with a", "broken", "In 100 of 400 rows a larger 'a' lowered 'price'."),
        ("rises with a, except in 25 %", "held", "of 400 rows a larger 'a' lowered 'price'. Up to 25 % may."),
        ("rises with a, except in 24 %", "broken", "lowered 'price'. Only 24 % may."),
        ("falls with a", "broken", "In 400 of 400 rows a larger 'a' raised 'price'."),
        ("rises with b", "broken", "In 180 of 400 rows a larger 'b' lowered 'price'."),
        ("unchanged by unused", "held", "In 400 rows another 'unused' never changed the answer."),
        ("unchanged by b", "broken", "In 400 of 400 rows another 'b' changed the answer."),
        ("between -5 and 130", "held", "In 400 rows 'price' is always between -5 and 130."),
        ("at most 90", "broken", "of 400 rows 'price' is not at most 90."),
    ],
)  # fmt: skip
def test_what_breaks_an_assertion_is_counted(text: str, state: str, sentence: str) -> None:
    result = tried(text)
    assert (result.state, sentence in result.sentence) == (state, True), result.sentence


def test_two_labels_rise_by_their_probability_and_change_by_their_label() -> None:
    rising = tried("rises with signal", SIGNS, SignPredictor())
    falling = tried("falls with signal", SIGNS, SignPredictor())
    assert rising.sentence == "In 400 rows a larger 'signal' never lowered the probability of 'yes'."
    assert falling.n_broken == 400
    assert tried("unchanged by noise", SIGNS, SignPredictor()).state == "held"
    assert tried("unchanged by signal", SIGNS, SignPredictor()).n_broken == 400
    never = tried("unchanged by signal", SIGNS, SignPredictor(threshold=0.95))
    assert never.state == "held"  # the probability moves, the label does not


def test_a_group_is_judged_by_its_own_score() -> None:
    truth = np.where(SIGNS["signal"] > 0, "yes", "no").astype(object)
    truth[SIGNS["noise"] == 2] = "no"  # half of that group is wrong
    prediction = SignPredictor().predict_proba(SIGNS)
    more = {"truth": truth, "prediction": prediction, "metric": get_metric("accuracy")}
    good = tried("accuracy>=0.9 where noise is 1", SIGNS, SignPredictor(), **more)
    bad = tried("accuracy>=0.9 where noise is 2", SIGNS, SignPredictor(), **more)
    near = tried("accuracy>=0.5 where noise is 2", SIGNS, SignPredictor(), **more)
    nobody = tried("accuracy>=0.5 where noise is 7", SIGNS, SignPredictor(), **more)

    assert [result.state for result in (good, bad, near, nobody)] == ["held", "broken", "open", "open"]
    assert bad.sentence.startswith("Where 'noise' is '2', the model is right 50")
    assert bad.sentence.endswith("80 rows): accuracy >= 0.9 is not met.")
    assert nobody.sentence == "Too few rows to tell: 0 rows, and 50 are needed."


def test_few_rows_prove_nothing() -> None:
    assert tried("rises with a", ROWS.head(49)).state == "open"


def test_assertions_are_read_as_they_are_written() -> None:
    lines = [
        "# homes",
        "assertions:",
        "  - rises with area",
        "- 'between 0 and 1e6'",
        "",
        "at least 0  # too",
    ]
    texts = [assertion_text(one) for one in read_assertions(lines)]
    assert texts == ["rises with area", "between 0 and 1000000", "at least 0"]
    for text in ("rmse<=3 where kind of home is flat", "unchanged by sex, except in 0.5 %", "at most 9"):
        assert assertion_text(read_assertion(text)).replace(" <= ", "<=") == text
    for wrong in ("rises", "rises with a, except in 100 %", "between 1", "accuracy where a is b", "a is b"):
        with pytest.raises(UsageError):
            read_assertion(wrong)
