"""The tables that idioms of pandas run on: rows to fit on, and later rows with unseen and missing values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Code = Any  # a function of a frame, or a class with fit and transform


@dataclass(frozen=True)
class Idiom:
    """One everyday use of pandas, and the table that it runs on."""

    name: str
    code: Code
    table: str


def idioms_of(table: str, into: list[Idiom]) -> Callable[[Code], Code]:
    """Return a decorator that adds a function or a class to a list of idioms."""

    def add(code: Code) -> Code:
        into.append(Idiom(code.__name__, code, table))
        return code

    return add


def _rows(names: str, *values: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [dict(zip(names.split(), row, strict=True)) for row in values]


_PASSENGER = "Pclass Name Sex Age SibSp Parch Ticket Fare Cabin Embarked"
_CUSTOMER = "id gender senior Partner tenure phone internet security backup Contract monthly total"
_HOUSE = "zone cls frontage area built remod sold month qual bsmt first second cars garage pool full half air"
_ORDER = (
    "email product price quantity weight ordered shipped city rating review size postcode tags signup last"
)

FITTED: dict[str, list[dict[str, Any]]] = {
    "passengers": _rows(
        _PASSENGER,
        (3, "Braund, Mr. Owen Harris", "male", 22.0, 1, 0, "A/5 21171", 7.25, None, "S"),
        (1, "Cumings, Mrs. John Bradley", "female", 38.0, 1, 0, "PC 17599", 71.2833, "C85", "C"),
        (3, "Heikkinen, Miss. Laina", "female", 26.0, 0, 0, "STON/O2. 3101282", 7.925, None, "S"),
        (1, "Futrelle, Mrs. Jacques Heath", "female", 35.0, 1, 0, "113803", 53.1, "C123", "S"),
        (3, "Moran, Mr. James", "male", None, 0, 0, "330877", 8.4583, None, "Q"),
        (1, "McCarthy, Mr. Timothy J", "male", 54.0, 0, 0, "17463", 51.8625, "E46", "S"),
        (3, "Palsson, Master. Gosta Leonard", "male", 2.0, 3, 1, "349909", 21.075, None, "S"),
        (2, "Nasser, Mrs. Nicholas", "female", 14.0, 1, 0, "237736", 30.0708, None, "C"),
        (3, "Sandstrom, Miss. Marguerite Rut", "female", 4.0, 1, 1, "PP 9549", 16.7, "G6", "S"),
        (2, "Hewlett, Mrs. (Mary D Kingcome)", "female", 55.0, 0, 0, "248706", 16.0, None, "S"),
        (2, "Williams, Mr. Charles Eugene", "male", None, 0, 0, "244373", 13.0, "D56", None),
        (1, "Rothes, the Countess. of", "female", 33.0, 0, 0, "110152", 86.5, "B77", "S"),
    ),
    "customers": _rows(
        _CUSTOMER,
        ("7590-VHVEG", "Female", 0, "Yes", 1, "No", "DSL", "No", "Yes", "Month-to-month", 29.85, "29.85"),
        ("5575-GNVDE", "Male", 0, "No", 34, "Yes", "DSL", "Yes", "No", "One year", 56.95, "1889.5"),
        ("3668-QPYBK", "Male", 0, "No", 2, "Yes", "DSL", "Yes", "Yes", "Month-to-month", 53.85, "108.15"),
        ("7795-CFOCW", "Male", 0, "No", 45, "No", "DSL", "Yes", "No", "One year", 42.3, "1840.75"),
        ("9237-HQITU", "Female", 1, "No", 2, "Yes", "Fiber optic", "No", "No", "Month-to-month", 70.7,
         "151.65"),
        ("9305-CDSKC", "Female", 0, "Yes", 8, "Yes", "Fiber optic", "No", "No", "Month-to-month", 99.65,
         "820.5"),
        ("1452-KIOVK", "Male", 1, "No", 22, "Yes", "Fiber optic", "No", "Yes", "Month-to-month", 89.1,
         "1949.4"),
        ("4472-LVYGI", "Female", 0, "Yes", 0, "No", "DSL", "Yes", "No", "Two year", 52.55, " "),
        ("2520-SGTTA", "Female", 0, "Yes", 0, "Yes", "No", "No internet service", "No internet service",
         "Two year", 20.0, " "),
        ("8091-TTVAX", "Male", 0, "Yes", 58, "Yes", "Fiber optic", "No", "No", "One year", 100.35, "5681.1"),
    ),
    "houses": _rows(
        _HOUSE,
        ("CollgCr", 60, 65.0, 8450, 2003, 2003, 2008, 2, "Gd", "Gd", 856, 854, 2.0, "Attchd", 0, 2, 1, "Y"),
        ("Veenker", 20, 80.0, 9600, 1976, 1976, 2007, 5, "TA", "Gd", 1262, 0, 2.0, "Attchd", 0, 2, 0, "Y"),
        ("CollgCr", 60, 68.0, 11250, 2001, 2002, 2008, 9, "Gd", "Gd", 920, 866, 2.0, "Attchd", 0, 2, 1, "Y"),
        ("Crawfor", 70, 60.0, 9550, 1915, 1970, 2006, 2, "TA", "TA", 961, 756, 3.0, "Detchd", 0, 1, 0, "Y"),
        ("NoRidge", 60, 84.0, 14260, 2000, 2000, 2008, 12, "Gd", "Gd", 1145, 1053, 3.0, "Attchd", 0, 2,
         1, "Y"),
        ("Crawfor", 50, None, 14115, 1993, 1995, 2009, 10, "TA", None, 796, 566, 2.0, "Attchd", 0, 1, 1, "Y"),
        ("Veenker", 20, None, 10084, 2004, 2005, 2007, 8, "Ex", "Ex", 1694, 0, None, None, 480, 2, 0, "N"),
        ("NoRidge", 60, 91.0, 10382, 1973, 1973, 2009, 11, "TA", "Gd", 1107, 983, 2.0, "Attchd", 0, 2,
         1, "Y"),
        ("CollgCr", 50, 51.0, 6120, 1931, 1950, 2008, 4, "Fa", "TA", 1022, 752, 2.0, "Detchd", 0, 2, 0, "N"),
        ("Crawfor", 190, 50.0, 7420, 1939, 1950, 2008, 1, "TA", "TA", 1077, 0, 1.0, "Attchd", 0, 1, 0, "Y"),
    ),
    "orders": _rows(
        _ORDER,
        ("ann@shop.com", " Red  Lamp, 40cm", "$1,234.50", 2, "2.5 kg", "2024-03-14", "03/16/2024 10:30",
         "Oslo, NO",
         4.5, "Great lamp! Love it.", "10x20x30", "0150", "home|light", "2023-01-05", "2024-03-01"),
        ("bob@mail.org", "blue Chair", "$89.00", 1, "7 kg", "2024-03-15", "03/15/2024 23:05", "Bergen, NO",
         3.0, "ok", "45x45x90", "5003", "home", "2022-11-30", "2024-02-29"),
        ("cy@shop.com", "Desk (oak) NEW", "$459.99", 1, "31.2 kg", "2024-12-31", "01/04/2025 08:00",
         "Lund, SE",
         None, None, "120x60x75", "2210", "office|home", "2024-02-29", "2024-12-30"),
        ("dee@web.net", "Red pen - pack of 12", "$4.20", 10, "150 g", "2024-02-29", "03/02/2024 12:00",
         "Oslo, NO",
         5.0, "Best pens EVER!!! 12/10", "1x1x15", "0021", "office", "2020-06-01", "2024-02-01"),
        ("eva@mail.org", None, "$0.99", 3, "20 g", "2024-07-06", "07/08/2024 17:45", "Malmo, SE",
         1.0, "Broken. Bad :(", "3x3x3", "211", "sale", "2024-07-01", "2024-07-02"),
        ("flo@shop.com", "Blue lamp", "$75.10", 1, "3 kg", "2024-09-01", "09/05/2024 06:15", None,
         4.0, "good lamp, good price", "12x12x40", "5004", None, "2019-03-31", "2024-08-31"),
    ),
}  # fmt: skip

LATER: dict[str, list[dict[str, Any]]] = {
    "passengers": _rows(
        _PASSENGER,
        (3, "Kelly, Mr. James", "male", 34.5, 0, 0, "330911", 7.8292, None, "Q"),
        (2, "Oliva y Ocana, Dona. Fermina", "female", None, 0, 2, "PC 17758", 108.9, "C105", "X"),
        (4, "Storey", None, 60.5, 8, 2, "3701", 0.0, "", None),
        (1, None, "male", None, 0, 0, None, 512.3292, "T", "C"),
        (3, "Peter, Master. Michael J", "male", 0.5, 1, 1, "2668", 22.3583, "F E69", "S"),
    ),
    "customers": _rows(
        _CUSTOMER,
        ("0280-XJGEX", "Male", 0, "No", 49, "Yes", "Fiber optic", "No", "Yes", "Month-to-month", 103.7,
         "5036.3"),
        ("5129-JLPIS", None, 1, None, 25, "Yes", "Satellite", None, "No", "Weekly", 105.5, "2686,05"),
        ("6322-HRPFA", "Other", 0, "Maybe", 0, "No phone service", "No", "No internet service", None,
         None, 20.25, " "),
        ("6865-JZNKO", "Female", 0, "Yes", 72, "Yes", None, "Yes", "Yes", "Two year", 55.2, None),
    ),
    "houses": _rows(
        _HOUSE,
        ("Gilbert", 60, None, 7917, 1999, 2000, 2007, 8, "TA", "Gd", 953, 694, 2.0, "Attchd", 0, 2, 1, "Y"),
        ("CollgCr", 20, 85.0, 13175, 1978, 1988, 2010, 2, None, None, 2073, 0, None, None, 0, 2, 0, "N"),
        (None, 75, 1000.0, 0, 1941, 2006, 2010, 5, "Po", "Po", 0, 0, 0.0, "Basment", 800, 0, 0, None),
        ("Crawfor", 60, 30.0, 99999, 1950, 1996, 2010, 4, "Ex", "TA", 1078, 1152, 4.0, "Detchd", 0, 3,
         2, "Y"),
    ),
    "orders": _rows(
        _ORDER,
        ("gus@new.io", "Green Sofa, 3 seats", "$2,999.00", 1, "80 kg", "2025-01-01", "01/20/2025 09:30",
         "Paris, FR",
         4.5, "Nice\tsofa", "200x90x80", "75001", "home|new", "2025-01-01", "2025-01-01"),
        (None, "", "free", 0, "heavy", "not a date", "2024-13-45", "Rome", None, "", "big", "", "",
         None, None),
        ("hal", "LAMP 2000", None, 4, None, None, None, ", ", 2.5, None, None, None, "light|home",
         "2023-08-17",
         "2024-01-01"),
        ("ivy@shop.com", "Étagère blanche 60cm", "$120", 2, "14.25 kg", "2024-05-31",
         "06/01/2024 00:00", "Lund, SE",
         3.5, "ça va, très bien", "60x30x180", "22100", "home", "2021-12-31", "2024-05-01"),
    ),
}  # fmt: skip
