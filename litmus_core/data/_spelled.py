"""How numbers are written: the marks between thousands and before decimals, and the SQL that reads them."""

from __future__ import annotations

from dataclasses import dataclass

from litmus_core.data._duck import text_literal
from litmus_core.types import ReadOptions

PLAIN = r"[+-]?((\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[iI]nf(inity)?)"
_SPACES, _TICKS = "[ \u00a0\u202f]", "['\u2019]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """One way to write numbers: its shape, the SQL that makes it plain, its marks, and these in words."""

    shape: str
    plain: str
    decimal: str
    thousands: str
    words: str = ""

    def made_plain(self, text: str) -> str:
        """Return the SQL of ``text`` (SQL) in the plain form."""
        return self.plain.format(text)


def _grouped(mark: str, decimal: str) -> str:
    return rf"[+-]?(\d+|[1-9]\d{{0,2}}({mark}\d{{3}})+)({decimal}\d+)?"


def _without(marks: str, then: str) -> str:
    return then.format(f"regexp_replace({{}}, {text_literal(marks)}, '', 'g')")


SPELLINGS = {  # by a Column's ``written_as``
    "": Spelling(shape=PLAIN, plain="{}", decimal=".", thousands=""),
    "thousands": Spelling(
        shape=r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?",
        plain="replace({}, ',', '')",
        decimal=".",
        thousands=",",
        words="Commas in '{}' were read as thousands separators.",
    ),
    "decimal comma": Spelling(
        shape=r"[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?([eE][+-]?\d+)?",
        plain="replace(replace({}, '.', ''), ',', '.')",
        decimal=",",
        thousands=".",
        words="Commas in '{}' were read as decimal marks.",
    ),
    "thousands by spaces": Spelling(
        shape=_grouped(_SPACES, r"\."),
        plain=_without(_SPACES, "{}"),
        decimal=".",
        thousands=" ",
        words="Spaces in '{}' were read as thousands separators.",
    ),
    "decimal comma, thousands by spaces": Spelling(
        shape=_grouped(_SPACES, ","),
        plain=_without(_SPACES, "replace({}, ',', '.')"),
        decimal=",",
        thousands=" ",
        words="Spaces in '{}' were read as thousands separators, commas as decimal marks.",
    ),
    "thousands by apostrophes": Spelling(
        shape=_grouped(_TICKS, r"\."),
        plain=_without(_TICKS, "{}"),
        decimal=".",
        thousands="'",
        words="Apostrophes in '{}' were read as thousands separators.",
    ),
}
GROUPED = tuple(key for key, spelling in SPELLINGS.items() if spelling.thousands in (" ", "'"))


def allowed_spellings(options: ReadOptions) -> tuple[str, ...]:
    """Return the spellings that the marks in ``options`` leave, likeliest first."""
    return tuple(key for key, spelling in SPELLINGS.items() if _is_allowed(spelling, options))


def _is_allowed(spelling: Spelling, options: ReadOptions) -> bool:
    if options.decimal is not None and spelling.decimal != options.decimal:
        return False
    if options.thousands is None or spelling.thousands == options.thousands:
        return True
    if options.thousands == "":
        return spelling.thousands == "."  # decimal comma: dots are seldom there, and cannot be decimals
    return not spelling.thousands and options.thousands != "."
