# ruff: noqa: S314 - expat bounds what entities grow to, and workbook_child the memory
"""Columns of an Excel sheet that are shown in another way than stored: 1.5 % for 0.015, 00501 for 501."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import IO
from xml.etree import ElementTree as ET

_PERCENT_IDS = {"9", "10"}  # Excel's own formats: 0%, 0.00%
_QUOTED = re.compile(r'"[^"]*"|\\.')
_PIECE = re.compile(r"""\[\$-[^\]]*\]|[_*].|"([^"]*)"|\\(.)|([-0 +/()])""")
_LARGEST = 10**15  # Excel keeps 15 digits
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_Cell = ET.Element


@dataclass(frozen=True, slots=True)
class Form:
    """How numbers are shown: as percentages, or with all digits of a ``mask`` such as 00000."""

    mask: str = ""

    def text(self, number: float) -> str:
        """Return a number as displayed.

        >>> Form().text(0.015), Form("00000").text(501.0), Form("000-0000").text(15550123)
        ('1.5%', '00501', '1555-0123')
        """
        if not self.mask:
            return f"{(Decimal(repr(number)) * 100).normalize():f}%"
        n_digits, first = self.mask.count("0"), self.mask.index("0")
        digits = f"{int(number):0{n_digits}d}"
        spare, rest = digits[:-n_digits], iter(digits[-n_digits:])
        shown = "".join(next(rest) if character == "0" else character for character in self.mask)
        return shown[:first] + spare + shown[first:]

    def shows(self, number: object) -> bool:
        """Return whether it says how a cell's value is shown: a mask is one for whole numbers alone."""
        return type(number) in (float, int) and (
            not self.mask or (0 <= number < _LARGEST and number == int(number))  # type: ignore[operator, call-overload]
        )


@dataclass(frozen=True, slots=True)
class NumberFormats:
    """The forms of a sheet's columns, from 0, and of those in which only some numbers have one.

    A percentage counts if all numbers of a column are shown so. A mask counts if most are, for 501 and 00501
    are then one code.
    """

    forms: Mapping[int, Form]
    in_part: Mapping[int, Form]


def number_formats(source: Path, sheet: str) -> NumberFormats:
    """Return how ``sheet`` shows the numbers of its columns.

    Nothing is known of workbooks in other formats than ``.xlsx``. Raises ParseError if the file
    is damaged. Source: ECMA-376, part 1, 18.3.1.4 (cells) and 18.8.10 (their formats).
    """
    counts: dict[int, Counter[Form | None]] = {}
    for column, form in _number_cells(source, sheet) if zipfile.is_zipfile(source) else ():
        counts.setdefault(column, Counter())[form] += 1
    forms, in_part = {}, {}
    for column, shown in counts.items():
        form = max(filter(None, shown), key=lambda one: shown[one], default=None)
        if form is None:
            continue
        if len(shown) == 1 or (form.mask and set(shown) == {form, None} and shown[form] > shown[None]):
            forms[column] = form
        if len(shown) > 1:
            in_part[column] = form
    return NumberFormats(forms, in_part)


def _number_cells(source: Path, sheet: str) -> Iterator[tuple[int, Form | None]]:
    """Yield the column of each numeric cell of a sheet, with its form; nothing if the file has no form."""
    with zipfile.ZipFile(source) as archive:
        if not {"xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= {*archive.namelist()}:
            return
        forms, path = _forms_by_style(archive), _sheet_path(archive, sheet)
        if not forms or path not in archive.namelist():
            return
        with archive.open(path) as cells:
            for column, style in _numbers(cells):
                yield column, forms.get(style)


def _forms_by_style(archive: zipfile.ZipFile) -> dict[str, Form]:
    root = ET.fromstring(archive.read("xl/styles.xml"))
    forms = {id_: Form() for id_ in _PERCENT_IDS}
    for element in _elements(root, "numFmt"):
        form = _form(element.get("formatCode", ""))
        if form is not None:
            forms[element.get("numFmtId", "")] = form
    styles = enumerate(next(_elements(root, "cellXfs"), ()))
    return {str(place): forms[id_] for place, style in styles if (id_ := style.get("numFmtId", "")) in forms}


def _form(code: str) -> Form | None:
    """Return the form of a format's code, if it is a percentage or shows zeros in front.

    >>> _form("0.0%"), _form(r"00000\\-0000"), _form("0"), _form("00.0"), _form("0,000")
    (Form(mask=''), Form(mask='00000-0000'), None, None, None)
    """
    if "%" in _QUOTED.sub("", code):
        return Form()
    mask, place = "", 0
    for piece in _PIECE.finditer(code):
        if piece.start() != place:
            break
        place = piece.end()
        words = piece[1] or piece[2] or ""
        if "0" in words:
            return None
        mask += words or piece[3] or ""
    is_whole = place == len(code) or code[place] == ";"
    return Form(mask) if is_whole and mask.count("0") > 1 else None


def _sheet_path(archive: zipfile.ZipFile, sheet: str) -> str:
    book = ET.fromstring(archive.read("xl/workbook.xml"))
    links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    wanted = next(
        (element.get(_LINK) for element in _elements(book, "sheet") if element.get("name") == sheet), None
    )
    target = next((link.get("Target", "") for link in links if link.get("Id") == wanted), "")
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _numbers(cells: IO[bytes]) -> Iterator[tuple[int, str]]:
    """Yield the column and the style of each numeric cell."""
    column = -1
    for event, element in ET.iterparse(cells, events=("start", "end")):
        tag = element.tag.rpartition("}")[2]
        if event == "start":
            column = -1 if tag == "row" else column
        elif tag == "c":
            place = element.get("r")
            column = column + 1 if place is None else _column(place)
            if element.get("t", "n") == "n" and any(inner.tag.endswith("}v") for inner in element):
                yield column, element.get("s", "0")
        elif tag == "row":
            element.clear()


def _column(place: str) -> int:
    """Return a cell's column, from 0: that of B7 is 1."""
    number = 0
    for letter in place.rstrip("0123456789"):
        number = 26 * number + ord(letter) - 64
    return number - 1


def _elements(root: _Cell, name: str) -> Iterator[_Cell]:
    return (element for element in root.iter() if element.tag.rpartition("}")[2] == name)
