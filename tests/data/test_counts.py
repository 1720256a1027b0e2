# ruff: noqa: RUF001 - a case a line, in its own letters
"""Counts and prices with words around them, credits and debits: the number that is meant, or a text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from litmus_core.data import import_table, read_rows
from litmus_core.errors import LitmusError
from litmus_core.frame import read_rows as read_dicts
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion

Importer = Callable[..., DatasetVersion]


@pytest.fixture
def imported(workspace: Workspace, tmp_path: Path) -> Importer:
    def read(name: str, cells: tuple[str, ...]) -> DatasetVersion:
        source = tmp_path / "table.csv"
        source.write_text(f"{name},other\n" + "".join(f'"{cell}",a\n' for cell in cells), encoding="utf-8")
        return import_table(workspace, source)

    return read


COUNTS = [
    ("Aufrufe", ("1,2 Mio. Aufrufe", "345.678 Aufrufe", "1 Aufruf"), [1.2e6, 345678.0, 1.0]),
    ("views", ("1,2\u00a0Mio. Aufrufe", "987 Aufrufe", "1,1\u00a0Mrd. Aufrufe"), [1.2e6, 987.0, 1.1e9]),
    (
        "v",
        ("1,2 M de visualizaciones", "345 mil visualizaciones", "987 visualizaciones"),
        [1.2e6, 3.45e5, 987],
    ),
    (
        "v",
        ("345 mil visualizaciones", "987 visualizaciones", "2,5 mil visualizaciones"),
        [3.45e5, 987, 2500.0],
    ),
    ("v", ("1,2 млн просмотров", "345 тыс. просмотров", "64 просмотра"), [1.2e6, 3.45e5, 64.0]),
    ("отзывы", ("12 отзывов", "3 отзыва", "1 отзыв"), [12.0, 3.0, 1.0]),
    ("v", ("12 लाख बार देखा गया", "1.2 करोड़ बार देखा गया", "987 बार देखा गया"), [1.2e6, 1.2e7, 987.0]),
    ("sold", ("Đã bán 1,2k", "Đã bán 345", "Đã bán 67"), [1200.0, 345.0, 67.0]),
    ("点赞数", ("1.2w", "3456", "23.4w"), [12000.0, 3456.0, 234000.0]),
    ("seguidores", ("12,3 mil", "1,2 mi", "987", "1.234"), [12300.0, 1.2e6, 987.0, 1234.0]),
    ("付款人数", ("100+人付款", "2万+人付款", "56人付款"), [100.0, 20000.0, 56.0]),
]
PRICES = [
    ("p", ("ab € 89,90", "ab € 1.149,00", "ab € 379,--"), [89.9, 1149.0, 379.0]),
    ("p", ("$695,000", "Offers over $850,000", "$1,395,000"), [695000.0, 850000.0, 1395000.0]),
    ("p", ("¥128,000～", "¥89,800～", "¥9,980～"), [128000.0, 89800.0, 9980.0]),
    ("p", ("à partir de 12,50 €", "8,90 €", "7 €"), [12.5, 8.9, 7.0]),
    ("p", ("от 1 250 ₽", "800 ₽", "от 99 ₽"), [1250.0, 800.0, 99.0]),
    ("p", ("€ 425.000 k.k.", "€ 512.000 v.o.n.", "€ 95.000 k.k."), [425000.0, 512000.0, 95000.0]),
    ("p", ("1.250 € VB", "890 €", "2.400 € VHB"), [1250.0, 890.0, 2400.0]),
]
ENTRIES = [
    ("saldo", ("1.234,56 D", "250,00 C", "89,90 D"), [-1234.56, 250.0, -89.9]),
    ("mutasi", ("1,250,000.00 DB", "5,000.00 CR", "75.50 DB"), [-1250000.0, 5000.0, -75.5]),
]

OTHERS = [
    ("매매가", ("3억 5,000", "12억", "6억 500"), [3.5e8, 1.2e9, 6.05e8]),
    ("glicemia", ("92 mg/dl", "105 mg/dl *", "88 mg/dl"), [92.0, 105.0, 88.0]),
    ("mm", ("12.5", "3.5 )", "48.0"), [12.5, 3.5, 48.0]),
    (
        "assets",
        ("Rs 1,23,45,678 ~ 1 Crore+", "Rs 96,500 ~ 96 Thou+", "Rs 8,12,000 ~ 8 Lacs+"),
        [12345678.0, 96500.0, 812000.0],
    ),
    ("weight", ("12.5 ± 3%", "7.25 ± 1%", "9 ± 12%"), [12.5, 7.25, 9.0]),
    ("Gesamtzeit", ("ca. 1 Stunde 15 Minuten", "ca. 30 Min.", "ca. 2 Stunden"), [75.0, 30.0, 120.0]),
    ("Zeit", ("1 час 15 минут", "30 мин.", "2 часа"), [75.0, 30.0, 120.0]),
    ("gap", ("+ 00h 07' 29''", "+ 02h 31' 37''", "+ 00h 00' 04''"), [449.0, 9097.0, 4.0]),
    ("Pace", ("3:12/km", "4:02/km", "6:30/km"), [192.0, 242.0, 390.0]),
    ("Pace", ("3:12 min/km", "4:02 min/km", "6:30 min/km"), [192.0, 242.0, 390.0]),
    ("Saldo (hh:mm)", ("+01:15", "-00:30", "+24:55"), [4500.0, -1800.0, 89700.0]),
    ("Time", ("47.84", "1:43.21", "14:34.89"), [47.84, 103.21, 874.89]),
    ("Bitrate", ("941 Mbits/sec", "1.5 Gbits/sec", "935 Mbits/sec"), [941.0, 1500.0, 935.0]),
    ("size", ("1.5 MiB", "245 KiB", "812 bytes"), [1572864.0, 250880.0, 812.0]),
]


@pytest.mark.parametrize(("name", "cells", "values"), [*COUNTS, *PRICES, *ENTRIES, *OTHERS])
def test_words_around_numbers_are_left_out_and_said(
    workspace: Workspace, imported: Importer, name: str, cells: tuple[str, ...], values: list[float]
) -> None:
    version = imported(name, cells)
    column = version.columns[0]

    assert column.storage == "DOUBLE"
    assert read_rows(workspace, version)[name].tolist() == pytest.approx(values)
    assert any(f"'{name}'" in note for note in version.notes)
    told = read_dicts([{name: cell} for cell in cells], [column])[name].tolist()
    assert told == read_rows(workspace, version)[name].tolist()


@pytest.mark.parametrize(
    ("cells", "later", "value"),
    [
        (("1,2 Mio. Aufrufe", "987 Aufrufe", "12 Aufrufe"), "1 Aufruf", 1.0),
        (("1.2K views", "987 views", "12 views"), "1 view", 1.0),
        (("1,2 млн просмотров", "987 просмотров", "12 просмотров"), "1 просмотр", 1.0),
        (("1,2 M de visualizaciones", "987 visualizaciones", "12 visualizaciones"), "1 visualización", 1.0),
    ],
)
def test_a_later_row_may_have_the_word_in_another_form(
    imported: Importer, cells: tuple[str, ...], later: str, value: float
) -> None:
    column = imported("x", cells).columns[0]

    assert read_dicts([{"x": later}], [column])["x"].tolist() == [value]
    with pytest.raises(LitmusError):
        read_dicts([{"x": "5 Autos"}], [column])


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("bay", ("12 D", "14 C", "15 D")), ("seat", ("12D", "14C", "3D", "22C")),
        ("dioptre", ("1.50 D", "2.25 C", "1.75 D")),
        ("flat", ("3-D", "4-C", "5-D")), ("dim", ("2D", "3D", "1D")), ("house", ("12C", "14", "15D")),
        ("cards", ("10 H", "9 S", "2 D", "4 C")), ("power", ("1.2w", "3456", "2.2w")),
        ("功率", ("1.2w", "3456", "2.2w")), ("shoe", ("8w", "9", "10w")),
        ("street", ("12 Mill Rd", "14 Mill Road", "9 Mill Rd")),
        ("street", ("12 Hauptstr", "14 Hauptstrasse", "9 Hauptstr")),
        ("date", ("12 March", "3 Mar", "5 April")), ("x", ("ID 1.2M", "ID 3", "ID 7")),
        ("version", ("Version 1.2k", "Version 1.3", "Version 1.4k")),
        ("room", ("Room 12k", "Room 14", "Room 3")),
        ("x", ("5 gram", "7 grain", "8 gram")), ("x", ("20+ views", "56 views", "30 views")),
        ("x", ("up to $5", "from $5", "$7")), ("x", ("5 € p.m.", "7 € p.a.", "8 € p.m.")),
        ("x", ("5 € netto", "7 € brutto", "8 € netto")), ("x", ("from €5", "from £7", "from €8")),
        ("x", ("12 k.k.", "14 v.o.n.", "15 k.k.")), ("x", ("5 mil", "3 mi", "10 ft")),
        ("x", ("3억 5", "12억", "9억 8")), ("x", ("100 ~ 200", "3 ~ 5", "10 ~ 12")),
        ("x", ("5 ~ 10 Lacs+", "10 ~ 20 Lacs+", "20 ~ 30 Lacs+")), ("list", ("1 )", "2 )", "3 )")),
        ("x", ("5.1 ± 0.2", "4.8 ± 0.3", "6.0 ± 0.1")),
        ("utc offset", ("+01:00", "-05:00", "+00:00")), ("x", ("3:12/km", "4:02/mi", "5:12/km")),
        ("Time", ("7.5", "1:43.21", "14:34.89")), ("score", ("47.84", "1:43.21", "14:34.89")),
        ("verse", ("3:12", "4:05", "5:01")), ("lat", ("48° 07' 29''", "11° 31' 37''", "9° 01' 04''")),
        ("x", ("07' 29''", "31' 37''", "01' 04''")), ("list", ("a)", "b)", "c)")),
        ("x", ("1.5 MiB", "245 kB", "812 bytes")), ("x", ("5 Stunden", "3 Stück", "7 Stunden")),
    ],
)  # fmt: skip
def test_codes_units_and_bounds_stay_texts(imported: Importer, name: str, cells: tuple[str, ...]) -> None:
    assert imported(name, cells).columns[0].storage == "VARCHAR"
