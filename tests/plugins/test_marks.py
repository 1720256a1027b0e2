"""Decorators mark and change nothing; references are read as people write them."""

from __future__ import annotations

import pytest

from litmus_core.errors import UsageError
from litmus_core.plugins import Mark, metric, preprocessor, read_part


def test_a_decorator_is_used_bare_or_with_words() -> None:
    @preprocessor
    class Bare: ...

    @preprocessor(title="Caps", when="Prices run away", version="2")
    class Told: ...

    assert Bare.__litmus__ == Mark(point="preprocess")  # type: ignore[attr-defined]
    assert Told.__litmus__ == Mark(  # type: ignore[attr-defined]
        point="preprocess", title="Caps", when="Prices run away", version="2"
    )


def test_a_metric_fits_what_it_needs_unless_it_says_more() -> None:
    @metric(needs="values", greater_is_better=False, low=0)
    def loss(truth: object, answer: object) -> float:
        return 0.0

    mark = loss.__litmus__  # type: ignore[attr-defined]
    assert mark.facts["problem_types"] == ("regression",)
    assert loss(1, 2) == 0.0


@pytest.mark.parametrize(
    ("text", "reference", "parameters"),
    [
        ("cap", "cap", ()),
        ("a/caps.py:Cap(low=-1.5, on=true, column=price)", "a/caps.py:Cap",
         (("low", -1.5), ("on", True), ("column", "price"))),
        ("pkg:Cap(name='a, b', none=None)", "pkg:Cap", (("name", "a, b"), ("none", None))),
    ],
)  # fmt: skip
def test_a_part_is_read_with_its_parameters(text: str, reference: str, parameters: object) -> None:
    part = read_part("preprocess", text)
    assert (part.reference, part.parameters) == (reference, parameters)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cap(low=0", "names no plug-in"),
        ("(low=0)", "names no plug-in"),
        ("cap(0)", "needs its name"),
        ("cap(low=0, low=1)", "gives low twice"),
        ("cap(low=)", "cannot be read"),
        ("cap(low=[1])", "neither a number nor a text"),
        ("cap(low=1e999)", "not a finite number"),
        ("cap(**{})", "needs its name"),
        ("cap(low=open('x'))", "neither a number nor a text"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_part("preprocess", text)
