from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litmus_core.recipes import FLAGS, NUMBERS, Condition
from litmus_core.recipes._conditions import read_condition
from litmus_core.recipes._file.problems import RecipePartError
from litmus_core.recipes._node import Node


def read(text: str) -> Condition:
    return read_condition(Node(text, 7, 11, plain=True))


FACTS = {
    "score": 0.88, "bar": 0.9, "gap": 0.02, "rows": 800, "latency": None, "bar met": False, "too slow": None,
    "held back": True, "recall:Fridges": 0.5, "recall:bar met": 1.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("score < bar - 0.01", True),
        ("score < bar - 0.05", False),
        ("not bar met", True),
        ("bar met", False),
        ("not bar met and rows > 500", True),
        ("rows > 1000 or gap >= 0.02", True),
        ("0 < gap < 0.03", True),
        ("0.5 < gap < latency", False),
        ("latency > 5", None),
        ("latency > 5 or not bar met", True),
        ("latency > 5 and bar met", False),
        ("latency > 5 and not bar met", None),
        ("not too slow", None),
        ("held back and not bar met", True),
        ("not held back", False),
        ("-gap < 0", True),
        ("score / bar > 0.97", True),
        ("score / (bar - bar) > 1", None),
        ('recall("Fridges") < 0.8', True),
        ("recall('bar met') == 1", True),
        ('precision("Fridges") < 0.8', None),
        ("true", True),
        ("not bar met and false", False),
        ("true and not bar met", True),
        ("True", True),
    ],
)
def test_conditions_are_judged_by_what_is_known(text, holds):
    assert read(text).judge(FACTS).holds is holds


def test_why_names_the_numbers_that_were_looked_at():
    why = read('score < bar - 0.01 and rows > 500 and recall("Fridges") < 1 and latency < 3').judge(FACTS).why

    assert why == (
        "score is 0.88, bar is 0.9, rows is 800, recall of 'Fridges' is 0.5, latency is not known yet"
    )


@pytest.mark.parametrize(
    ("text", "said", "column"),
    [
        ("scor < 1", "Did you mean 'score'?", 11),
        ("score < 1 and siz > 2", "Did you mean 'size'?", 25),
        ("bar meet", "is not a condition", 15),
        ("score", "is a number, and neither true nor false", 11),
        ("score + 1", "is a number", 11),
        ("score = 1", "Compare with ==, not =.", 17),
        ("bar met > 1", "'bar met' is not a number", 11),
        ("not score", "'score' is not true or false", 15),
        ("recall(Fridges) < 1", 'Write recall("its label").', 11),
        ("recal('x') < 1", "Did you mean 'recall'?", 11),
        ("__import__('os').system('true') == 0", "cannot stand in a condition", 11),
        ("open('x') == 0", "There is no thing that a condition knows called 'open'", 11),
        ("score.real > 1", "cannot stand in a condition", 11),
        ("[1][0] > 0", "cannot stand in a condition", 11),
        ("(lambda: 1)() > 0", "cannot stand in a condition", 11),
        ("score ** 99999999 > 1", "cannot stand in a condition", 11),
        ("score if bar met else bar", "cannot stand in a condition", 11),
        ("score in [1]", "cannot stand in a condition", 11),
        ("(score := 1) > 0", "cannot stand in a condition", 12),
        ("f'{score}' > 0", "cannot stand in a condition", 11),
        ("'a' < 'b'", "cannot stand in a condition", 11),
        ("1j > 0", "cannot stand in a condition", 11),
        ("score < '\\d'", "This is not a condition.", 11),
        ("(" * 300 + "1" + ")" * 300, "This is not a condition.", 11),
        ("", "This is not a condition.", 11),
    ],
)
def test_what_the_grammar_lacks_is_refused_with_its_place(text, said, column):
    with pytest.raises(RecipePartError) as raised:
        read(text)

    (problem,) = raised.value.problems
    assert said in str(problem)
    assert (problem.line, problem.column) == (7, column)


@given(st.text(max_size=60))
def test_whatever_is_written_is_a_condition_or_a_problem(text):
    try:
        condition = read(text)
    except RecipePartError as error:
        assert error.problems  # noqa: PT017 - either is fine
    else:
        assert condition.judge({}).holds in (True, False, None)


@given(
    st.dictionaries(st.sampled_from(sorted(NUMBERS)), st.floats(allow_nan=False)),
    st.dictionaries(st.sampled_from(sorted(FLAGS)), st.booleans()),
)
def test_what_is_known_can_only_settle_what_was_open(numbers, flags):
    condition = read("(score < bar or gap > 0.1) and not bar met or too slow and latency * 2 > size - 1")

    before = condition.judge({}).holds
    after = condition.judge({**numbers, **flags}).holds

    assert before is None
    everything = dict.fromkeys(NUMBERS, 1.0) | numbers | dict.fromkeys(FLAGS, False) | flags
    assert condition.judge(everything).holds is not None
    if after is not None:
        assert condition.judge(everything).holds is after
