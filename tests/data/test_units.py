# ruff: noqa: RUF001 - a case a line, in its own letters
"""Money, percent, units and marks: the number that is meant, or a text and a note; never another number."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from litmus_core.data import read_rows
from litmus_core.frame import read_rows as read_dicts
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion
from tests.data.one_column import table

Importer = Callable[..., DatasetVersion]


@pytest.mark.parametrize(
    ("cells", "values", "written_as"),
    [
        (("$32,458", "$5,100", "NA", "-$7.50"), [32458.0, 5100.0, None, -7.5], "thousands; unit $"),
        (("($1,234.50)", "$5.00", "$(3)"), [-1234.5, 5.0, -3.0], "thousands; unit $"),
        (("(1,234.50)", "567.00", "12.25-"), [-1234.5, 567.0, -12.25], "thousands; unit ()"),
        (("1.234,50 €", "99,00 €"), [1234.5, 99.0], "decimal comma; unit EUR"),
        (("1.234 €", "567 €"), [1234.0, 567.0], "decimal comma; unit EUR"),
        (("1\u00a0234,50 €", "99,00 €"), [1234.5, 99.0], "decimal comma, thousands by spaces; unit EUR"),
        (("EUR 5", "7,5 €", "-2 EUR"), [5.0, 7.5, -2.0], "decimal comma; unit EUR"),
        (("CHF 1'234.50", "CHF 5"), [1234.5, 5.0], "thousands by apostrophes; unit CHF"),
        (("₹12,34,567", "₹5,000"), [1234567.0, 5000.0], "thousands; unit INR"),
        (("R$ 1.234,50", "R$ 12,00"), [1234.5, 12.0], "decimal comma; unit BRL"),
        (("$1.2M", "$300K", "$0"), [1.2e6, 3e5, 0.0], "unit $"),
        (("USD 5.00", "7.25 usd", "3"), [5.0, 7.25, 3.0], "unit USD"),
        (("45%", "−5.5 %", "(2%)"), [45.0, -5.5, -2.0], "unit %"),
        (("5 km", "6 km", "7.5 km"), [5.0, 6.0, 7.5], "unit km"),
        (("12 months", "36 months", "6 months"), [12.0, 36.0, 6.0], "unit months"),
        ((" 36 months", " 60 months"), [36.0, 60.0], "unit months"),
        (("10,000+", "500+", "0"), [1e4, 500.0, 0.0], "thousands; then plus for at least"),
        (("62,843", "250,000+", "-"), [62843.0, 2.5e5, None], "thousands; then plus for at least"),
        (("0.82", "<0.05", "1.4"), [0.82, 0.05, 1.4], "after signs of limits"),
        (
            ("<0,6 mg/l", "1,2 mg/l", ">85 mg/l", "7 mg/l"),
            [0.6, 1.2, 85.0, 7.0],
            "decimal comma; unit mg/l; after signs of limits",
        ),
        (("$5.00", "Free", "$7.50"), [5.0, 0.0, 7.5], "unit $; free Free"),
        (
            ("10+ years", "< 1 year", "1 year", "n/a", "3 years", "8 years"),
            [10.0, 0.0, 1.0, None, 3.0, 8.0],
            "after signs of limits, under 1 as 0; then plus for at least, then years",
        ),
        ((">60", ">60", "46", "53", "38"), [60.0, 60.0, 46.0, 53.0, 38.0], "after signs of limits"),
        (
            ("10.4", "7.69 J", "<0.05", "33", "2.5"),
            [10.4, 7.69, 0.05, 33.0, 2.5],
            "after signs of limits; then flags",
        ),
        (("築23年", "新築", "築4年", "築8年"), [23.0, 0.0, 4.0, 8.0], "after 築; then 年; free 新築"),
        (("1,996 Nos", "(-)25 Nos", "76 Nos"), [1996.0, -25.0, 76.0], "thousands; unit Nos"),
        (("1,02,334.64", "(-)7,968.94", "23,704.82"), [102334.64, -7968.94, 23704.82], "thousands; unit ()"),
        (("272", "424[Nb 9]", "96[21]", "1,321"), [272.0, 424.0, 96.0, 1321.0], "thousands; then footnotes"),
        (
            ("402 km (250 mi)[5]", "399 km (248 mi)[R 4]", "155.4 km (96.6 mi)"),
            [402.0, 399.0, 155.4],
            "unit km; then second in brackets",
        ),
        (("8.8b", "654.4m", "2.9b"), [8.8e9, 654.4e6, 2.9e9], "unit k, M, bn"),
        (
            ("1.4", "2", "1.5 Turbo", "2.0 Turbo", "1.8", "2.5", "3.5"),
            [1.4, 2.0, 1.5, 2.0, 1.8, 2.5, 3.5],
            "then flags glued: Turbo",
        ),
        (
            ("pledged of $1,500 goal", "pledged of $3,000 goal", "pledged of $500 goal"),
            [1500.0, 3000.0, 500.0],
            "thousands; unit $; after pledged of; then goal",
        ),
        (
            ("Powierzchnia: 47,50 m²", "Powierzchnia: 116 m²", "Powierzchnia: 9 m²"),
            [47.5, 116.0, 9.0],
            "decimal comma; unit m²; after Powierzchnia:",
        ),
        (("4 pokoje", "5 pokoi", "1 pokój"), [4.0, 5.0, 1.0], "then any of: pokoi|pokoje|pokój"),
        (("65 °%", "30 °%", "96 °%"), [65.0, 30.0, 96.0], "unit °%"),
        (("40.7° N", "33.9° S"), [40.7, -33.9], "unit °N"),
        (("73.9352W", "0.1276W", "151.2E"), [-73.9352, -0.1276, 151.2], "unit °E"),
        (("1 year", "2 years", "10 years"), [1.0, 2.0, 10.0], "unit years"),
        (("Q1,250.00", "Q99.95", "Q8.00"), [1250.0, 99.95, 8.0], "thousands; unit Q"),
        (("$5.25 MXN", "MXN 7", "$8"), [5.25, 7.0, 8.0], "unit MXN"),
        (("Rs. 1,250/-", "Rs. 80/-", "Rs. 7/-"), [1250.0, 80.0, 7.0], "thousands; unit INR"),
        (("1,5 Mio. €", "820 Tsd. €", "2 Mrd. €"), [1.5e6, 8.2e5, 2e9], "decimal comma; unit EUR"),
        (("5.5 % p.a.", "3 % p.a.", "12.25 % p.a."), [5.5, 3.0, 12.25], "unit % p.a."),
        (("1.200 Stk.", "15 Stk.", "7 Stk."), [1200.0, 15.0, 7.0], "decimal comma; unit Stk."),
        (("5W", "60W", "250W"), [5.0, 60.0, 250.0], "unit W"),
        (("12,5 m2", "80 m2", "7 m2"), [12.5, 80.0, 7.0], "decimal comma; unit m2"),
        (("1.200,- €", "95,- €"), [1200.0, 95.0], "decimal comma; unit EUR"),
        (("1.200,--", "95,50"), [1200.0, 95.5], "decimal comma; unit ()"),
        (("8.5", "−3", "–12"), [8.5, -3.0, -12.0], "unit ()"),
        (("−37,50", "−4,25", "–112,75"), [-37.5, -4.25, -112.75], "decimal comma; unit ()"),
        (("−39", "−7"), [-39.0, -7.0], "unit ()"),
        (("1,204.50-", "7.25-", "- 3.50"), [-1204.5, -7.25, -3.5], "thousands; unit ()"),
        (("1\u2009250,50 €", "3,20 €"), [1250.5, 3.2], "decimal comma, thousands by spaces; unit EUR"),
        (("Rp 15.000", "Rp 8.500", "Rp 750"), [15000.0, 8500.0, 750.0], "decimal comma; unit IDR"),
        (("1,200円", "850円"), [1200.0, 850.0], "thousands; unit JPY"),
        (("R 99,50", "R 1 250,00"), [99.5, 1250.0], "decimal comma, thousands by spaces; unit ZAR"),
        (("2.5K", "1M", "830"), [2500.0, 1e6, 830.0], "unit k, M, bn"),
        (("2.5k", "14k", "8k"), [2500.0, 14000.0, 8000.0], "unit k, M, bn"),
        (("2.5M", "14M", "8M"), [2.5, 14.0, 8.0], "unit M"),
        (("$12/mo", "$15.50/mo", "$1,200/mo"), [12.0, 15.5, 1200.0], "thousands; unit $; then /mo"),
        (("980 € / Nacht", "1.250,50 €/Nacht"), [980.0, 1250.5], "decimal comma; unit EUR; then /Nacht"),
        (("£5 per month", "£7.50 per month"), [5.0, 7.5], "unit GBP; then per month"),
        (("12[1]", "45", "78 [2]"), [12.0, 45.0, 78.0], "then footnotes"),
        (("12.5", "8.0*", "-9.3"), [12.5, 8.0, -9.3], "then footnotes"),
        (("12†", "1,345", "7‡"), [12.0, 1345.0, 7.0], "thousands; then footnotes"),
        (("$1,234.50*", "$19.99*"), [1234.5, 19.99], "thousands; unit $; then footnotes"),
        (("12¹", "45", "78²", "9"), [12.0, 45.0, 78.0, 9.0], "then raised footnotes"),
        (("٥", "١٢٫٥", "٧٢"), [5.0, 12.5, 72.0], "other digits"),
        (("५", "१२", "-१८०"), [5.0, 12.0, -180.0], "other digits"),
        (("５", "1２"), [5.0, 12.0], "other digits"),
        (("５％", "７２．５%", "3%"), [5.0, 72.5, 3.0], "unit %; other digits"),
        (("١٬٢٣٤ kg", "٧ kg", "٨ kg"), [1234.0, 7.0, 8.0], "thousands; unit kg; other digits"),
        (("7.2 x10^9/L", "4.5 x10^9/L", "12 x10^9/L"), [7.2, 4.5, 12.0], "then x10^9/L"),
        (
            ("412 gCO2/kWh", "85 gCO2/kWh", "1,240 gCO2/kWh"),
            [412.0, 85.0, 1240.0],
            "thousands; then gCO2/kWh",
        ),
        (("750 € VB", "1.250 € VB", "480 € VB"), [750.0, 1250.0, 480.0], "decimal comma; unit EUR; then VB"),
        (("pH 6.5", "pH 7.1", "pH 7"), [6.5, 7.1, 7.0], "after pH"),
        (("ca. 120 m²", "ca. 85,5 m²", "ca. 9 m²"), [120.0, 85.5, 9.0], "decimal comma; unit m²; after ca."),
        (("\u200f12.50 ₪", "\u200f3.99 ₪", "\u200f149 ₪"), [12.5, 3.99, 149.0], "unit ILS; after \u200f"),
        (("築12年", "築35年", "築3年"), [12.0, 35.0, 3.0], "after 築; then 年"),
        (("$ 1,234.50", "$ (19.99)", "$ -"), [1234.5, -19.99, 0.0], "thousands; unit $"),
        (
            ("349 000,-", "1 250 000,-", "89 900,-"),
            [349e3, 125e4, 89900.0],
            "decimal comma, thousands by spaces; unit ()",
        ),
        (("12 KG", "5kg", "7.5 Kg", "3 kgs"), [12.0, 5.0, 7.5, 3.0], "unit kgs"),
        (("12 élèves", "1 élève", "28 élèves"), [12.0, 1.0, 28.0], "unit élèves"),
        (("7.8万円", "12万円", "6.5万円"), [78e3, 12e4, 65e3], "unit JPY"),
        (("350万", "88万", "1265万"), [35e5, 88e4, 1265e4], "unit k, M, bn"),
        (("2,5 tỷ", "850 triệu", "7 tỷ"), [2.5e9, 8.5e8, 7e9], "decimal comma; unit k, M, bn"),
        (("3 days", "TBC", "12 days", "45 days"), [3.0, None, 12.0, 45.0], "unit days"),
        (("350 m", "1.2 km", "5 m"), [350.0, 1200.0, 5.0], "unit all in m"),
        (("5 MW", "1,2 GW", "7 MW"), [5.0, 1200.0, 7.0], "decimal comma; unit all in MW"),
        (("512 MB", "2 GB", "16 GB"), [0.512, 2.0, 16.0], "unit all in GB"),
        (("120 ms", "1.5 s", "900 ms"), [120.0, 1500.0, 900.0], "unit all in ms"),
        (("7½", "8", "9 ¾"), [7.5, 8.0, 9.75], "other digits"),
        (("7 1/2 in", "8 in", "9 3/4 in"), [7.5, 8.0, 9.75], "unit in; other digits"),
        (("1.2K views", "950 views", "3M views"), [1200.0, 950.0, 3e6], "unit k, M, bn; then views"),
        (("1.25万人", "8500人", "950人"), [12500.0, 8500.0, 950.0], "unit k, M, bn; then 人"),
        (("12.4k", "1.1m", "985"), [12400.0, 1.1e6, 985.0], "unit k, M, bn"),
        (
            ("8,5 millions", "1,2 milliard", "340 millions"),
            [8.5e6, 1.2e9, 3.4e8],
            "decimal comma; unit k, M, bn",
        ),
        (("980万円", "1億2,000万円", "3億50万円"), [9.8e6, 1.2e8, 3.005e8], "unit JPY"),
        (("~120", "95", "ca. 130"), [120.0, 95.0, 130.0], "after about"),
        (("4.3/5", "3.9/5", "5/5"), [4.3, 3.9, 5.0], "then /5"),
        (("12/20", "15/20", "9/20"), [12.0, 15.0, 9.0], "then /20"),
        (("1.2 × 10^3", "5x10^-2", "7 x 10⁴"), [1200.0, 0.05, 7e4], "unit x 10^n"),
        (("1h 25m", "2h", "45m"), [85.0, 120.0, 45.0], "unit h and min"),
        (('6\'11""', '5\'10""', '6\'2""'), [83.0, 70.0, 74.0], "unit ft and in"),
        (("7 lb 3 oz", "8 lb", "6 lb 15 oz"), [115.0, 128.0, 111.0], "unit lb and oz"),
        (("1,234.50 CR", "12.00 DR", "5.00 DR"), [1234.5, -12.0, -5.0], "thousands; unit CR, DR"),
        (("12.3", "45.1 e", "7.8", "8.1 b"), [12.3, 45.1, 7.8, 8.1], "then flags"),
        (("12.4%", "(0.3)%", "5%"), [12.4, -0.3, 5.0], "unit %"),
        (
            ("199:-", "1 234 kr", "89 kr"),
            [199.0, 1234.0, 89.0],
            "thousands by spaces; unit kr",
        ),
        (("14.5x", "22.1x", "8x"), [14.5, 22.1, 8.0], "unit x"),
        (("₹ 5.45 Lakh", "₹ 92,000", "₹ 1.12 Crore"), [545e3, 92e3, 11.2e6], "thousands; unit INR"),
        (("8.61 Lakh", "1.28 Cr", "24.01 Lakh"), [861e3, 128e5, 2401e3], "unit k, M, bn"),
        (("%12,5", "%-1,3", "%64,27"), [12.5, -1.3, 64.27], "decimal comma; unit %"),
        (("4.7 kOhms", "100 Ohms", "2 kOhms"), [4.7, 0.1, 2.0], "unit all in kOhms"),
        (("$1.2T", "$356.78B", "$68.4M"), [1.2e12, 356.78e9, 68.4e6], "unit $"),
        (("±1,234", "±88", "±402"), [1234.0, 88.0, 402.0], "thousands; after ±"),
        (("2.3", "△ 1.2", "0.4"), [2.3, -1.2, 0.4], "unit (); other digits"),
        (("(1,234)", "(87)", "(312)"), [1234.0, 87.0, 312.0], "thousands; after (; then )"),
        (("(0.12)", "(3.5)", "(31.4)", "(0)"), [0.12, 3.5, 31.4, 0.0], "after (; then )"),
        (("(3,15)", "(12,4)", "(0)"), [3.15, 12.4, 0.0], "decimal comma; after (; then )"),
        (("18 Years", "6 Months", "1 Year"), [18.0, 0.5, 1.0], "unit years and months"),
        (("61 years 06 months", "62 years", "7 years"), [61.5, 62.0, 7.0], "unit years and months"),
        (("7,405 sqft", "0.25 acres", "1.5 acres"), [7405.0, 10890.0, 65340.0], "unit acres and sq ft"),
        (("5'7", "6'2", "5'11"), [67.0, 74.0, 71.0], "unit ft and in"),
        (("1 1/2 cups", "3/4 cup", "2 cups"), [1.5, 0.75, 2.0], "unit cups; other digits"),
        (("42 Lac ", "1.40 Cr ", "16.5 lacs"), [4.2e6, 1.4e7, 1.65e6], "unit k, M, bn"),
        (("42 LAC", "1.40 CR", "16.5 L"), [4.2e6, 1.4e7, 1.65e6], "unit k, M, bn"),
        (("₹42 L", "₹1.40 Cr", "₹900"), [4.2e6, 1.4e7, 900.0], "unit INR"),
        (("3,5 tỷ", "850 tr", "2 triệu"), [3.5e9, 8.5e8, 2e6], "decimal comma; unit k, M, bn"),
        (
            ("46,67 tr/m²", "7,5 tr/m²", "115 tr/m²"),
            [46.67e6, 7.5e6, 1.15e8],
            "decimal comma; unit k, M, bn; then /m²",
        ),
        (("1,2 Mio. t", "950 t", "14 Mio. t"), [1.2e6, 950.0, 1.4e7], "decimal comma; unit k, M, bn; then t"),
        (("2.13万亿", "843.2亿", "94.1万"), [2.13e12, 8.432e10, 941000.0], "unit k, M, bn"),
        (("1兆2,345億円", "5,300億円", "2兆円"), [1.2345e12, 5.3e11, 2e12], "thousands; unit JPY"),
        (("(2.9M)", "(815K)", "(2M)"), [2.9e6, 815000.0, 2e6], "unit k, M, bn; after (; then )"),
        (("(5 km)", "(6 km)", "(7.5 km)"), [5.0, 6.0, 7.5], "unit km; after (; then )"),
    ],
)
def test_money_percent_and_units_are_numbers(
    workspace: Workspace, imported: Importer, cells: tuple[str, ...], values: list[Any], written_as: str
) -> None:
    version = imported(table("x", cells))

    found = read_rows(workspace, version)["x"].astype(object)
    assert found.where(found.notna(), None).tolist() == values
    assert version.columns[0].written_as == written_as
    assert "' was read as " in version.notes[0]


def test_a_black_triangle_is_a_minus_where_people_write_so(workspace: Workspace, imported: Importer) -> None:
    cells = ("▲1,234", "2,560", "▲15,080")

    there, elsewhere = imported(table("増減額", cells)), imported(table("change", cells))

    assert read_rows(workspace, there)["増減額"].tolist() == [-1234.0, 2560.0, -15080.0]
    assert elsewhere.columns[0].storage == "VARCHAR"
    assert imported(table("増減額", ("▲1", "▼2", "▲3"))).columns[0].storage == "VARCHAR"


_PRICES = [f"£{pounds:,}.99" for pounds in (12, 1299, 7, 349, 0, 85, 2150)]


def test_a_few_words_among_amounts_are_missing_and_said(workspace: Workspace, imported: Importer) -> None:
    version = imported(table("x", (*_PRICES, "Out of stock", "£5.00")))

    assert read_rows(workspace, version)["x"].isna().tolist() == [*[False] * 7, True, False]
    assert "'Out of stock' in 'x' was read as missing." in version.notes[0]
    info = [version.columns[0]]
    told = read_dicts([{"x": "out of stock"}, {"x": "£1,234.50"}], info)["x"].tolist()
    assert told[1] == 1234.5
    assert math.isnan(told[0])


@pytest.mark.parametrize(
    "cells",
    [
        (*map(str, range(9)), "free"),
        (*_PRICES, "red", "green", "blue", "pink"),
        (*map(str, range(9)), "K"),
        ("4", "6", "8", "rotary"),
        (*_PRICES, *["sold"] * 6),
    ],
)
def test_words_that_may_be_values_keep_a_column_a_text(imported: Importer, cells: tuple[str, ...]) -> None:
    assert imported(table("x", cells)).columns[0].storage == "VARCHAR"


@pytest.mark.parametrize(
    ("cells", "note"),
    [
        (("€1.234", "€5.678"), "its '.' could be decimal marks or stand between thousands"),
        (("€1,234", "€5,678"), "its ',' could be decimal marks or stand between thousands"),
        (("5 km", "6 mi", "7 km"), "its numbers have the units 'km', 'mi'"),
        (("$5", "€6"), "its numbers have the units '$', 'EUR'"),
        (("$5", "$6", "$7", "call us"), "'call us' is not a number"),
        (("-74.5 W", "3 E"), "1 value is not written as '-74.5 W' is"),
        (("45%", "15", "16%"), "1 value is not written as '45%' is"),
        (("4,125", "4.125", "6.250"), "both its ',' and its '.' could be decimal marks"),
        (("1.389,00", "2,209.00"), "some of its numbers have a decimal comma, others a decimal point"),
        (("$1.389,00", "$2,209.00", "$7"), "some of its numbers have a decimal comma"),
        (("40.7128, -74.0060", "51.5, -0.12"), "holds latitude and longitude in one cell"),
        (("$12/mo", "$150/yr", "$5/mo"), ""),
        (("$12/mo", "$150", "$5/mo"), ""),
        (("10²", "10³", "10⁴"), ""),
        (("12/a", "14/b", "15/a"), ""),
        (("NU206", "NU207", "NU311"), ""),
        (("Room 101", "Room 102", "Room 205"), ""),
        (("3/5", "4/5", "5/5"), ""),
        (("5 km", "2 m", "7"), "its numbers have the units 'km', 'm'"),
        (("12 1/2 Main St", "14 Oak St", "7 Main St"), ""),
        (("3 red dogs", "12 blue dogs", "5 dogs"), ""),
        (("2+", "3-", "1"), ""),
        ((">60", "45", ">60", ">60"), "'>60' is a bound and no value"),
        (("4+", "12+", "9+"), "is a bound and no value"),
        (("5 doors", "3 doors"), ""),
        (("Room 5 A", "Room 7 A", "Room 12 A"), ""),
        (("Deck 5", "Deck 7", "Deck 12"), ""),
        (("C. 12", "C. 13", "C. 15"), ""),
        (("Euro 4", "Euro 5", "Euro 6"), ""),
        (("7 am", "8 am", "9 am"), ""),
        (("007*", "012", "013"), ""),
        (("١٫٢٣٤", "٥٬٦٧٨", "٣٬٤٥٦"), "both its ',' and its '.' could be decimal marks"),
        (("००७", "०१२"), ""),
    ],
)
def test_what_is_left_a_text_is_said(imported: Importer, cells: tuple[str, ...], note: str) -> None:
    version = imported(table("x", cells))

    assert version.columns[0].storage == "VARCHAR"
    assert note in " ".join(version.notes)


@pytest.mark.parametrize(
    ("content", "values"),
    [
        ("a;b\n1.234;2,5\n5.678;3,1\n", [1234.0, 5678.0]),
        ("a\tb\n1,234\t2,5\n5,678\t3,1\n", [1.234, 5.678]),
        ("a\tb\n€1,234\t2.5\n€5,678\t3.1\n", [1234.0, 5678.0]),
        ("a;b\n1.234;x\n5.678;y\n", ["1.234", "5.678"]),
    ],
)
def test_other_columns_decide_what_a_mark_is(
    workspace: Workspace, imported: Importer, content: str, values: list[Any]
) -> None:
    assert read_rows(workspace, imported(content))["a"].tolist() == values


def test_money_as_a_target_is_a_number(workspace: Workspace, imported: Importer) -> None:
    from litmus_core.data import suggest

    version = imported("size,price\n" + "".join(f'{n},"${n * 1_000 + n % 7:,}"\n' for n in range(1, 60)))

    assert suggest(workspace, version, "price").problem_type == "regression"


def test_three_decimals_behind_a_comma_are_none_of_thousands(
    workspace: Workspace, imported: Importer
) -> None:
    version = imported(table("poids", ("0,530", "1,200", "12,050")))

    assert read_rows(workspace, version)["poids"].tolist() == [0.53, 1.2, 12.05]


@pytest.mark.parametrize(
    ("prices", "values"),
    [
        (("$1,234", "$950", "$12,500"), [1234.0, 950.0, 12500.0]),
        (("1,259 €", "2 €", "1,309 €"), [1.259, 2.0, 1.309]),  # a litre of fuel
    ],
)
def test_money_of_hundreds_has_no_three_digits_after_the_mark_whatever_other_columns_prove(
    imported: Importer, workspace: Workspace, prices: tuple[str, ...], values: list[float]
) -> None:
    rows = "".join(f'"{price}","{at},{at + 11}"\n' for at, price in enumerate(prices * 4))
    version = imported("price,size\n" + rows)
    assert version.column("size").written_as == "decimal comma"
    assert read_rows(workspace, version)["price"].tolist()[:3] == values
