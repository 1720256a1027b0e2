# ruff: noqa: E501 - a file a line, in its own letters
"""Workbooks of two kinds."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.data.hostile._file import Hostile, Write
from tests.data.workbooks import Error, Formula, write_ods, write_xlsx

_SPARSE = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    '<c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
)
_ENTITIES = '<!DOCTYPE w [<!ENTITY a "' + "x" * 999 + '"><!ENTITY b "&a;&a;&a;&a;">]>'
_TABLE = [["a", "b"], [1, "x"], [2, "y"]]


def _workbook(**options: Any) -> Write:
    return lambda path: write_xlsx(path, options.pop("sheets", {"One": _TABLE}), **options)


def _cut(path: Path) -> None:
    content = write_xlsx(path, {"One": _TABLE}).read_bytes()
    path.write_bytes(content[: len(content) // 2])


def _swollen_workbook(path: Path) -> None:
    """Write a workbook whose directory says that one part of it takes 3 GiB."""
    write_xlsx(path, {"One": _TABLE}, parts={"xl/media/zeros.bin": bytes(1 << 20)})
    content, size = path.read_bytes(), struct.pack("<I", 1 << 20)
    path.write_bytes(content.replace(size, struct.pack("<I", 3 << 30)))


def workbooks() -> Iterable[Hostile]:
    def with_sheet(xml: str) -> Write:
        return _workbook(parts={"xl/worksheets/sheet1.xml": xml})

    yield Hostile("xlsx", "t.xlsx", _workbook(), n_rows=2)
    yield Hostile("xlsx by another name", "t.csv", _workbook(), n_rows=2)
    yield Hostile("xlsx cut off", "t.xlsx", _cut, says="'t.xlsx' is a damaged zip file.")
    yield Hostile(
        "xlsx that is none", "t.xlsx", b"PK\x03\x04 nonsense", says="'t.xlsx' is a damaged zip file."
    )
    yield Hostile("CSV called xlsx", "t.xlsx", "a,b\n1,2\n", n_rows=1)
    yield Hostile(
        "HTML called xls", "t.xls", "<html><table><tr><td>1</td></tr></table>", says="is a web page"
    )
    yield Hostile(
        "xls that is none", "t.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), says="'t.xls'"
    )
    yield Hostile("xlsx without a sheet", "t.xlsx", _workbook(sheets={}), says="'t.xlsx'")
    yield Hostile(
        "xlsx of empty sheets", "t.xlsx", _workbook(sheets={"A": [], "B": []}), says="no sheet with a table"
    )
    yield Hostile(
        "xlsx of a header alone",
        "t.xlsx",
        _workbook(sheets={"A": [["a", "b"]]}),
        says="no sheet with a table",
    )
    yield Hostile(
        "xlsx with a first sheet of words",
        "t.xlsx",
        _workbook(sheets={"Read me": [["Hi"]], "T": _TABLE}),
        n_rows=2,
    )
    yield Hostile(
        "xlsx with titles above", "t.xlsx", _workbook(sheets={"A": [["Sales"], [], *_TABLE]}), n_rows=2
    )
    yield Hostile(
        "xlsx of formulas",
        "t.xlsx",
        _workbook(sheets={"A": [["a"], [Formula("1+1", 2)], [Formula("B9", 3)]]}),
        n_rows=2,
    )
    yield Hostile(
        "xlsx of formulas never calculated", "t.xlsx",
        _workbook(sheets={"A": [["a", "b"], [Formula('WEBSERVICE("http://x")', None), 1]]}), n_rows=1,
    )  # fmt: skip
    yield Hostile(
        "xlsx of errors", "t.xlsx", _workbook(sheets={"A": [["a", "b"], [Error("#REF!"), 1]]}), n_rows=1
    )
    yield Hostile(
        "xlsx with macros",
        "t.xlsm",
        _workbook(parts={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(99)}),
        n_rows=2,
    )
    yield Hostile(
        "xlsx with external links", "t.xlsx",
        _workbook(parts={"xl/externalLinks/externalLink1.xml": "<externalLink/>",
                         "xl/externalLinks/_rels/externalLink1.xml.rels": '<Relationship Target="\\\\evil\\x.xlsx"/>'}),
        n_rows=2,
    )  # fmt: skip
    yield Hostile(
        "xlsx with a hidden sheet first",
        "t.xlsx",
        _workbook(sheets={"H": _TABLE, "V": [["a"], [9]]}, hidden=["H"]),
        n_rows=1,
    )
    yield Hostile(
        "xlsx with merged cells",
        "t.xlsx",
        _workbook(sheets={"A": [["a", "b"], ["x", 1], [None, 2]]}, merged=["A2:A3"]),
        n_rows=2,
    )
    yield Hostile("xlsx merged beyond reach", "t.xlsx", _workbook(merged=["A1:XFD1048576"]), n_rows=2)
    yield Hostile(
        "xlsx with a cell at the far end",
        "t.xlsx",
        with_sheet(_SPARSE),
        says="'t.xlsx' is damaged, or a sheet",
    )
    yield Hostile(
        "xlsx of broken XML", "t.xlsx", with_sheet("<worksheet><sheetData><row><c r="), says="'t.xlsx'"
    )
    yield Hostile("xlsx with XML entities", "t.xlsx", with_sheet(_ENTITIES + _SPARSE[:40]), says="'t.xlsx'")
    yield Hostile(
        "xlsx that swells", "t.xlsx", _swollen_workbook, says="Litmus reads workbooks of up to 2 GiB"
    )
    yield Hostile(
        "xlsx of script and formulas as text",
        "t.xlsx",
        _workbook(sheets={"A": [["<b>", "=x"], ["=1+1", "@a"]]}),
        n_rows=1,
    )
    yield Hostile("ods", "t.ods", lambda path: write_ods(path, {"One": _TABLE}), n_rows=2)
    yield Hostile(
        "ods cut off",
        "t.ods",
        lambda path: (write_ods(path, {"One": _TABLE}), path.write_bytes(path.read_bytes()[:300])),
        says="damaged zip",
    )
