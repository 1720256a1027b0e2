# ruff: noqa: E501, RUF001 - a file a line, in its own letters
"""Tables in text, and in every encoding."""

from __future__ import annotations

import random
from collections.abc import Iterable

from tests.data.hostile._file import Hostile


def texts() -> Iterable[Hostile]:
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


def encodings() -> Iterable[Hostile]:
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
