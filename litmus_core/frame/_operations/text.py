"""Operations on texts, as Python's ``str`` and ``re`` have them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from litmus_core.frame._encoders.phrases import Phrases, holds
from litmus_core.frame._layouts import polars_texts
from litmus_core.frame._operations.operation import Operation
from litmus_core.frame._values.category_codes import category_codes

_PUNCTUATION = re.compile(r"[^\w\s]+")
_MARKS = bytes(code for code in range(128) if _PUNCTUATION.match(chr(code)))
_ASCII = bytes(range(128))
_HELD = "utf-8", "surrogatepass"  # halves of surrogate pairs too
DIGITS = b"0123456789"
_CAPITALS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def rewriting(
    name: str,
    change_of: Callable[..., Callable[[str], str | None]],
    pandas: Callable[..., Any],
    polars: Callable[..., Any] | None = None,
) -> Operation:
    """Return an operation from text to text; ``change_of`` turns its settings into a function of one text."""
    return Operation(
        name=name,
        input_types=("text",),
        gives="text",
        record="None if {0} is None else {change}({0})",
        columns=lambda texts, change: [None if text is None else change(text) for text in texts],
        pandas=pandas,
        bind=lambda **settings: {"change": change_of(**settings)},
        polars=polars,
    )


def measuring(
    name: str,
    measure_of: Callable[..., Callable[[str], float]],
    pandas: Callable[..., Any],
    polars: Callable[..., Any] | None = None,
) -> Operation:
    """Return an operation from text to number, NaN where the text is missing; true is 1, false 0."""
    return Operation(
        name=name,
        input_types=("text",),
        gives="number",
        record="{nan} if {0} is None else {measure}({0}) + 0.0",
        columns=lambda texts, nan, measure: np.array(
            [nan if text is None else measure(text) for text in texts], dtype=np.float64
        ),
        pandas=pandas,
        bind=lambda **settings: {"nan": math.nan, "measure": measure_of(**settings)},
        polars=polars,
    )


def _strip_punctuation(text: str) -> str:
    if text.isascii():
        return text.encode().translate(None, _MARKS).decode()
    data = text.encode(*_HELD).translate(None, _MARKS)
    left = data.decode(*_HELD)
    return left if _beyond_ascii(data).isalpha() else _PUNCTUATION.sub("", left)


def _beyond_ascii(data: bytes) -> str:
    """Return the letters of an encoded text that are not ASCII: none of their bytes is."""
    return data.translate(None, _ASCII).decode(*_HELD)


def _collapse_blanks(text: str) -> str:
    return " ".join(text.split())


def counter(ascii_ones: bytes, is_one: Callable[[str], bool]) -> Callable[[str], int]:
    """Return a counter of certain letters in a text: ``ascii_ones`` in ASCII, else those for which
    ``is_one``.
    """

    def count(text: str) -> int:
        if text.isascii():
            return len(text) - len(text.encode().translate(None, ascii_ones))
        data = text.encode(*_HELD)
        return len(data) - len(data.translate(None, ascii_ones)) + sum(map(is_one, _beyond_ascii(data)))

    return count


def _apply_each(texts: Any, function: Callable[[str], Any], dtype: str | None = None) -> Any:
    """Return ``function``'s results for non-missing texts, for the pandas reference."""
    changed = texts.map(function, na_action="ignore")
    return changed.astype(dtype) if dtype else changed


def _join_pairs(left: Sequence[str | None], right: Sequence[str | None], *, between: str) -> list[str | None]:
    return [
        None if one is None or other is None else one + between + other
        for one, other in zip(left, right, strict=True)
    ]


def _codes(vocabulary: Sequence[str]) -> Mapping[str, Any]:
    codes: dict[str | None, int] = {None: len(vocabulary) + 1}
    for word, code in category_codes(vocabulary).items():
        codes[word] = code
    return {"find": codes.get, "unknown": len(vocabulary)}


def _positions(texts: Sequence[str | None], *, find: Callable[..., int], unknown: int) -> Any:
    return np.array([find(text, unknown) for text in texts], dtype=np.int32)


def _pandas_codes(texts: Any, *, vocabulary: Sequence[str]) -> Any:
    codes = texts.map(category_codes(vocabulary)).fillna(len(vocabulary))
    return codes.where(texts.notna(), len(vocabulary) + 1).astype("int32")


