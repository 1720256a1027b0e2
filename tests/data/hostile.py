# ruff: noqa: E501, RUF001 - a file a line, in its own letters
"""Files as people really have them, or as somebody who means ill writes them, and what becomes of each."""

from __future__ import annotations

import gzip
import json
import random
import sqlite3
import struct
import zipfile
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from tests.data.workbooks import Error, Formula, write_ods, write_xlsx

Write = Callable[[Path], Any]


@dataclass(frozen=True)
class Hostile:
    """One file: ``n_rows`` where it is read, else what is said of it. A str is written as UTF-8."""

    id: str
    name: str
    content: str | bytes | Write
    n_rows: int | None = None
    says: str = ""

    def write(self, folder: Path) -> Path:
        path = folder / self.name
        if callable(self.content):
            self.content(path)
        else:
            path.write_bytes(self.content.encode() if isinstance(self.content, str) else self.content)
        return path


def _texts() -> Iterable[Hostile]:
    wide = ",".join(f"c{number}" for number in range(5_000))
    row = ",".join(str(number % 7) for number in range(5_000))
    yield Hostile("empty file", "t.csv", "", says="'t.csv' is empty.")
    yield Hostile("white space only", "t.csv", " \n\t\n\n", says="'t.csv' is empty.")
    yield Hostile("separators only", "t.csv", ",,\n,,\n", says="'t.csv' has no values in it.")
    yield Hostile("header only", "t.csv", "a,b\n", says="'t.csv' has a header but no rows.")
    yield Hostile("one cell", "t.csv", "a", says="'t.csv' has a header but no rows.")
    yield Hostile("one column", "t.csv", "a\nx\ny\n", n_rows=2)
    yield Hostile("one row", "t.csv", "a,b\n1,2\n", n_rows=1)
    yield Hostile("a byte-order mark alone", "t.csv", b"\xef\xbb\xbf", says="'t.csv' is empty.")
    yield Hostile("short row", "t.csv", "a,b,c\n1,2,3\n4,5\n", says="Line 3 of 't.csv' has 2 values")
    yield Hostile("long row", "t.csv", "a,b\n1,2\n3,4,5\n", says="Line 3 of 't.csv' has 3 values")
    yield Hostile(
        "short row far down", "t.csv", "a,b\n" + "1,2\n" * 30_000 + "7\n" + "1,2\n" * 9,
        says="Line 30,002 of 't.csv' has 1 value where",
    )  # fmt: skip
    yield Hostile(
        "long row behind a cell of several lines", "t.csv", 'a,b\n1,"x\ny\nz"\n1,2,3\n',
        says="Line 5 of 't.csv' has 3 values",
    )  # fmt: skip
    yield Hostile("rows that end in separators", "t.csv", "a,b\n1,2,,,\n3,4,,,\n", n_rows=2)
    yield Hostile("blank lines all over", "t.csv", "\n\na,b\n\n1,2\n\n\n3,4\n\n", n_rows=2)
    yield Hostile("5,000 columns", "t.csv", f"{wide}\n{row}\n{row}\n", n_rows=2)
    yield Hostile(
        "20,001 columns", "t.csv", ",".join("1" * 20_001) + "\n" + ",".join("1" * 20_001) + "\n",
        says="'t.csv' has 20,001 columns",
    )  # fmt: skip
    yield Hostile("duplicate headers", "t.csv", "a,a,A,a\n1,2,3,4\n", n_rows=1)
    yield Hostile("blank headers", "t.csv", ",,x\n1,2,3\n4,5,6\n", n_rows=2)
    yield Hostile("headers of spaces", "t.csv", " ,\t,x\n1,2,3\n4,5,6\n", n_rows=2)
    yield Hostile("headers that take each other's place", "t.csv", "a (2),a,a\n1,2,3\n", n_rows=1)
    yield Hostile("headers named like our own", "t.csv", "c0,c1,file_row_number\n1,x,3\n4,y,6\n", n_rows=2)
    yield Hostile("headers of SQL", "t.csv", '"a""; DROP TABLE b; --",\' OR 1=1\n1,2\n3,4\n', n_rows=2)
    yield Hostile("a very long header", "t.csv", f"{'h' * 100_000},b\n1,2\n", n_rows=1)
    yield Hostile(
        "script in header and cells", "t.csv", "<script>alert(1)</script>,b\n<img src=x>,2\n", n_rows=1
    )
    yield Hostile(
        "formulas in header and cells", "t.csv", "=1+1,@SUM\n=cmd|' /C calc'!A0,+1+2\n-2+3,@x\n", n_rows=2
    )
    yield Hostile("format strings", "t.csv", "%s,{0},${x}\n%n%n,{x!r},$(rm)\n", n_rows=1)
    yield Hostile("mixed types", "t.csv", "a,b\n1,x\ntwo,3\n2020-01-01,true\n", n_rows=3)
    yield Hostile(
        "a number that turns text far down", "t.csv", "a,b\n" + "1,2\n" * 30_000 + "x,2\n", n_rows=30_001
    )
    yield Hostile("booleans of all kinds", "t.csv", "a,b\ntrue,yes\nFALSE,N\nTrue,0\n", n_rows=3)
    yield Hostile("impossible dates", "t.csv", "a,b\n31/02/2020,1\n45/13/2020,2\n0000-00-00,3\n", n_rows=3)
    yield Hostile(
        "dates beyond the calendar", "t.csv", "a,b\n9999-12-31,1\n0001-01-01,2\n10000-01-01,3\n", n_rows=3
    )
    yield Hostile("infinities", "t.csv", "a,b\ninf,1\n-Infinity,2\n1e999,3\n-1e999,4\n", n_rows=4)
    yield Hostile("not a number", "t.csv", "a,b\nNaN,1\nnan,2\n#DIV/0!,3\n", n_rows=3)
    yield Hostile("huge numbers", "t.csv", f"a,b\n{'9' * 400},1\n1e308,2\n-{'9' * 39},3\n", n_rows=3)
    yield Hostile("tiny numbers", "t.csv", "a,b\n1e-320,1\n4.9e-324,2\n1e-999,3\n", n_rows=3)
    yield Hostile("negative zero and signs", "t.csv", "a,b\n-0,+1\n+-1,--2\n", n_rows=2)
    yield Hostile("numbers of other scripts", "t.csv", "a,b\n١٢٣,1\n４５,2\n", n_rows=2)
    yield Hostile("everything missing", "t.csv", "a,b\nNA,\n,null\n", n_rows=2)
    yield Hostile("emoji", "t.csv", "😀,b\n👩‍👩‍👧‍👦,1\n🇩🇪,2\n", n_rows=2)
    yield Hostile("right to left", "t.csv", "שם,العمر\nדנה,31\n\u202eevil\u202c,32\n", n_rows=2)
    yield Hostile("combining letters", "t.csv", "e\u0301,é\n1,2\nZ\u0335\u0310\u031a" * 1 + ",3\n", n_rows=2)
    yield Hostile("invisible letters", "t.csv", "a\u200b,a,\u2060\n1,2,3\n\u200b,5,6\n", n_rows=2)
    yield Hostile("other line ends", "t.csv", "a,b\u2028c,d\n1\x85,2\x0b,3\x0c\n4,5,6\n", n_rows=2)
    yield Hostile("old Mac line ends", "t.csv", "a,b\r1,2\r3,4\r", n_rows=2)
    yield Hostile("mixed line ends", "t.csv", "a,b\r\n1,2\n3,4\r5,6", n_rows=3)
    yield Hostile(
        "control characters", "t.csv", "a,b\n" + "some text,2\n" * 40 + "x\x07\x1b[31m,2\n", n_rows=41
    )
    yield Hostile("a quote that never closes", "t.csv", 'a,b\n1,"x\n2,y\n3,z\n', n_rows=3)
    yield Hostile(
        "a quote that swallows rows of another width", "t.csv", 'a,b\n1,"x\n2\n3,z,4\n', says="of 't.csv'"
    )
    yield Hostile("text behind a closing quote", "t.csv", 'a,b\n1,"x"y\n2,"z"\n', n_rows=2)
    yield Hostile("nothing but quotes", "t.csv", '""""\n""\n"\n', says="'t.csv'")
    yield Hostile("inches", "t.csv", 'a,b\n5" pipe,1\n6" pipe,2\n', n_rows=2)
    yield Hostile("a cell of a million letters", "t.csv", f"a,b\n{'x' * 1_000_000},1\ny,2\n", n_rows=2)
    yield Hostile(
        "a title above the table", "t.csv", "Sales of May;;\n\nday;sold;left\n1;2;3\n4;5;6\n", n_rows=2
    )
    yield Hostile(
        "comments above the table", "t.csv", "# made by x\n# on day y\na,b,c\n1,2,3\n4,5,6\n", n_rows=2
    )
    yield Hostile("a separator that is only in one row", "t.csv", "a\nx\ny;z\nw\n", n_rows=3)
    yield Hostile("spaces for separators", "t.csv", "a b c\n1 2 3\n4 5 6\n", n_rows=2)
    yield Hostile(
        "an HTML page", "t.csv", "<!DOCTYPE html><html><body>404</body></html>", says="is a web page"
    )
    yield Hostile(
        "XML", "t.csv", "<?xml version='1.0'?><rows><row a='1'/></rows>", says="is a web page or XML"
    )
    yield Hostile(
        "an XML entity bomb", "t.csv",
        '<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]><z>&b;</z>', says="XML document",
    )  # fmt: skip
    yield Hostile("a folder's name with odd letters", "we[i]rd*'? %00 name.csv", "a,b\n1,2\n", n_rows=1)


