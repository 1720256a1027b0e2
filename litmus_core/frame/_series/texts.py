"""The ``.str`` accessor of symbolic columns."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Generic

from litmus_core.frame._graph import GraphNode, apply
from litmus_core.frame._operations.strings import IS_KINDS, METHODS, PADS
from litmus_core.frame._series.column import ColumnT
from litmus_core.frame._series.operands import whole
from litmus_core.frame._series.part_columns import PartColumns, TagColumns
from litmus_core.frame._symbolic.apply import pandas_fallback
from litmus_core.frame._symbolic.errors import public_names, unsupported, untraceable
from litmus_core.frame._symbolic.operator_errors import Refusing

# Patterns that have a dedicated operation, which is faster in each layout.
_PUNCTUATION = (r"[^\w\s]", r"[^\w\s]+")
_WHOLE_WORDS = re.compile(r"\\b(?:\(\?:|\()(\w+(?:\|\w+)*)\)\\b")  # exactly of the form r"\b(?:a|the)\b"


class TextSeriesMethods(Refusing, Generic[ColumnT]):
    """The supported part of pandas' ``.str``. Missing stays missing."""

    _name_in_errors = "column's .str"

    def __init__(self, node: GraphNode, make: Callable[[GraphNode], ColumnT]) -> None:
        self._node, self._make = node, make

    def __getattr__(self, name: str) -> Any:
        if name in METHODS or name in IS_KINDS:
            return lambda: self._apply(name)
        if name.startswith("__"):
            raise AttributeError(name)
        names = [*METHODS, *IS_KINDS, *public_names(TextSeriesMethods)]
        return pandas_fallback(self._node, self._make, f"str.{name}", names)

    def __getitem__(self, key: Any) -> ColumnT:
        if isinstance(key, slice):
            return self.slice(key.start, key.stop, key.step)
        return self.get(key)

    def lower(self) -> ColumnT:
        """Return texts in lower case."""
        return self._apply("lower")

    def strip(self, to_strip: str | None = None) -> ColumnT:
        """Return texts without whitespace, or the characters of ``to_strip``, at both ends."""
        return self._apply("strip", symbols=_symbols(to_strip))

    def lstrip(self, to_strip: str | None = None) -> ColumnT:
        """Return texts without whitespace, or the characters of ``to_strip``, at the start."""
        return self._apply("lstrip", symbols=_symbols(to_strip))

    def rstrip(self, to_strip: str | None = None) -> ColumnT:
        """Return texts without whitespace, or the characters of ``to_strip``, at the end."""
        return self._apply("rstrip", symbols=_symbols(to_strip))

    def len(self) -> ColumnT:
        """Return the numbers of characters."""
        return self._apply("length")

    def get(self, i: int) -> ColumnT:
        """Return the ``i``-th character, missing if there is none."""
        return self._apply("letter", at=whole(i))

    def slice(self, start: int | None = None, stop: int | None = None, step: int | None = None) -> ColumnT:
        """Return the characters from ``start`` to ``stop``."""
        if step == 0:
            raise untraceable("A step of 0", "Say how many characters to go on by.")
        edges = {"start": _place(start), "stop": _place(stop), "step": _place(step)}
        return self._apply("slice", **edges)

    def zfill(self, width: int) -> ColumnT:
        """Return texts padded with zeros on the left, up to ``width`` characters."""
        return self._apply("zero fill", width=whole(width))

    def pad(self, width: int, side: str = "left", fillchar: str = " ") -> ColumnT:
        """Return texts padded with ``fillchar`` up to ``width`` characters: left, right or both."""
        if side not in PADS or len(fillchar) != 1:
            raise untraceable(
                f"pad({width!r}, {side!r}, {fillchar!r})", "Say left, right or both, and one character."
            )
        return self._apply("pad", width=whole(width), side=side, fill=fillchar)

    def ljust(self, width: int, fillchar: str = " ") -> ColumnT:
        """Return texts padded with ``fillchar`` on the right, up to ``width`` characters."""
        return self.pad(width, "right", fillchar)

    def rjust(self, width: int, fillchar: str = " ") -> ColumnT:
        """Return texts padded with ``fillchar`` on the left, up to ``width`` characters."""
        return self.pad(width, "left", fillchar)

    def center(self, width: int, fillchar: str = " ") -> ColumnT:
        """Return texts padded with ``fillchar`` on both sides, up to ``width`` characters."""
        return self.pad(width, "both", fillchar)

    def repeat(self, repeats: int) -> ColumnT:
        """Return texts repeated ``repeats`` times."""
        return self._apply("repeat", times=whole(repeats))

    def removeprefix(self, prefix: str) -> ColumnT:
        """Return texts without ``prefix`` at the start."""
        return self._apply("without prefix", word=_word(prefix))

    def removesuffix(self, suffix: str) -> ColumnT:
        """Return texts without ``suffix`` at the end."""
        return self._apply("without suffix", word=_word(suffix))

    def normalize(self, form: str) -> ColumnT:
        """Return texts in a Unicode form: NFC, NFD, NFKC, NFKD."""
        if form not in ("NFC", "NFD", "NFKC", "NFKD"):
            raise untraceable(f"normalize({form!r})", "Say NFC, NFD, NFKC or NFKD.")
        return self._apply("normalize", form=form)

    def cat(self, others: Any = None, sep: str = "", na_rep: str | None = None) -> ColumnT:
        """Return texts joined with those of another column, ``sep`` between them."""
        node = getattr(others, "node", None)
        if not isinstance(node, GraphNode):
            raise untraceable("cat with anything but one column", "Give one column of the frame.")
        if na_rep is None:
            return self._make(apply("join", self._node, node, between=sep))
        filled = [apply("fill text", operand, value=na_rep) for operand in (self._node, node)]
        return self._make(apply("join", *filled, between=sep))

    def replace(
        self,
        pat: Any,
        repl: Any,
        n: int = -1,
        case: bool | None = None,
        flags: int = 0,
        regex: bool = False,
    ) -> ColumnT:
        """Return texts with ``pat`` replaced by ``repl``, at most ``n`` times."""
        if callable(repl) or not isinstance(repl, str):
            raise untraceable("replace by a function", "Replace by a text.")
        pattern, flags = _pattern(pat, flags, case)
        words = _WHOLE_WORDS.fullmatch(pattern)
        if words and (repl, regex, flags, n) == ("", True, 0, -1):
            return self._apply("cut words", words=tuple(words[1].split("|")))
        if pattern in _PUNCTUATION and (repl, regex, flags, n) == ("", True, 0, -1):
            return self._apply("strip punctuation")
        if regex:
            _compiled(pattern, flags, by=repl)
        return self._apply("replace", pattern=pattern, by=repl, regex=bool(regex), flags=flags, most=n)

    def contains(
        self, pat: Any, case: bool = True, flags: int = 0, na: Any = None, regex: bool = True
    ) -> ColumnT:
        """Return whether texts contain ``pat``; ``na`` is the result for a missing one."""
        return self._looked("contains", pat, case, flags, na, regex=regex)

    def match(self, pat: Any, case: bool = True, flags: int = 0, na: Any = None) -> ColumnT:
        """Return whether texts start with a match of the pattern ``pat``."""
        return self._looked("match", pat, case, flags, na)

    def fullmatch(self, pat: Any, case: bool = True, flags: int = 0, na: Any = None) -> ColumnT:
        """Return whether whole texts match the pattern ``pat``."""
        return self._looked("fullmatch", pat, case, flags, na)

    def startswith(self, pat: str | tuple[str, ...], na: Any = None) -> ColumnT:
        """Return whether texts start with ``pat``, or with one of several."""
        return self._as_flag(self._apply("begins", words=_words(pat)), na)

    def endswith(self, pat: str | tuple[str, ...], na: Any = None) -> ColumnT:
        """Return whether texts end with ``pat``, or with one of several."""
        return self._as_flag(self._apply("ends", words=_words(pat)), na)

    def count(self, pat: Any, flags: int = 0) -> ColumnT:
        """Return the number of matches of the pattern ``pat``."""
        pattern, flags = _pattern(pat, flags, None)
        if pattern and not flags and pattern == re.escape(pattern):
            return self._apply("count", symbol=pattern)
        return self._apply("count pattern", pattern=_compiled(pattern, flags), flags=flags)

    def find(self, sub: str, start: int = 0, end: int | None = None) -> ColumnT:
        """Return the first position of ``sub``, -1 if it does not occur."""
        return self._apply("find", word=_word(sub), start=_place(start), stop=_place(end))

    def rfind(self, sub: str, start: int = 0, end: int | None = None) -> ColumnT:
        """Return the last position of ``sub``, -1 if it does not occur."""
        return self._apply("find last", word=_word(sub), start=_place(start), stop=_place(end))

    def split(
        self, pat: str | None = None, n: int = -1, expand: bool = False, regex: bool | None = None
    ) -> TextParts[ColumnT]:
        """Return the parts between ``pat`` (None: whitespace), which are selected by index."""
        del expand  # the columns of an expanded frame are taken by index too
        pat = _symbols(pat)
        if pat == "":
            raise untraceable("A split at ''", "Say split() for words, or str[0] for letters.")
        is_pattern = pat is not None and (len(pat) > 1 if regex is None else bool(regex))
        if is_pattern:
            _compiled(str(pat), 0)
        most = -1 if n in (0, -1, None) else whole(n)
        return TextParts(self._node, self._make, {"between": pat, "most": most, "regex": is_pattern})

    def extract(self, pat: Any, flags: int = 0, expand: bool = True) -> Any:
        """Return the first matches of the pattern's groups, which are selected by name or index.

        With ``expand=False`` and one group, return the column itself.
        """
        pattern, flags = _pattern(pat, flags, None)
        groups = re.compile(_compiled(pattern, flags), flags)
        columns = _groups(self._node, self._make, groups)
        return columns if expand or groups.groups != 1 else columns[next(iter(groups.groupindex), 0)]

    def findall(self, pat: Any, flags: int = 0) -> Matches[ColumnT]:
        """Return all matches of the pattern, which ``.str.len()`` counts."""
        return Matches(self.count(pat, flags))

    def get_dummies(self, sep: str = "|") -> TagColumns[ColumnT]:
        """Return tag columns of 1 or 0 for texts split at ``sep``; ``reindex(columns=…)`` names the tags."""
        between = self._apply("surround", prefix=_word(sep), suffix=sep)

        def has(tag: str) -> ColumnT:
            holds = TextSeriesMethods(between.node, self._make).contains(
                f"{sep}{tag}{sep}", regex=False, na=False
            )
            return holds.astype(int)

        return TagColumns(has)

    def rsplit(self, pat: str | None = None, n: int = -1, expand: bool = False) -> TextParts[ColumnT]:
        """Return the parts between ``pat``; only without ``n``, where they equal those of ``split``."""
        if n in (0, -1, None):
            return self.split(pat, expand=expand, regex=False)
        raise untraceable(f"rsplit(…, n={n})", "Say extract(r'(.*)-(.*)') with the text that parts them.")

    def _looked(self, kind: str, pat: Any, case: bool, flags: int, na: Any, *, regex: bool = True) -> ColumnT:
        pattern, flags = _pattern(pat, flags, case)
        compiled_regex = _compiled(pattern if regex else re.escape(pattern), flags)
        return self._as_flag(self._apply("matches", kind=kind, pattern=compiled_regex, flags=flags), na)

    def _as_flag(self, answer: ColumnT, na: Any) -> ColumnT:
        """Return 1, 0 and missing, or a condition if the result for missing values is given."""
        if na is None or na != na:
            return answer
        if na not in (True, False):
            raise untraceable(f"na={na!r}", "Say True or False.")
        return answer.ne(0) if na else answer.eq(1)

    def _apply(self, name: str, **settings: Any) -> ColumnT:
        return self._make(apply(name, self._node, **settings))


