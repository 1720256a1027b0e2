"""Sentences with gaps that are filled with facts, each in the format behind its colon."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from string import Formatter
from typing import Any

from litmus_core.text._lists import join_names, quote_names
from litmus_core.text._numbers import format_chance, format_count, format_number, format_share
from litmus_core.text._scores import format_score

_MOST_NAMES = 4
_FORMATS: dict[str, Callable[[Any], str]] = {
    "chance": format_chance,
    "number": format_number,
    "score": format_score,
    "share": format_share,
}


def fill_sentence(
    texts: Mapping[str, str],
    key: str,
    facts: Mapping[str, Any],
    *,
    formats: Mapping[str, Callable[[Any, Mapping[str, Any]], str]] | None = None,
) -> str:
    """Return the text ``key`` of ``texts``, with ``facts`` in its gaps.

    ``formats`` adds formats: functions of a fact and of all facts: functions of a fact and of all facts.

    ======================  ================================================================
    ``{n:count row}``       a number with its noun ("2 rows"; ``count entry/entries``)
    ``{share:share 1}``     per cent, here with one decimal; ``score``, ``number``, ``chance``
    ``{columns:names}``     names in quotes, ``list`` without; ``names of n``: the first of ``n``
    ``{n:is|are}``          one of two words: the first for one (1, true, a list of one)
    ``{n:?few|many}``       one of two other texts, the first for a fact; ``?few``: or nothing
    ``{unit:say}``          the text that the fact is the key of
    ``{@few}``              another text
    ======================  ================================================================

    All else is a format of Python's. Raises KeyError for a gap without its fact.

    >>> texts = {"few": "{n:count row} {n:is|are} few{names:?for}.", "for": " for {names:names}"}
    >>> fill_sentence(texts, "few", {"n": 3, "names": ()})
    '3 rows are few.'
    >>> fill_sentence(texts, "few", {"n": 1, "names": ("a",)})
    "1 row is few for 'a'."
    """
    return _Sentence(texts, facts, formats or {}).text(key)


class _Sentence(Formatter):
    """The texts, and the facts for the gaps in them."""

    def __init__(
        self,
        texts: Mapping[str, str],
        facts: Mapping[str, Any],
        formats: Mapping[str, Callable[[Any, Mapping[str, Any]], str]],
    ) -> None:
        self._texts, self._facts, self._formats = texts, facts, formats

    def text(self, key: str) -> str:
        """Return the text ``key``, filled."""
        return self.vformat(self._texts[key], (), self._facts)

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        """Return a fact, or the text that is named with an @."""
        if isinstance(key, str) and key.startswith("@"):
            return self.text(key[1:])
        return super().get_value(key, args, kwargs)

    def format_field(self, value: Any, format_spec: str) -> str:
        """Format a fact."""
        if format_spec.startswith("?"):
            one, _, other = format_spec[1:].partition("|")
            return self.text(one) if value else self.text(other) if other else ""
        if value is None:
            raise ValueError(f"a sentence of {', '.join(self._texts)} lacks a fact")
        if "|" in format_spec:
            one, _, other = format_spec.partition("|")
            return one if (len(value) if isinstance(value, tuple | list) else value) == 1 else other
        return self._format_fact(value, *format_spec.split(" ", 1))

    def _format_fact(self, value: Any, name: str, argument: str = "") -> str:
        match name:
            case "say":
                return self.text(str(value))
            case "count":
                return format_count(value, *argument.split("/"))
            case "names":
                return quote_names(value, most=_MOST_NAMES, n_all=self._n_all(argument))
            case "list":
                return join_names(value, n_all=self._n_all(argument))
            case "share" if argument:
                return format_share(value, decimals=int(argument))
        if name in self._formats:
            return self._formats[name](value, self._facts)
        written = _FORMATS.get(name)
        return format(value, name) if written is None else written(value)

    def _n_all(self, argument: str) -> int | None:
        return int(self._facts[argument.removeprefix("of ")]) if argument else None
