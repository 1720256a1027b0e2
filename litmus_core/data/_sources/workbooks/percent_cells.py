# ruff: noqa: S314 - expat bounds what entities grow to, and workbook_child the memory
"""Columns of an Excel sheet formatted as percentages: the file stores 0.015 for 1.5 %."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.etree import ElementTree as ET

_PERCENT_IDS = {"9", "10"}  # Excel's own formats: 0%, 0.00%
_QUOTED = re.compile(r'"[^"]*"|\\.')
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_Cell = ET.Element


def percent_columns(source: Path, sheet: str) -> tuple[frozenset[int], frozenset[int]]:
    """Return the columns of ``sheet``, from 0, formatted as percentages: in all cells, and in some.

    Both are empty for workbooks in other formats than ``.xlsx``. Raises ParseError if the file
    is damaged. Source: ECMA-376, part 1, 18.3.1.4 (cells) and 18.8.10 (their formats).
    """
    if not zipfile.is_zipfile(source):
        return frozenset(), frozenset()
    with zipfile.ZipFile(source) as archive:
        if not {"xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= {*archive.namelist()}:
            return frozenset(), frozenset()
        styles = _percent_styles(archive)
        path = _sheet_path(archive, sheet)
        if not styles or path not in archive.namelist():
            return frozenset(), frozenset()
        numbers, percents = Counter[int](), Counter[int]()
        with archive.open(path) as cells:
            for column, style in _numbers(cells):
                numbers[column] += 1
                percents[column] += style in styles
    all_of_them = frozenset(column for column, n in percents.items() if n and n == numbers[column])
    return all_of_them, frozenset(column for column, n in percents.items() if n) - all_of_them


def _percent_styles(archive: zipfile.ZipFile) -> set[str]:
    root = ET.fromstring(archive.read("xl/styles.xml"))
    custom_formats = {
        element.get("numFmtId"): element.get("formatCode", "") for element in _elements(root, "numFmt")
    }
    shown = _PERCENT_IDS | {
        id_ for id_, code in custom_formats.items() if id_ and "%" in _QUOTED.sub("", code)
    }
    formats = next(_elements(root, "cellXfs"), ())
    return {str(place) for place, format_ in enumerate(formats) if format_.get("numFmtId") in shown}


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