class Matches(Refusing, Generic[ColumnT]):
    """All matches of a pattern in texts: not a column itself, but a source of their number."""

    _name_in_errors = "column of matches, by findall,"

    def __init__(self, number: ColumnT) -> None:
        self._number = number

    @property
    def str(self) -> Matches[ColumnT]:
        """The accessor for the matches, with ``len``."""
        return self

    def len(self) -> ColumnT:
        """Return the number of matches."""
        return self._number

    def __getattr__(self, name: Any) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise unsupported("column of matches, by findall,", name, ["len"])


class TextParts(Refusing, Generic[ColumnT]):
    """Texts split into parts, which are selected by index."""

    _name_in_errors = "column of parts"

    def __init__(self, node: GraphNode, make: Callable[[GraphNode], ColumnT], how: dict[str, Any]) -> None:
        self._node, self._make, self._how = node, make, how

    @property
    def str(self) -> TextParts[ColumnT]:
        """The accessor for the parts, with ``get``, ``[]`` and ``len``."""
        return self

    def __getitem__(self, i: int) -> ColumnT:
        return self._make(apply("part", self._node, at=whole(i), **self._how))

    def get(self, i: int) -> ColumnT:
        """Return the ``i``-th part, missing if there is none."""
        return self[i]

    def join(self, sep: Any) -> ColumnT:
        """Return the parts joined by ``sep``: words by one space, or a text replaced by another."""
        between, most, is_pattern = self._how["between"], self._how["most"], self._how["regex"]
        if most < 0 and between is None and sep == " ":
            return self._make(apply("collapse blanks", self._node))
        if most < 0 and between is not None and not is_pattern:
            how = {"pattern": between, "by": sep, "regex": False, "flags": 0, "most": -1}
            return self._make(apply("replace", self._node, **how))
        raise untraceable("A split that is joined again like this", "Say split().join(' '), or replace.")

    def len(self) -> ColumnT:
        """Return the number of parts."""
        if self._how["between"] is None and self._how["most"] < 0:
            return self._make(apply("words", self._node))
        return self._make(apply("parts", self._node, **self._how))

    def __getattr__(self, name: Any) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise unsupported("column of parts", name)