def _pandas_marks(texts: Any, *, phrases: Sequence[str]) -> Any:
    marks = [[holds(text or "", phrase) for phrase in phrases] for text in texts]
    return np.array(marks, dtype=np.uint8).reshape(len(texts), len(phrases))


TEXT_OPERATIONS = (
    rewriting(
        "lower", lambda: str.lower, lambda texts: texts.str.lower(), lambda texts: texts.str.to_lowercase()
    ),
    rewriting(
        "strip punctuation",
        lambda: _strip_punctuation,
        lambda texts: texts.str.replace(r"[^\w\s]", "", regex=True),
        polars_texts.strip_punctuation,
    ),
    rewriting(
        "collapse blanks",
        lambda: _collapse_blanks,
        lambda texts: texts.str.split().str.join(" "),
        polars_texts.collapse_blanks,
    ),
    Operation(
        name="join",
        input_types=("text", "text"),
        gives="text",
        record="None if {0} is None or {1} is None else {0} + {between} + {1}",
        columns=_join_pairs,
        pandas=lambda left, right, between: left.str.cat(right, sep=between),
        polars=polars_texts.join,
    ),
    Operation(
        name="fill text",
        input_types=("text",),
        gives="text",
        record="{value} if {0} is None else {0}",
        columns=lambda texts, value: [value if text is None else text for text in texts],
        pandas=lambda texts, value: texts.fillna(value),
        polars=lambda texts, value: texts.fill_null(value),
    ),
    Operation(
        name="text is missing",
        input_types=("text",),
        gives="flag",
        record="{0} is None",
        columns=lambda texts: np.array([text is None for text in texts], dtype=bool),
        pandas=lambda texts: texts.isna(),
        polars=lambda texts: texts.is_null(),
    ),
    Operation(
        name="text is in",
        input_types=("text",),
        gives="flag",
        record="{0} in {values}",
        columns=lambda texts, values: np.array([text in values for text in texts], dtype=bool),
        pandas=lambda texts, values: texts.isin(list(values)),
        bind=lambda values: {"values": frozenset(values)},
        polars=polars_texts.is_in,
    ),
    measuring("length", lambda: len, lambda texts: texts.str.len().astype("float64"), polars_texts.length),
    Operation(
        name="words",
        input_types=("text",),
        gives="number",
        record="{nan} if {0} is None else len({0}.split()) + 0.0",
        columns=lambda texts, nan: np.array(
            [nan if text is None else len(text.split()) for text in texts], dtype=np.float64
        ),
        pandas=lambda texts: texts.str.split().str.len().astype("float64"),
        bind=lambda: {"nan": math.nan},
        polars=polars_texts.words,
    ),
    Operation(
        name="count",
        input_types=("text",),
        gives="number",
        record="{nan} if {0} is None else {0}.count({symbol}) + 0.0",
        columns=lambda texts, nan, symbol: np.array(
            [nan if text is None else text.count(symbol) for text in texts], dtype=np.float64
        ),
        pandas=lambda texts, symbol: texts.str.count(re.escape(symbol)).astype("float64"),
        bind=lambda symbol: {"nan": math.nan, "symbol": symbol},
        polars=polars_texts.count,
    ),
    measuring(
        "digits",
        lambda: counter(DIGITS, str.isdigit),
        lambda texts: _apply_each(texts, lambda text: sum(map(str.isdigit, text)), "float64"),
        polars_texts.digits,
    ),
    measuring(
        "capitals",
        lambda: counter(_CAPITALS, str.isupper),
        lambda texts: _apply_each(texts, lambda text: sum(map(str.isupper, text)), "float64"),
        polars_texts.capitals,
    ),
    Operation(
        name="code",
        input_types=("text",),
        gives="code",
        record="{find}({0}, {unknown})",
        columns=_positions,
        pandas=_pandas_codes,
        bind=_codes,
        polars=polars_texts.code,
    ),
    Operation(
        name="phrases",
        input_types=("text",),
        gives="marks",
        record="{places}({0})",
        columns=lambda texts, places, presence: presence(texts),
        pandas=_pandas_marks,
        bind=lambda phrases: Phrases(phrases).ways(),
    ),
)
