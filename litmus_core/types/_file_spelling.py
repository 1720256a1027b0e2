"""Names and missing values in text files: the same rules in training and in production."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Texts that mean "missing" in any column: the list of pandas, so that notebooks and Litmus agree.
MISSING_WORDS = (
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>",
    "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
)  # fmt: skip
# Further texts, in lower case, that mean "missing" only if all other values are numbers or dates.
PLACEHOLDER_WORDS = (
    "?", "-", "--", "---", ":",
    "\u2013", "\u2014", ".", "..", "*", "n.a.", "n/a", "na", "none", "missing", "unknown",
    "not available", "tbd", "k.a.", "k. a.", "n.d.", "s/d", "n.v.t.", "nvt",
    "tbc", "poa", "p.o.a.", "on request", "auf anfrage", "sur demande", "不明", "未定", "нет данных", "н/д",
    "...", "\u2026", "**", "***", "nd", "n/d", "(d)", "(x)", "(s)", "(z)", "(na)", "n.r.", "nr",
    "bdl", "b/d", "s.d.", "tba", "n/s", "not reported", "not recorded", "not stated", "not given", "no data",
    "withheld", "suppressed", "redacted", "sin dato", "sin datos", "desconocido", "unbekannt",
    "keine angabe", "ohne angabe", "onbekend", "inconnu", "inconnue", "non disponible", "no disponible",
    "brak danych", "ukendt", "ukjent", "okänt", "缺失", "暂无", "未知", "非公開", "미상", "미정",
    "call for price", "price on request", "prix sur demande", "preis auf anfrage", "a consultar",
    "\\n", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "#null!",
)  # fmt: skip
# Characters that start a formula in spreadsheets, and the numbers that must not be mistaken for one.
_EXECUTED = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_NUMBER = re.compile(r"[+-]?(\d[\d.,' \u00a0\u202f]*|\.\d+)([eE][+-]?\d+)?\s?%?")
_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060\x00"


def tidy_names(original: Sequence[str]) -> tuple[str, ...]:
    """Return one usable name for each of ``original``, in order.

    Names are trimmed and runs of white space become one space. A blank name becomes ``column 3`` by its
    position. A repeated name gets ``(2)``, ``(3)`` … appended. Case is ignored: DuckDB and many other tools
    treat ``Price`` and ``price`` as one column.

    >>> tidy_names([" Category Label", "", "price", "price"])
    ('Category Label', 'column 2', 'price', 'price (2)')
    """
    tidied = [_tidied(name) or f"column {place}" for place, name in enumerate(original, start=1)]
    reserved = {name.casefold() for name in tidied}
    used: set[str] = set()
    return tuple(_free_name(name, used=used, reserved=reserved) for name in tidied)


def safe_cell(cell: str) -> str:
    """Return a text that no spreadsheet executes: a text that starts like a formula gets ``'`` in front.

    Numbers and a lone sign stay unchanged.

    >>> safe_cell("=1+1"), safe_cell("-1.5"), safe_cell("-"), safe_cell("@home"), safe_cell("a=1")
    ("'=1+1", '-1.5', '-', "'@home", 'a=1')
    """
    if cell[:1] not in _EXECUTED or len(cell) < 2 or _NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}"


def _tidied(name: str) -> str:
    visible = "".join(letter for letter in name if letter not in _INVISIBLE)
    return " ".join(visible.split())


def _free_name(name: str, *, used: set[str], reserved: set[str]) -> str:
    """Return ``name`` or its first numbered form that is neither used nor reserved; adds it to ``used``."""
    free, number = name, 1
    while free.casefold() in used or (number > 1 and free.casefold() in reserved):
        number += 1
        free = f"{name} ({number})"
    used.add(free.casefold())
    return free
