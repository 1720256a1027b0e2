r"""Translate Python's regular expressions to Rust's where both find exactly the same matches.

Python's ``re`` and Rust's ``regex`` (used by Polars) agree on leftmost and greedy matching. They differ in
the members of a class such as ``\w``, in what has no finite automaton (``\b`` beyond its own rules,
lookaround, back references), and in matches after an empty match. A pattern is parsed by Python's own parser
and rewritten from code points and classes of which every code point has been compared.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

WORD = r"\p{L}\p{N}_"
BLANK = r"\s\x1c-\x1f"
DIGIT = r"\p{Nd}"
BLANKS = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680"
    + "".join(map(chr, range(0x2000, 0x200B)))
    + ("\u2028\u2029\u202f\u205f\u3000")
)  # what str.split and str.strip treat as whitespace
# Digits by str.isdigit beyond Nd: superscripts, and digits in circles and brackets.
MORE_DIGITS = (
    "\u00b2\u00b3\u00b9\u1369-\u1371\u19da\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c"
    "\u2488-\u2490\u24ea\u24f5-\u24fd\u24ff\u2776-\u277e\u2780-\u2788\u278a-\u2792\U00010a40-\U00010a43"
    "\U00010e60-\U00010e68\U00011052-\U0001105a\U0001f100-\U0001f10a"
)
# Letters newer than the Unicode version of this Python, which it and Rust may treat differently.
ODD = r"[^\p{{Age={}}}]".format(unicodedata.unidata_version.rpartition(".")[0])

_CATEGORIES = {
    codes.CATEGORY_WORD: WORD,
    codes.CATEGORY_NOT_WORD: f"[^{WORD}]",
    codes.CATEGORY_SPACE: BLANK,
    codes.CATEGORY_NOT_SPACE: f"[^{BLANK}]",
    codes.CATEGORY_DIGIT: DIGIT,
    codes.CATEGORY_NOT_DIGIT: f"[^{DIGIT}]",
}
_ANCHORS = {
    codes.AT_BEGINNING: r"\A",
    codes.AT_BEGINNING_STRING: r"\A",
    codes.AT_END_STRING: r"\z",
}
_ALSO = {"i": "\u0130\u0131", "k": "\u212a", "s": "\u017f"}  # Python's case-insensitive matches of these
_KNOWN_FLAGS = re.IGNORECASE | re.DOTALL | re.VERBOSE | re.UNICODE
_REFERENCE = re.compile(r"\\(?:([1-9])(?![0-9])|g<(\w+)>)")


class _UnsupportedPatternError(Exception):
    """The pattern cannot be expressed."""


def python_pattern(pattern: str, flags: int, *, groups: bool = False) -> str | None:
    """Return ``pattern`` for Rust, None if it may match differently; ``groups`` keeps the captures."""
    try:
        parsed = parser.parse(pattern, flags)
        if parsed.state.flags & ~_KNOWN_FLAGS or has_unknown_letters(pattern):
            return None
        return _Writer(parsed.state.flags, groups).sequence(parsed)
    except _UnsupportedPatternError:
        return None


def never_empty(pattern: str, flags: int) -> bool:
    """Return whether every match has a character: after an empty match the two continue differently."""
    return bool(parser.parse(pattern, flags).getwidth()[0] > 0)


def python_template(by: str, pattern: str, flags: int) -> str | None:
    """Return a replacement template for Rust; None if it cannot be expressed."""
    template, at = "", 0
    names = re.compile(pattern, flags).groupindex
    for match in _REFERENCE.finditer(by):
        between, at = by[at : match.start()], match.end()
        number, name = match.groups()
        group = number or str(names.get(name, name))
        if "\\" in between or not group.isdecimal() or not group.isascii():
            return None
        template += between.replace("$", "$$") + f"${{{int(group)}}}"
    rest = by[at:]
    return None if "\\" in rest else template + rest.replace("$", "$$")


def has_unknown_letters(text: str) -> bool:
    """Return whether a text has letters that UTF-8 cannot hold, or that this Python does not know."""
    if text.isascii():
        return False
    return any(
        unicodedata.category(character) in ("Cs", "Cn") for character in text if not character.isascii()
    )


def has_lone_surrogate(text: str) -> bool:
    """Return whether a text has half of a surrogate pair, which UTF-8 cannot encode."""
    return not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)


class _Writer:
    """Rewrites a parsed pattern; ``flags`` are the pattern's, ``groups`` says whether captures are kept."""

    def __init__(self, flags: int, groups: bool) -> None:
        self._any = "(?s:.)" if flags & re.DOTALL else r"[^\n]"
        self._no_case = bool(flags & re.IGNORECASE)
        self._groups = groups

    def sequence(self, parts: Iterable[tuple[Any, Any]], *, repeated: bool = False) -> str:
        return "".join(self._part(op, argument, repeated) for op, argument in parts)

    def _part(self, op: Any, part: Any, repeated: bool) -> str:
        if op is codes.LITERAL:
            return self._literal(part)
        if op is codes.NOT_LITERAL:
            return f"[^{self._letters(part)}]"
        if op is codes.ANY:
            return self._any
        if op is codes.IN:
            return self._set(part)
        if op is codes.BRANCH:
            return f"(?:{'|'.join(self.sequence(option, repeated=repeated) for option in part[1])})"
        if op is codes.SUBPATTERN:
            return self._group(part, repeated)
        if op in (codes.MAX_REPEAT, codes.MIN_REPEAT):
            return self._repeat(*part) + ("?" if op is codes.MIN_REPEAT else "")
        if op is codes.AT and part in _ANCHORS:
            return _ANCHORS[part]
        raise _UnsupportedPatternError

    def _group(self, argument: Any, repeated: bool) -> str:
        group, added, removed, parts = argument
        if added or removed or (group is not None and repeated and self._groups):
            raise _UnsupportedPatternError
        inner = self.sequence(parts, repeated=repeated)
        return f"({inner})" if group is not None and self._groups else f"(?:{inner})"

    def _repeat(self, least: int, most: int, parts: Any) -> str:
        if parts.getwidth()[0] == 0:
            raise _UnsupportedPatternError
        upper = "" if most == codes.MAXREPEAT else most
        return f"(?:{self.sequence(parts, repeated=True)}){{{least},{upper}}}"

    def _literal(self, code: int) -> str:
        letters = self._letters(code)
        return f"[{letters}]" if self._no_case else letters

    def _letters(self, code: int) -> str:
        """Return the letters that one letter matches, as members of a class."""
        letter = chr(code)
        if not self._no_case:
            return _escaped(letter)
        if not letter.isascii():
            raise _UnsupportedPatternError
        return "".join(map(_escaped, {letter.lower(), letter.upper(), *_ALSO.get(letter.lower(), "")}))

    def _set(self, argument: Any) -> str:
        negated = argument[0][0] is codes.NEGATE
        members = "".join(self._member(op, value) for op, value in argument[negated:])
        return f"[{'^' if negated else ''}{members}]"

    def _member(self, op: Any, argument: Any) -> str:
        if op is codes.LITERAL:
            return self._letters(argument)
        if op is codes.CATEGORY:
            return _CATEGORIES[argument]
        if op is not codes.RANGE:
            raise _UnsupportedPatternError
        first, last = argument
        if not self._no_case:
            return f"{_escaped(chr(first))}-{_escaped(chr(last))}"
        if last > 127:
            raise _UnsupportedPatternError
        return "".join(map(self._letters, range(first, last + 1)))


def _escaped(letter: str) -> str:
    return letter if letter.isascii() and letter.isalnum() else f"\\x{{{ord(letter):x}}}"
