"""Messages as facts: the code that shows a message makes its sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

StatementValue = bool | int | float | str | tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One message as facts. ``key`` selects a text among those of ``kind``, and ``facts`` fill its gaps by
    name.

    The texts are in ``_texts.py`` of the package that makes the statement. :meth:`plain` holds a finished
    text.
    """

    kind: str
    key: str
    facts: tuple[tuple[str, StatementValue], ...] = ()

    @classmethod
    def of(cls, kind: str, key: str, **facts: StatementValue | Iterable[str]) -> Statement:
        """Return a statement of ``facts``; lists of names may be of any type."""
        return cls(kind=kind, key=key, facts=tuple((name, _frozen(fact)) for name, fact in facts.items()))

    @classmethod
    def plain(cls, text: str) -> Statement:
        """Return a statement that is a finished sentence, such as a plug-in's."""
        return cls.of("plain", "text", text=text)


def _frozen(fact: StatementValue | Iterable[str]) -> StatementValue:
    if fact is None or isinstance(fact, bool | int | float | str):
        return fact
    return tuple(fact)
