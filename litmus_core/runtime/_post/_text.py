"""A step as text: ``cap(low=0, high=100)``, ``plugins/caps.py:Cap(top=3)``."""

from __future__ import annotations

import json
import re

from litmus_core.errors import UsageError
from litmus_core.types import Part, Scalar

_FORM = "Write a step with its parameters, such as: cap(low=0, high=100), or FILE.py:Class(top=3)."
_TEXT = re.compile(r"\s*([^()=,'\"]+?)\s*(?:\((.*)\))?\s*", re.DOTALL)
_KEY = re.compile(r"\s*([A-Za-z_]\w*)\s*=\s*")
_NEXT = re.compile(r"\s*(,|$)\s*")
_SINGLE = re.compile(r"'([^']*)'")
_WORDS: dict[str, Scalar] = {"True": True, "False": False, "None": None}
_WORD = re.compile("True|False|None")


def read_part(text: str | Part) -> Part:
    """Read a step; a Part is taken as it is. Raises UsageError where ``text`` is not of that form.

    Texts stand in double quotes, as in JSON, or in single ones without a single quote in them.

    >>> read_part("cap(low=0, high=9.5)").parameters
    (('low', 0), ('high', 9.5))
    """
    if isinstance(text, Part):
        return text
    found = _TEXT.fullmatch(text)
    if found is None:
        raise UsageError(f"'{text}' is no step.", hint=_FORM)
    return Part(point="postprocess", reference=found[1], parameters=tuple(_parameters(found[2] or "", text)))


def part_text(part: Part) -> str:
    """Return the text that :func:`read_part` reads.

    >>> part_text(read_part("rule(when='a = 1', then='value = 2')"))
    'rule(when="a = 1", then="value = 2")'
    """
    told = ", ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in part.parameters)
    return f"{part.reference}({told})" if told else part.reference


def _parameters(inside: str, text: str) -> list[tuple[str, Scalar]]:
    given: dict[str, Scalar] = {}
    at, end = 0, len(inside.rstrip())
    while at < end:
        key = _KEY.match(inside, at)
        if key is None:
            raise UsageError(f"'{inside[at:].strip()}' in '{text}' is not a parameter and its value.", hint=_FORM)
        if key[1] in given:
            raise UsageError(f"'{text}' gives {key[1]} twice.", hint="Give it once.")
        given[key[1]], at = _value(inside, key.end(), text)
        follows = _NEXT.match(inside, at)
        if follows is None:
            raise UsageError(f"'{text}' cannot be read from '{inside[at:].strip()}' on.", hint=_FORM)
        at = follows.end()
    return list(given.items())


def _value(inside: str, at: int, text: str) -> tuple[Scalar, int]:
    if quoted := _SINGLE.match(inside, at):
        return quoted[1], quoted.end()
    if word := _WORD.match(inside, at):
        return _WORDS[word[0]], word.end()
    try:
        value, end = json.JSONDecoder().raw_decode(inside, at)
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"'{inside[at:].strip()}' in '{text}' is neither a number nor a text in quotes.", hint=_FORM
        ) from error
    if isinstance(value, dict | list):
        raise UsageError(f"'{text}' gives a table where one value belongs.", hint=_FORM)
    return value, end
