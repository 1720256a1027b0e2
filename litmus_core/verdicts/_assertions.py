"""Parse assertions that people write, and describe whether they held."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from litmus_core.errors import UsageError
from litmus_core.metrics import get_metric, parse_bar
from litmus_core.text import format_count, format_score, format_share
from litmus_core.types import Assertion, AssertionResult
from litmus_core.verdicts._texts import ASSERTIONS

_NUMBER = r"([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)"
_ALLOWED = re.compile(rf"^(.*?),? except in {_NUMBER} ?%$")
_MOVES = re.compile(r"^(rises|falls) with (.+)$")
_UNCHANGED = re.compile(r"^unchanged by (.+)$")
_RANGE = re.compile(rf"^(?:between {_NUMBER} and {_NUMBER}|at least {_NUMBER}|at most {_NUMBER})$")
_GROUP = re.compile(r"^(.+?) where (.+?) is (.+)$")


def read_assertion(text: str) -> Assertion:
    """Parse an assertion; raises UsageError for an invalid text.

    >>> read_assertion("rises with area, except in 5 %").allowed
    0.05
    >>> read_assertion("unchanged by gender").column, read_assertion("between 0 and 9").high
    ('gender', 9.0)
    >>> read_assertion("accuracy>=0.8 where region is north").value
    'north'
    """
    plain, allowed = " ".join(text.split()), 0.0
    if match := _ALLOWED.match(plain):
        plain, allowed = match[1], float(match[2]) / 100
    if match := _MOVES.match(plain):
        kind = "rises" if match[1] == "rises" else "falls"
        return Assertion(kind=kind, column=match[2], allowed=_share(allowed, text))  # type: ignore[arg-type]
    if match := _UNCHANGED.match(plain):
        return Assertion(kind="unchanged", column=match[1], allowed=_share(allowed, text))
    if match := _RANGE.match(plain):
        low, high = (_first(match[1], match[3]), _first(match[2], match[4]))
        return Assertion(kind="range", low=low, high=high, allowed=_share(allowed, text))
    if (match := _GROUP.match(plain)) and not allowed:
        return Assertion(kind="group", column=match[2], value=match[3], bar=parse_bar(match[1]))
    raise _unreadable(text)


def _share(allowed: float, text: str) -> float:
    if not 0.0 <= allowed < 1.0:
        raise _unreadable(text)
    return allowed


def _first(*numbers: str | None) -> float | None:
    return next((float(number) for number in numbers if number is not None), None)


def _unreadable(text: str) -> UsageError:
    return UsageError(f"'{text}' is not an assertion.", hint=ASSERTIONS["forms"])


def read_assertions(lines: Iterable[str]) -> tuple[Assertion, ...]:
    """Parse one assertion a line, as a plain list or a YAML list; skip empty lines and comments."""
    plain = (line.partition("#")[0].strip() for line in lines)
    texts = (
        text.removeprefix("- ").strip().strip("\"'") for text in plain if text not in ("", "assertions:")
    )
    return tuple(dict.fromkeys(map(read_assertion, texts)))


def assertion_text(assertion: Assertion) -> str:
    """Return an assertion as text that :func:`read_assertion` parses.

    >>> assertion_text(read_assertion("at most 9e3, except in 1 %"))
    'at most 9000, except in 1 %'
    """
    if assertion.kind == "group":
        return f"{assertion.bar} where {assertion.column} is {assertion.value}"
    if assertion.kind == "range":
        text = _range(assertion)
    elif assertion.kind == "unchanged":
        text = f"unchanged by {assertion.column}"
    else:
        text = f"{assertion.kind} with {assertion.column}"
    return f"{text}, except in {100 * assertion.allowed:g} %" if assertion.allowed else text


def _range(assertion: Assertion) -> str:
    low, high = (None if end is None else f"{end:.10g}" for end in (assertion.low, assertion.high))
    if low is None or high is None:
        return f"at most {high}" if low is None else f"at least {low}"
    return f"between {low} and {high}"


def assertion_with_sentence(result: AssertionResult, *, answer: str) -> AssertionResult:
    """Return a result with its sentence; ``answer`` names the model's output: "the probability of 'yes'"."""
    assertion, words = result.assertion, _words(result, answer=answer)
    key = f"{assertion.kind}, {result.state}"
    if result.state == "open" and "does" not in words:
        key = "few rows"
    elif result.state == "held" and result.n_broken:
        key = f"{assertion.kind}, broken"
    sentence = ASSERTIONS[key].format(**words)
    if result.n_broken and assertion.allowed:
        key = "allowed" if result.state == "held" else "not allowed"
        sentence = f"{sentence} {ASSERTIONS[key].format(allowed=format_share(assertion.allowed))}"
    return replace(result, sentence=sentence)


def untested(assertions: Iterable[Assertion]) -> tuple[AssertionResult, ...]:
    """Return the open results of assertions that could not be tested on a model."""
    return tuple(
        AssertionResult(
            assertion=assertion,
            state="open",
            n_rows=0,
            sentence=ASSERTIONS["not tested"].format(assertion=assertion_text(assertion)),
        )
        for assertion in assertions
    )


def _words(result: AssertionResult, *, answer: str) -> dict[str, str]:
    assertion, score = result.assertion, result.score
    words = {
        "column": f"'{assertion.column}'",
        "value": f"'{assertion.value}'",
        "answer": answer,
        "range": _range(assertion),
        "n_rows": format_count(result.n_rows, "row"),
        "n_broken": f"{result.n_broken:,}",
    }
    if score is None or assertion.bar is None:
        return words
    metric, half = get_metric(assertion.bar.metric), (score.high - score.low) / 2
    value, low, high = (
        format_score(end, unit=metric.unit, half_width=half) for end in (score.value, score.low, score.high)
    )
    does = metric.phrase.format(value=value)
    return words | {"does": does, "low": low, "high": high, "bar": str(assertion.bar)}