def _encodings() -> Iterable[Hostile]:
    text = "city,n\nMünchen,1\nŁódź,2\nОдесса,3\n"
    for codec in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        yield Hostile(f"written in {codec}", "t.csv", text.encode(codec), n_rows=3)
    yield Hostile("cyrillic without a word of it", "t.csv", "город,n\nОдесса,3\n".encode("cp1251"), n_rows=1)
    yield Hostile("shift-jis", "t.csv", "都市,n\n東京,3\n".encode("shift_jis"), n_rows=1)
    yield Hostile("cp1252", "t.csv", "a,b\nMünchen €,1\n".encode("cp1252"), n_rows=1)
    yield Hostile("latin-1", "t.csv", "a,b\nM\xfcnchen \x81,1\n".encode("latin-1"), n_rows=1)
    yield Hostile("encodings mixed", "t.csv", "a,b\nMünchen,1\n".encode() * 20 + b"M\xfcnchen,2\n", n_rows=40)
    yield Hostile("overlong UTF-8", "t.csv", b"a,b\n\xc0\xaf,1\n\xed\xa0\x80,2\n", n_rows=2)
    yield Hostile("UTF-8 cut off", "t.csv", "a,b\n1,ü".encode()[:-1], n_rows=1)
    yield Hostile("UTF-16 cut off", "t.csv", "a,b\n1,2\n3,4".encode("utf-16")[:-1], n_rows=2)
    yield Hostile("two byte-order marks", "t.csv", b"\xef\xbb\xbf\xef\xbb\xbfa,b\n1,2\n", n_rows=1)
    yield Hostile("a byte-order mark in the middle", "t.csv", "a,b\n1,\ufeff2\n3,4\n", n_rows=2)
    yield Hostile("some NUL characters", "t.csv", "a,b\n1,\x00x\n" + "2,plain text\n" * 30, n_rows=31)
    yield Hostile("NUL characters only", "t.csv", b"\x00" * 4096, says="t.csv'")
    yield Hostile("a sparse file's holes", "t.csv", b"a,b\n1,2\n" + b"\x00" * 5000, says="t.csv'")
    yield Hostile("random bytes", "t.csv", random.Random(0).randbytes(5000), says="does not look like text")
    yield Hostile("a picture", "t.csv", b"\x89PNG\r\n\x1a\n" + b"\x00" * 99, says="is a picture")
    yield Hostile("a PDF", "t.csv", b"%PDF-1.7\n%\xe2\xe3", says="is a PDF document")
    yield Hostile("a pickle", "t.csv", b"\x80\x04\x95cos\nsystem\n(S'ls'\ntR." + bytes(99), says="t.csv'")
    yield Hostile("a program", "t.csv", b"\x7fELF\x02\x01\x01" + bytes(300), says="does not look like text")


