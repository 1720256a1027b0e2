"""Personal data: e-mail addresses, phone and card numbers, bank accounts, and columns named after them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from litmus_core.checks._phrases import combine_findings
from litmus_core.checks._uninformative_columns import leave_out
from litmus_core.types import Finding, Statement

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.checks._context.table import CheckContext
    from litmus_core.types import Column

_CELLS_SEEN = 400_000
_FEWEST, _PART = 3, 0.01
_MOSTLY = 0.5  # of the candidates with valid check digits, or of the cells that are nothing else
_EMAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
_PHONE = (
    r"(?:^|[^\d.,])(?:\+\d{1,3}[ .-]?)?(?:\(\d{2,4}\)[ .-]?|\d{2,4}[ .-])"
    r"\d{3}[ .-]?\d{2,4}(?:[ .-]?\d{2})?(?![\d.,])"
)
_INTERNATIONAL = r"(?:^|\s)(?:\+|00)[1-9]\d{8,13}(?!\d)"
_CARD = r"(?<!\d)(?:[2-6]\d{3}[ -]?\d{4,6}[ -]?\d{4,5}(?:[ -]?\d{1,4})?)(?!\d)"
_DECIMAL = r"[-+]?\d+[.,]\d{3,}(?![.,]?\d)"  # measurements: coordinates, prices; not digits that identify
_GROUPED = r"[-+]?\d{1,3}(?:[ .,']\d{3})+"  # thousands
_PHONE_NAMES = re.compile(r"phone|tel|mobile|cell|fax|contact|whatsapp", re.IGNORECASE)
_CARDS = re.compile(  # issuers: Visa, Mastercard, American Express, Diners, Discover, JCB, Maestro
    r"4\d{12}(\d{3}){0,2}|(5[1-5]|2[2-7])\d{14}|3[47]\d{13}|3(0[0-5]|[689]\d)\d{11}|6(011|5\d\d)\d{12}"
    r"|35\d{14}|(50|5[6-9]|6\d)\d{10,17}"
)
_IBAN = r"[A-Z]{2}\d{2}[ ]?[A-Z0-9]{4}(?:[ ]?[A-Z0-9]{4}){2,6}(?:[ ]?[A-Z0-9]{1,3})?"
_NAMES = re.compile(
    r"(^|[\s_.-])(e-?mail|phone|telephone|mobile|ssn|social security|passport|iban|card (number|no)|"
    r"first name|last name|full name|surname|given name|family name|maiden name|birth ?date|date of birth|"
    r"dob|street|home address|ip address|licen[cs]e (number|plate))($|[\s_.-])"
)


def personal_data(table: CheckContext) -> Iterator[Finding]:
    """Yield the columns that hold personal data, or are named after it, as hints."""
    n_rows = max(200, _CELLS_SEEN // max(1, len(table.columns)))
    head = table.sample.head(n_rows)
    findings = []
    for column in table.columns:
        statement = _by_values(head[column.name], column) or _by_name(column)
        if statement is not None:
            findings.append(
                Finding(
                    kind="personal_data",
                    severity="hint",
                    columns=(column.name,),
                    statement=statement,
                    evidence=(Statement.of("personal_data", "use"),),
                    fix=leave_out(column.name, safe=False),
                )
            )
    return combine_findings(findings)


def _by_values(values: pd.Series[Any], column: Column) -> Statement | None:
    if column.stores_whole_numbers:
        texts = values.dropna().map(lambda value: str(int(value)))
        patterns: tuple[_Shape, ...] = _SHAPES[2:3]
    elif column.stores_text:
        texts, patterns = values.dropna(), _SHAPES
    else:
        return None
    texts = texts.str.replace(_DECIMAL, " ", regex=True)
    for shape in patterns:
        candidates = texts[texts.str.contains(shape.pattern, regex=True)]
        good = [text for text in candidates if any(map(shape.is_one, re.findall(shape.pattern, text)))]
        is_frequent = len(good) >= max(_FEWEST, _PART * len(texts))
        if is_frequent and shape.is_confirmed(column.name, candidates.tolist(), good, len(texts)):
            return Statement.of(
                "personal_data",
                "values",
                columns=[column.name],
                holds=shape.title,
                share=len(good) / len(texts),
            )
    return None


def _mostly_pass(name: str, candidates: list[str], good: list[str], n_cells: int) -> bool:
    """Return whether check digits are valid for most of several candidates (one in ten by chance)."""
    return len(good) >= _MOSTLY * len(candidates) and len(set(good)) > 1


def _are_phones(name: str, candidates: list[str], good: list[str], n_cells: int) -> bool:
    """Return whether groups of digits are phone numbers: by name, by a + or brackets, or in whole cells.

    Numbers with thousands separators are not, nor are book numbers.
    """
    if len(set(good)) < _FEWEST or sum(map(is_isbn, good)) > _MOSTLY * len(good):
        return False
    signed = [text for text in good if re.search(r"\+\d|\(\d|(?:^|\s)00[1-9]", text)]
    if _PHONE_NAMES.search(name) or len(signed) >= _MOSTLY * len(good):
        return True
    numbers = [text for text in good if re.fullmatch(r"[\d\s+().-]{7,20}", text.strip())]
    grouped = [text for text in numbers if re.fullmatch(_GROUPED, text.strip())]
    if len(numbers) < _MOSTLY * len(good):  # among words
        return len(good) - len(numbers) >= _FEWEST
    return len(numbers) - len(grouped) >= _MOSTLY * n_cells


def _are_present(name: str, candidates: list[str], good: list[str], n_cells: int) -> bool:
    return True


def _by_name(column: Column) -> Statement | None:
    words = re.sub(r"([a-z])([A-Z])", r"\1 \2", column.name)
    plain = re.sub(r"[\s_.-]+", " ", words).lower()
    is_repeated_digit = column.traits.is_truth or column.stores_fractions or column.n_distinct <= 2
    if is_repeated_digit or not _NAMES.search(plain):
        return None
    return Statement.of("personal_data", "name", columns=[column.name])


def is_card(text: str) -> bool:
    """Return whether a text's digits are those of a payment card, by their check sum (Luhn).

    >>> is_card("4111 1111 1111 1111"), is_card("4111 1111 1111 1112")
    (True, False)
    """
    digits = [int(character) for character in text if character.isdigit()]
    if not _CARDS.fullmatch("".join(map(str, digits))) or len(set(digits)) < 2:
        return False
    doubled = [2 * digit - 9 * (digit > 4) for digit in digits[-2::-2]]
    return (sum(doubled) + sum(digits[-1::-2])) % 10 == 0


def is_isbn(text: str) -> bool:
    """Return whether a text is an ISBN, by its check digit.

    >>> is_isbn("978-0-306-40615-7"), is_isbn("0-306-40615-2"), is_isbn("978-0-306-40615-8")
    (True, True, False)
    """
    plain = re.sub(r"^ISBN(-1[03])?:?|[\s-]", "", text.strip(), flags=re.IGNORECASE)
    if re.fullmatch(r"97[89]\d{10}", plain):
        return sum(int(digit) * (1 + 2 * (place % 2)) for place, digit in enumerate(plain)) % 10 == 0
    if not re.fullmatch(r"\d{9}[\dXx]", plain):
        return False
    digits = [10 if digit in "Xx" else int(digit) for digit in plain]
    return sum((10 - place) * digit for place, digit in enumerate(digits)) % 11 == 0


def is_iban(text: str) -> bool:
    """Return whether a text is an IBAN, by its check digits.

    >>> is_iban("GB82 WEST 1234 5698 7654 32"), is_iban("GB83 WEST 1234 5698 7654 32")
    (True, False)
    """
    plain = text.replace(" ", "")
    if not 15 <= len(plain) <= 34:
        return False
    return int("".join(str(int(character, 36)) for character in plain[4:] + plain[:4])) % 97 == 1


def _always(text: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class _Shape:
    """A pattern, the check of one candidate, and the condition on all of a column."""

    title: str
    pattern: str
    is_one: Callable[[str], bool]
    is_confirmed: Callable[[str, list[str], list[str], int], bool]


_SHAPES = (
    _Shape("e-mail addresses", _EMAIL, _always, _are_present),
    _Shape("bank account numbers", _IBAN, is_iban, _mostly_pass),
    _Shape("payment card numbers", _CARD, is_card, _mostly_pass),
    _Shape("phone numbers", f"{_PHONE}|{_INTERNATIONAL}", _always, _are_phones),
)
