"""Text operations in Polars: expressions with exactly Python's results, or None if there are none.

Each function gets the inputs' expressions and the node's settings, as the pandas reference does. Texts are
String, flags Boolean without null, numbers Float64: null or NaN where missing. Polars is imported on first
use.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from litmus_core.frame._layouts import regex_translation
from litmus_core.frame._layouts.regex_translation import BLANK, BLANKS, DIGIT, MORE_DIGITS, WORD
from litmus_core.frame._values.category_codes import category_codes

_Pairs = Sequence[tuple[Any, Any]]


def counted(pattern: str) -> Callable[[Any], Any]:
    """Return an operation that counts matches of ``pattern`` (in Rust's syntax) in texts."""
    return lambda texts: _number(texts.str.count_matches(pattern))


words = counted(f"[^{BLANK}]+")
digits = counted(f"[{DIGIT}{MORE_DIGITS}]")
capitals = counted(r"\p{Uppercase}")


def strip_punctuation(texts: Any) -> Any:
    """Return texts without anything but letters, digits, underscores and whitespace."""
    return texts.str.replace_all(f"[^{WORD}{BLANK}]+", "")


def collapse_blanks(texts: Any) -> Any:
    """Return words with single spaces between them."""
    return texts.str.replace_all(f"[{BLANK}]+", " ").str.strip_chars(" ")


def drop_words(texts: Any, *, words: Sequence[str]) -> Any:
    """Return texts without some of their words, with single spaces between the others.

    With two spaces between words, and one at both ends, each word has two spaces of its own.
    """
    import polars as pl

    unwanted = [f" {word} " for word in words if word.split() == [word]]
    spaced = pl.concat_str([pl.lit(" "), texts.str.replace_all(f"[{BLANK}]+", "  "), pl.lit(" ")])
    left = spaced.str.replace_many(unwanted, [""] * len(unwanted)) if unwanted else spaced
    return left.str.replace_all("  ", " ", literal=True).str.strip_chars(" ")


def cut_words(texts: Any, *, words: Sequence[str]) -> Any:
    """Return texts without whole words: runs of word characters between anything else."""
    import polars as pl

    runs = texts.str.extract_all(f"[{WORD}]+|[^{WORD}]+")
    unwanted = pl.Series(list(words), dtype=pl.String).implode()
    return runs.list.filter(~pl.element().is_in(unwanted)).list.join("")


def join(left: Any, right: Any, *, between: str) -> Any:
    """Return both texts with ``between`` between them."""
    import polars as pl

    return pl.concat_str([left, pl.lit(between), right])


def surround(texts: Any, *, prefix: str, suffix: str) -> Any:
    """Return texts with others around them."""
    import polars as pl

    return pl.concat_str([pl.lit(prefix), texts, pl.lit(suffix)])


def is_in(texts: Any, *, values: Sequence[str]) -> Any:
    """Return whether texts are in ``values``; a missing one never is."""
    import polars as pl

    return texts.is_in(pl.Series(list(values), dtype=pl.String).implode()).fill_null(False)


def count(texts: Any, *, symbol: str) -> Any:
    """Return how often ``symbol`` occurs in texts, taken literally."""
    if not symbol:
        return _number(texts.str.len_chars()) + 1.0
    return _number(texts.str.count_matches(symbol, literal=True))


def code(texts: Any, *, vocabulary: Sequence[str]) -> Any:
    """Return positions in ``vocabulary`` (n words); n if not there, n + 1 if missing."""
    import polars as pl

    n = len(vocabulary)
    places = _lookup(texts, category_codes(vocabulary), pl.Int32)
    unknown = pl.when(texts.is_null()).then(pl.lit(n + 1, pl.Int32)).otherwise(pl.lit(n, pl.Int32))
    return places.fill_null(unknown)


def text_to_number(texts: Any, *, table: _Pairs, is_whole: bool = False) -> Any:
    """Return a table's numbers for texts."""
    del is_whole
    import polars as pl

    numbers = {text: None if number != number else number for text, number in table}
    return _lookup(texts, numbers, pl.Float64)


def text_to_text(texts: Any, *, table: _Pairs) -> Any:
    """Return a table's texts for texts."""
    import polars as pl

    return _lookup(texts, dict(table), pl.String)


def where_text(texts: Any, condition: Any, other: Any) -> Any:
    """Return ``texts`` where ``condition`` is true, else ``other``."""
    import polars as pl

    return pl.when(condition).then(texts).otherwise(other)


def where_else(texts: Any, condition: Any, *, value: str | None) -> Any:
    """Return ``texts`` where ``condition`` is true, else one value."""
    import polars as pl

    return pl.when(condition).then(texts).otherwise(pl.lit(value, pl.String))


def choose(flags: Any, *, yes: str | None, no: str | None) -> Any:
    """Return one text where true, else another."""
    import polars as pl

    return pl.when(flags).then(pl.lit(yes, pl.String)).otherwise(pl.lit(no, pl.String))


def stripper(method: str) -> Callable[..., Any]:
    """Return the operation for strip, lstrip or rstrip."""
    name = {"strip": "strip_chars", "lstrip": "strip_chars_start", "rstrip": "strip_chars_end"}[method]

    def strip(texts: Any, *, symbols: str | None) -> Any:
        return getattr(texts.str, name)(BLANKS if symbols is None else symbols)

    return strip


def all_of(class_: str) -> Callable[[Any], Any]:
    """Return, as 1 and 0, whether texts are non-empty and all characters are of one class."""
    return lambda texts: _number(texts.str.contains(rf"\A[{class_}]+\z"))


IS_KINDS: Mapping[str, Callable[[Any], Any]] = {
    "isalnum": all_of(r"\p{L}\p{N}"),
    "isalpha": all_of(r"\p{L}"),
    "isdecimal": all_of(DIGIT),
    "isdigit": all_of(DIGIT + MORE_DIGITS),
    "isspace": all_of(BLANK),
}


def replace(texts: Any, *, pattern: str, by: str, regex: bool, flags: int, most: int) -> Any:
    """Return texts with all matches of ``pattern`` replaced."""
    if not pattern or most >= 0:
        return None
    if not regex and not flags:
        return texts.str.replace_all(pattern, by, literal=True)
    if not regex:
        return None
    template = regex_translation.python_template(by, pattern, flags)
    python_regex = _accepted(regex_translation.python_pattern(pattern, flags, groups="\\" in by))
    if template is None or python_regex is None or not regex_translation.never_empty(pattern, flags):
        return None
    return texts.str.replace_all(python_regex, template)


def sliced(texts: Any, *, start: int | None, stop: int | None, step: int | None) -> Any:
    """Return the characters from ``start`` to ``stop``."""
    start = start or 0
    if step not in (None, 1):
        return None
    if start >= 0 and stop is not None and stop < 0:
        return texts.str.slice(start).str.head(stop) if start == 0 else None
    if start >= 0:
        return texts.str.slice(start, None if stop is None else max(0, stop - start))
    return texts.str.tail(-start) if stop is None else None


def letter(texts: Any, *, at: int) -> Any:
    """Return the ``at``-th character, null if there is none."""
    import polars as pl

    least = at + 1 if at >= 0 else -at
    return pl.when(texts.str.len_chars() >= least).then(texts.str.slice(at, 1))


def _parts(texts: Any, *, between: str | None, most: int, regex: bool) -> Any:
    if most >= 0 or regex:
        return None
    return texts.str.extract_all(f"[^{BLANK}]+") if between is None else texts.str.split(between)


def part(texts: Any, *, at: int, **how: Any) -> Any:
    """Return the ``at``-th part, null if there is none."""
    parts = _parts(texts, **how)
    return None if parts is None else parts.list.get(at, null_on_oob=True)


def n_parts(texts: Any, **how: Any) -> Any:
    """Return the number of parts."""
    parts = _parts(texts, **how)
    return None if parts is None else _number(parts.list.len())


def extract(texts: Any, *, pattern: str, flags: int, group: int) -> Any:
    """Return the first match of a group of the pattern."""
    regex = _accepted(regex_translation.python_pattern(pattern, flags, groups=True))
    return None if regex is None else texts.str.extract(regex, group)


_LOOKS = {"contains": "{}", "match": r"\A(?:{})", "fullmatch": r"\A(?:{})\z"}


def matches(texts: Any, *, kind: str, pattern: str, flags: int) -> Any:
    """Return 1 where texts contain, start with or fully match ``pattern``."""
    regex = regex_translation.python_pattern(pattern, flags)
    regex = _accepted(None if regex is None else _LOOKS[kind].replace("{}", regex))
    return None if regex is None else _number(texts.str.contains(regex))


def count_pattern(texts: Any, *, pattern: str, flags: int) -> Any:
    """Return the number of matches of ``pattern``."""
    regex = _accepted(regex_translation.python_pattern(pattern, flags))
    if regex is None or not regex_translation.never_empty(pattern, flags):
        return None
    return _number(texts.str.count_matches(regex))


def begins(texts: Any, *, words: Sequence[str]) -> Any:
    """Return 1 where texts start with one of ``words``."""
    return _any_of([texts.str.starts_with(word) for word in words])


def ends(texts: Any, *, words: Sequence[str]) -> Any:
    """Return 1 where texts end with one of ``words``."""
    return _any_of([texts.str.ends_with(word) for word in words])


def length(texts: Any) -> Any:
    """Return the numbers of characters."""
    return _number(texts.str.len_chars())


def _any_of(pieces: Sequence[Any]) -> Any:
    import polars as pl

    return _number(pl.any_horizontal(pieces)) if pieces else None


def _number(values: Any) -> Any:
    import polars as pl

    return values.cast(pl.Float64)


def _lookup(texts: Any, table: Mapping[str, Any], dtype: Any) -> Any:
    import polars as pl

    new = pl.Series(list(table.values()), dtype=dtype, strict=False)
    old = pl.Series(list(table), dtype=pl.String)
    return texts.replace_strict(old, new, default=None, return_dtype=dtype)


def _accepted(pattern: str | None) -> str | None:
    """Return a pattern that Polars accepts; None if it is too large or cannot be expressed."""
    import polars as pl

    if pattern is None:
        return None
    try:
        pl.Series([""]).str.contains(pattern)
    except pl.exceptions.ComputeError:
        return None
    return pattern