def _zipped(path: Path, members: dict[str, bytes | str]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def _gzip_bomb(path: Path) -> None:
    """Write 40 MiB of one letter, 1,000 times as small."""
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(40):
            file.write(b"a" * (1 << 20))


def _zip_bomb(path: Path) -> None:
    """Write 40 MiB of one letter whose size the archive says."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("t.csv", "w") as file,
    ):
        for _ in range(40):
            file.write(b"a" * (1 << 20))


def _lying_zip_bomb(path: Path) -> None:
    """Write the same bomb, with a size of 10 bytes in its directory."""
    _zip_bomb(path)
    content, size = path.read_bytes(), struct.pack("<I", 40 << 20)
    path.write_bytes(content.replace(size, struct.pack("<I", 10)))


def _locked_zip(path: Path) -> None:
    _zipped(path, {"t.csv": "a,b\n1,2\n"})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    content[6] |= 1
    path.write_bytes(content)


def _archives() -> Iterable[Hostile]:
    table = "a,b\n1,2\n3,4\n"
    packed = gzip.compress(table.encode() * 50)
    yield Hostile("gzip", "t.csv.gz", gzip.compress(table.encode()), n_rows=2)
    yield Hostile("gzip by another name", "t.csv", gzip.compress(table.encode()), n_rows=2)
    yield Hostile("gzip cut off", "t.csv.gz", packed[:-12], says="'t.csv.gz' is a damaged gzip file.")
    yield Hostile(
        "gzip with a flipped byte", "t.csv.gz", packed[:30] + b"\xff\x00" + packed[32:], says="damaged gzip"
    )
    yield Hostile("gzip of nothing", "t.csv.gz", gzip.compress(b""), says="'t.csv.gz' is empty.")
    yield Hostile("gzip within gzip", "t.csv.gz", gzip.compress(packed), n_rows=149)
    yield Hostile("gzip bomb", "t.csv.gz", _gzip_bomb, says="unpacks to more than 200 times its size")
    yield Hostile("zip", "t.zip", lambda path: _zipped(path, {"in/t.csv": table}), n_rows=2)
    yield Hostile("zip by another name", "t.csv", lambda path: _zipped(path, {"x.csv": table}), n_rows=2)
    yield Hostile(
        "zip from a Mac",
        "t.zip",
        lambda path: _zipped(path, {"t.csv": table, "__MACOSX/._t.csv": "\x00"}),
        n_rows=2,
    )
    yield Hostile(
        "zip of several tables", "t.zip", lambda path: _zipped(path, {"x.csv": table, "y.csv": table}),
        says="'t.zip' holds 2 tables: 'x.csv', 'y.csv'.",
    )  # fmt: skip
    yield Hostile(
        "zip of no table", "t.zip", lambda path: _zipped(path, {"a.png": "", "b.doc": ""}), says="no table"
    )
    yield Hostile("zip of nothing", "t.zip", lambda path: _zipped(path, {}), says="It is empty.")
    yield Hostile(
        "zip that climbs out", "t.zip", lambda path: _zipped(path, {"../../../evil.csv": table}), n_rows=2
    )
    yield Hostile(
        "zip with an absolute path", "t.zip", lambda path: _zipped(path, {"/etc/evil.csv": table}), n_rows=2
    )
    yield Hostile("zip bomb", "t.zip", _zip_bomb, says="unpacks to more than 200 times its size")
    yield Hostile("zip bomb that lies", "t.zip", _lying_zip_bomb, says="'t.zip' is a damaged zip file.")
    yield Hostile("zip with a password", "t.zip", _locked_zip, says="is protected with a password")
    yield Hostile("zip cut off", "t.zip", b"PK\x03\x04" + bytes(40), says="'t.zip' is a damaged zip file.")

    def nested(path: Path) -> None:
        inner = BytesIO()
        with zipfile.ZipFile(inner, "w") as archive:
            archive.writestr("t.csv", table)
        _zipped(path, {"inner.zip": inner.getvalue()})

    yield Hostile("zip within zip", "t.zip", nested, says="archive within an archive")
    yield Hostile("bzip2", "t.csv.bz2", b"BZh91AY&SY" + bytes(20), says="is compressed")
    yield Hostile("xz", "t.csv.xz", b"\xfd7zXZ\x00" + bytes(20), says="is compressed")


def _json() -> Iterable[Hostile]:
    deep = "[" * 100_000
    yield Hostile("JSON lines", "t.jsonl", '{"a":1}\n\n{"a":2,"b":"x"}\n', n_rows=2)
    yield Hostile("JSON array", "t.json", '[{"a":1},{"a":2}]', n_rows=2)
    yield Hostile("JSON by another name", "t.csv", '[{"a":1},{"a":2}]', n_rows=2)
    yield Hostile("JSON with a byte-order mark", "t.json", b'\xef\xbb\xbf[{"a":1}]', n_rows=1)
    yield Hostile("JSON in UTF-16", "t.json", '[{"a":"ü"}]'.encode("utf-16"), n_rows=1)
    yield Hostile("JSON lines cut off", "t.jsonl", '{"a":1}\n{"a":', says="Line 2 of 't.jsonl' is no JSON.")
    yield Hostile("JSON array cut off", "t.json", '[{"a":1},{"a":2}', says="The end of 't.json' is no JSON.")
    yield Hostile("JSON with more behind it", "t.json", '[{"a":1}] x', says="What follows the last bracket")
    yield Hostile("JSON entries without commas", "t.json", '[{"a":1} {"a":2}]', says="What follows entry 1")
    yield Hostile("JSON of nothing", "t.json", "[]", says="'t.json' has no rows.")
    yield Hostile("JSON of empty objects", "t.json", "[{},{}]", says="'t.json' has no rows.")
    yield Hostile("JSON of one object", "t.json", '{\n"a":\n1}', says="'t.json' holds one JSON object")
    yield Hostile(
        "JSON of one object of rows", "t.json", '{"rows":[{"a":1}]}', says="'t.json' holds one JSON object"
    )
    yield Hostile("JSON of numbers", "t.json", "[1,2,3]", says="Entry 1 of 't.json' is no object")
    yield Hostile("JSON of a text", "t.json", '"hello"', says="'t.json'")
    yield Hostile("JSON nested very deep", "t.json", f'[{{"a":{deep}', says="Entry 1 of 't.json' is no JSON.")
    yield Hostile(
        "JSON lines nested very deep", "t.jsonl", f'{{"a":{deep}\n', says="Line 1 of 't.jsonl' is no JSON."
    )
    yield Hostile("JSON of nested objects", "t.json", '[{"a":{"b":{"c":1},"d":[1]}},{"a":2}]', n_rows=2)
    yield Hostile("JSON with names that collide", "t.json", '[{"a.b":1,"a":{"b":2}}]', n_rows=1)
    yield Hostile("JSON with a blank name", "t.json", '[{"":1,"a":2}]', n_rows=1)
    yield Hostile(
        "JSON with numbers that are none", "t.json", '[{"a":NaN,"b":-Infinity},{"a":1,"b":2}]', n_rows=2
    )
    yield Hostile(
        "JSON with a huge number", "t.json", f'[{{"a":{"9" * 5000}}}]', says="Entry 1 of 't.json' is no JSON."
    )
    yield Hostile("JSON with half a letter", "t.json", '[{"a":"\\ud800","\\udfff":1}]', n_rows=1)
    yield Hostile("JSON with NUL", "t.json", '[{"a":"x\\u0000y"}]', n_rows=1)
    yield Hostile("JSON that is not UTF-8", "t.json", b'[{"a":"\xff\xfe"}]', says="no letters of UTF-8")
    yield Hostile(
        "JSON of types that differ", "t.jsonl", '{"a":1}\n{"a":"x"}\n{"a":[1]}\n{"a":null}\n', n_rows=4
    )
    wide = json.dumps([{f"k{number}": 1 for number in range(20_001)}])
    yield Hostile("JSON of 20,001 names", "t.json", wide, says="'t.json' has 20,001 columns")


def _parquet_of(**columns: Any) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


def _parquet() -> Iterable[Hostile]:
    import pyarrow as pa

    whole = _parquet_of(a=[1, 2], b=["x", None])
    yield Hostile("Parquet", "t.parquet", whole, n_rows=2)
    yield Hostile("Parquet by another name", "t.csv", whole, n_rows=2)
    yield Hostile(
        "Parquet cut off", "t.parquet", whole[: len(whole) // 2], says="damaged or not a Parquet file"
    )
    yield Hostile("Parquet without its beginning", "t.parquet", whole[9:], says="'t.parquet' is damaged")
    yield Hostile(
        "Parquet with a broken page", "t.parquet", whole[:5] + b"\xff" * 9 + whole[14:], says="t.parquet'"
    )
    yield Hostile(
        "Parquet whose footer lies",
        "t.parquet",
        whole[:-8] + b"\xff\xff\xff\x7fPAR1",
        says="damaged or not a Parquet",
    )
    yield Hostile(
        "Parquet of no rows", "t.parquet", _parquet_of(a=pa.array([], pa.int64())), says="has no rows"
    )
    yield Hostile("Parquet of no columns", "t.parquet", _parquet_of(), says="has no rows")
    yield Hostile(
        "Parquet of pictures",
        "t.parquet",
        _parquet_of(a=[b"\x00\x01"]),
        says="'a' of 't.parquet' holds binary",
    )
    yield Hostile("Parquet of records", "t.parquet", _parquet_of(a=[{"x": 1, "y": "q"}, None]), n_rows=2)
    yield Hostile(
        "Parquet of lists", "t.parquet", _parquet_of(a=[[1, 2], []], b=[{"x": {"y": 1}}] * 2), n_rows=2
    )
    yield Hostile("Parquet of nothing", "t.parquet", _parquet_of(a=pa.nulls(2), b=[1, 2]), n_rows=2)
    yield Hostile(
        "Parquet of infinities", "t.parquet", _parquet_of(a=[float("inf"), float("nan"), 1.0]), n_rows=3
    )
    yield Hostile("Parquet of names alike", "t.parquet", _parquet_of(a=[1], A=[2]), n_rows=1)
    odd = pa.array([2**62, None], pa.timestamp("ns"))
    yield Hostile("Parquet of moments beyond reach", "t.parquet", _parquet_of(a=odd, b=[1, 2]), n_rows=2)
    text = pa.array([b"\xff\xfe"], pa.binary()).view(pa.string())
    yield Hostile("Parquet of texts that are none", "t.parquet", _parquet_of(a=text), says="t.parquet'")


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


def _workbooks() -> Iterable[Hostile]:
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


def _database(*statements: str) -> Write:
    def write(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    return write


_ROWS = ("CREATE TABLE t (a INTEGER, b TEXT)", "INSERT INTO t VALUES (1, 'x'), (2, 'y')")


def _half_a_database(path: Path) -> None:
    _database("CREATE TABLE t (a)", *["INSERT INTO t VALUES (hex(zeroblob(3000)))"] * 20)(path)
    path.write_bytes(path.read_bytes()[:20_000])


def _endless_view(path: Path) -> None:
    _database(
        "CREATE VIEW t AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n FROM r"
    )(path)


def _wrong_schema(path: Path) -> None:
    """Write a database whose schema says that the table is a function's."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a, b)")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = 'CREATE TABLE t (a, b AS (load_extension(a)))'")
        connection.commit()


def _sqlite() -> Iterable[Hostile]:
    yield Hostile("SQLite", "t.sqlite", _database(*_ROWS), n_rows=2)
    yield Hostile("SQLite by another name", "t.csv", _database(*_ROWS), n_rows=2)
    yield Hostile(
        "SQLite without a table",
        "t.db",
        _database("PRAGMA user_version = 1"),
        says="There is no table in 't.db'.",
    )
    yield Hostile(
        "SQLite of an empty table", "t.db", _database("CREATE TABLE t (a)"), says="'t' of 't.db' has no rows"
    )
    yield Hostile(
        "SQLite of several tables", "t.db", _database(*_ROWS, "CREATE TABLE u (a)", "INSERT INTO u VALUES (1)"),
        says="'t.db' has 2 tables: 't' (2 rows), 'u' (1 row).",
    )  # fmt: skip
    yield Hostile("SQLite cut off", "t.db", _half_a_database, says="'t.db' is a damaged SQLite database")
    yield Hostile("SQLite that is none", "t.db", b"SQLite format 3\x00" + bytes(500), says="t.db'")
    yield Hostile(
        "SQLite of noise",
        "t.db",
        b"SQLite format 3\x00" + random.Random(1).randbytes(9000),
        says="'t.db' is a damaged",
    )
    yield Hostile("SQLite with an endless view", "t.db", _endless_view, says="Views are not read")
    yield Hostile(
        "SQLite with triggers", "t.db",
        _database(*_ROWS, "CREATE TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM t; END"), n_rows=2,
    )  # fmt: skip
    yield Hostile("SQLite with a schema that runs code", "t.db", _wrong_schema, says="t.db'")
    yield Hostile(
        "SQLite with a virtual table", "t.db", _database("CREATE VIRTUAL TABLE v USING fts5(a)", *_ROWS),
        says="tables: ",
    )  # fmt: skip
    yield Hostile(
        "SQLite with names of SQL", "t.db",
        _database('CREATE TABLE "t""; DROP TABLE x; --" ("a""b", "select")', 'INSERT INTO "t""; DROP TABLE x; --" VALUES (1, 2)'),
        n_rows=1,
    )  # fmt: skip
    yield Hostile(
        "SQLite of binary data",
        "t.db",
        _database("CREATE TABLE t (a)", "INSERT INTO t VALUES (x'00ff')"),
        says="binary data only",
    )
    yield Hostile(
        "SQLite of texts that are none", "t.db",
        _database("CREATE TABLE t (a, b)", "INSERT INTO t VALUES (CAST(x'ff00fe' AS TEXT), 1)"), n_rows=1,
    )  # fmt: skip
    yield Hostile(
        "SQLite of all types in one column", "t.db",
        _database("CREATE TABLE t (a)", "INSERT INTO t VALUES (1), ('x'), (2.5), (NULL), (x'00'), (9e999)"), n_rows=6,
    )  # fmt: skip
    yield Hostile(
        "SQLite in write-ahead mode", "t.db", _database("PRAGMA journal_mode = WAL", *_ROWS), n_rows=2
    )


def _duck(*statements: str) -> Write:
    def write(path: Path) -> None:
        import duckdb

        with duckdb.connect(str(path)) as connection:
            for statement in statements:
                connection.execute(statement)

    return write


def _half_a_duck(path: Path) -> None:
    _duck("CREATE TABLE t AS SELECT range AS a FROM range(100000)")(path)
    path.write_bytes(path.read_bytes()[:30_000])


def _duckdb() -> Iterable[Hostile]:
    yield Hostile("DuckDB", "t.duckdb", _duck("CREATE TABLE t AS SELECT 1 AS a, 'x' AS b"), n_rows=1)
    yield Hostile(
        "DuckDB without a table",
        "t.duckdb",
        _duck("CREATE SEQUENCE s"),
        says="There is no table in 't.duckdb'.",
    )
    yield Hostile(
        "DuckDB with a view of other files", "t.duckdb",
        _duck("CREATE VIEW v AS SELECT * FROM read_csv('/etc/passwd', header = false, sep = ':')"), says="There is no table",
    )  # fmt: skip
    yield Hostile("DuckDB cut off", "t.duckdb", _half_a_duck, says="t.duckdb'")
    yield Hostile("DuckDB that is none", "t.duckdb", bytes(8) + b"DUCK" + bytes(5000), says="t.duckdb'")
    yield Hostile(
        "DuckDB of records and lists", "t.duckdb",
        _duck("CREATE TABLE t AS SELECT {'x': 1} AS a, [1, 2] AS b, MAP {'k': 1} AS c, 1::HUGEINT AS d, INTERVAL 1 DAY AS e"),
        n_rows=1,
    )  # fmt: skip


CORPUS: tuple[Hostile, ...] = (
    *_texts(), *_encodings(), *_archives(), *_json(), *_parquet(), *_workbooks(), *_sqlite(), *_duckdb()
)  # fmt: skip