def _groups(
    node: GraphNode, make: Callable[[GraphNode], ColumnT], pattern: re.Pattern[str]
) -> PartColumns[ColumnT]:
    """Return the matches of a pattern's groups, by name or by index from 0."""
    names = {place: name for name, place in pattern.groupindex.items()}
    settings = {"pattern": pattern.pattern, "flags": int(pattern.flags & ~re.UNICODE)}
    return PartColumns(
        {
            names.get(at, at - 1): make(apply("extract", node, group=at, **settings))
            for at in range(1, pattern.groups + 1)
        }
    )


def _pattern(source: Any, flags: int, case: bool | None) -> tuple[str, int]:
    """Return a pattern as text, and its flags."""
    if isinstance(source, re.Pattern):
        source, flags = source.pattern, flags | (source.flags & ~re.UNICODE)
    if not isinstance(source, str):
        raise untraceable(f"The pattern {source!r}", "Give a text.")
    return source, int(flags) | (int(re.IGNORECASE) if case is False else 0)


def _compiled(pattern: str, flags: int, *, by: str = "") -> str:
    try:
        regex = re.compile(pattern, flags)
    except re.error as error:
        raise untraceable(f"The pattern {pattern!r}", f"It is not a regular expression: {error}.") from error
    try:
        regex.sub(by, "")
    except (re.error, IndexError) as error:
        raise untraceable(
            f"Replacing by {by!r}", f"The pattern {pattern!r} has no such group: {error}."
        ) from error
    return pattern


def _words(value: Any) -> tuple[str, ...]:
    words = value if isinstance(value, tuple) else (value,)
    if not all(isinstance(word, str) for word in words):
        raise untraceable(f"{value!r} as a beginning or end", "Give a text, or a tuple of texts.")
    return words


def _symbols(value: Any) -> str | None:
    return None if value is None else _word(value)


def _place(value: Any) -> int | None:
    return None if value is None else whole(value)


def _word(value: Any) -> str:
    if not isinstance(value, str):
        raise untraceable(f"{value!r} as a word", "Give a text.")
    return value
