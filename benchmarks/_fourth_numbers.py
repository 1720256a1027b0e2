"""A fourth look: columns of real tables by new hands, that never read how Litmus reads numbers.

They come from shops, banks, estate agents, hospitals, farms, energy, freight, sport, schools and censuses of
many countries. Whether a person could tell was written down before the first run.
"""
# ruff: noqa: RUF001

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from benchmarks._others_numbers import (
    MISSING,
    OthersNumber,
    comma,
    french,
    german,
    grouped,
    indian,
    no_number,
    number,
    plain,
    spelled,
    us,
)

_TILL = (12.5, 3.99, 149.0, 0.85, 27.4, 1299.95, 64.2, 8.0, 410.75, 19.9)
_BOOK = (1234.5, -19.99, 48210.0, -2950.75, 0.99, -310.0, 66420.18, -5.05, 1800.0, -742.6)
_HOMES = (349000, 1250000, 89900, 515000, 2395000, 178500, 640000, 72000, 1049000, 425000)
_SUMS = (12990, 1990, 249000, 950, 1249900, 5490, 64000, 700, 340500, 27500)
_RENTS = (750, 1250, 480, 2100, 935, 640, 1575, 3200, 820, 1090)
_SHARE = (87.5, 3.0, 61.2, 45.0, 100.0, 18.9, 72.4, 0.5, 33.3, 9.1)
_MOVES = (2.3, -1.1, 0.4, 12.5, -7.8, 3.6, -0.2, 1.9, -15.0, 5.5)
_LAB = (13.5, 11.8, 14.2, 9.6, 15.1, 12.0, 10.7, 13.9, 12.4, 16.3)
_FEW = (12, 1, 28, 3, 45, 7, 120, 9, 64, 2)
_STEPS = (12500, 8200, 950, 10100, 3000, 640)
_POUNDS = (1.0, 16.0, 0.45359237, 453.59237)
_PERCENT = (1.0, 0.01)


def _gaps(values: Sequence[float]) -> tuple[float, ...]:
    return (*values[:3], MISSING, *values[3:6], MISSING, *values[6:])


def _or(word: str, write: Callable[[float], str]) -> Callable[[float], str]:
    return lambda value: word if math.isnan(value) else write(value)


def _digits(text: str, zero: int) -> str:
    return "".join(chr(zero + int(each)) if each in "0123456789" else each for each in text)


def _arabic(value: float, zero: int = 0x660) -> str:
    return _digits(grouped(value, thousands="\u066c", point="\u066b"), zero)


def _dots(value: float) -> str:
    return grouped(value, thousands=".", point=",")


def _spaces(value: float, space: str = " ") -> str:
    return grouped(value, thousands=space, point=",")


def _excel(value: float) -> str:
    return " $ -   " if value == 0 else f" $ {us(value)} " if value > 0 else f" $ ({us(-value)})"


def _roubles(value: float) -> str:
    return f"{_spaces(int(value))} руб. {round(value % 1 * 100):02d} коп."


def _hundred_million(value: float) -> str:
    return f"{value // 1e8:.0f}억 {value % 1e8 / 1e4:,.0f}만"


# fmt: off
FOURTH_MONEY: tuple[OthersNumber, ...] = (
    number("asking_price", _or("POA", lambda v: f"£{v:,.0f}"), _gaps(_HOMES), "price on application"),
    number("vraagprijs", lambda v: f"€ {_dots(v)} k.k.", _HOMES, "Dutch house sites: buyer pays the costs"),
    number("Prisantydning", lambda v: f"{_spaces(v)},-", _HOMES, "Norwegian house prices"),
    number("VHB", lambda v: f"{_dots(v)} € VB", _RENTS, "German small ads: open to offers"),
    number("HOA", _or("—", lambda v: f"${v:,}/mo"), _gaps(_RENTS), "US house sites"),
    number("price_sqft", lambda v: f"${v}/sqft", (312, 198, 540, 275, 1020, 88, 433, 361), "US house sites"),
    number("总价", lambda v: f"{v / 1e4:g}万", (3.5e6, 8.8e5, 1.265e7, 4.2e6, 6.15e6, 2.9e6, 1e7, 5.3e6),
           "Chinese flats in ten thousands"),
    number("家賃", lambda v: f"{v / 1e4:g}万円", (78000, 120000, 65000, 99000, 143000, 57500, 88000, 60000),
           "Japanese rents in ten thousands"),
    number("매매가", _hundred_million, (3.5e8, 12.2e8, 5.85e8, 9.1e8, 1.775e8, 20.5e8, 7.3e8, 4.96e8),
           "Korean flats: hundred millions and ten thousands"),
    number("Giá bán", lambda v: f"{comma(v / 1e9)} tỷ" if v >= 1e9 else f"{v / 1e6:g} triệu",
           (2.5e9, 8.5e8, 1.25e9, 7e9, 6.2e8, 3.1e9, 9.9e8, 4e9), "Vietnamese houses"),
    number("Harga rumah", lambda v: f"Rp {comma(v / 1e9)} Miliar" if v >= 1e9 else f"Rp {v / 1e6:g} Juta",
           (1.25e9, 8.5e8, 3.2e9, 4.75e8, 6e8, 2e9, 9.2e8, 1.1e9), "Indonesian house prices"),
    number("Marktwert", lambda v: f"{german(v / 1e6)} Mio. €" if v >= 1e6 else f"{v / 1e3:g} Tsd. €",
           (12.5e6, 8.5e5, 7.5e7, 3e5, 1.2e6, 4.5e7, 5e4, 6e6), "German football sites"),
    number("mkt_value", _or("-", lambda v: f"€{v / 1e6:.2f}m" if v >= 1e6 else f"€{v / 1e3:g}k"),
           _gaps((12.5e6, 8.5e5, 7.5e7, 3e5, 1.2e6, 4.5e7, 5e4, 6e6)), "English football sites"),
    number("Jahresergebnis", lambda v: f"({_dots(-v)}) T€" if v < 0 else f"{_dots(v)} T€",
           (412, -38, 1250, -1904, 77, 3310, -260, 905), "thousands of euros", scales=(1.0, 1000.0)),
    number("charges", _excel, (*_BOOK[:6], 0.0, *_BOOK[6:]), "Excel's accounting: a dash is nothing owed"),
    number("Betrag HW", lambda v: f"{german(-v)}-" if v < 0 else german(v), _BOOK, "SAP: the minus behind"),
    number("Saldovortrag", lambda v: ("–" if v < 0 else "") + german(abs(v)), _BOOK, "an en dash for minus"),
    number("Crédit", lambda v: f"+{french(v, space=chr(160))} €", _TILL, "French bank: each with a plus"),
    number("withdrawal_amt", _or("", indian), _gaps((*_TILL, 125000.0, 1234567.5)), "Indian bank statement"),
    number("S/H", lambda v: f"{german(abs(v))} {'S' if v < 0 else 'H'}", _BOOK, "bank", is_open=True),
    number("fees_paid", lambda v: f"Rs.{indian(v, digits=0)}/-", _SUMS, "Indian school receipts"),
    number("school_fees", lambda v: f"UGX {v:,}/=", _SUMS, "Uganda"),
    number("precio_gs", lambda v: f"Gs. {_dots(v)}", _SUMS, "Paraguay"),
    number("precio oferta", lambda v: f"${_dots(v)}", _SUMS, "Chile: no cents"),
    number("monto_q", lambda v: f"Q{us(v)}", _TILL, "Guatemala"),
    number("precio_lista", lambda v: f"$ {german(v)}", _TILL, "Argentina: dollar sign, comma"),
    number("cijena_km", lambda v: f"{german(v)} KM", _TILL, "Bosnian marks"),
    number("amount_kd", lambda v: f"KD {v:,.3f}", _TILL, "Kuwait: a thousand fils"),
    number("Lohnsumme", lambda v: f"CHF {grouped(v, thousands='’', digits=2)}", _HOMES, "Swiss, curly marks"),
    number("Eintritt", lambda v: f"Fr. {v:.0f}.–" if v % 1 == 0 else f"Fr. {v:.2f}",
           (12, 8.5, 25, 6, 14.5, 30, 18, 9.5), "Swiss ticket prices"),
    number("coût", lambda v: f"{int(v)}€{round(v % 1 * 100):02d}", (12.5, 8.9, 23, 6.75, 14.2, 31, 9.05),
           "French menus: the sign in the middle"),
    number("стоимость", _roubles, _TILL, "Russian roubles and kopecks in words"),
    number("Cena jedn.", lambda v: f"{_spaces(v)} zł/szt.", _TILL, "Polish price a piece"),
    number("מחיר", lambda v: f"\u200f{us(v)} ₪", _TILL, "Hebrew Excel: a mark of direction ahead"),
    number("السعر", lambda v: f"{_arabic(v)} ر.س", _TILL, "Saudi price in Arabic digits"),
    number("قیمت", lambda v: f"{_arabic(v, 0x6F0)} تومان", _HOMES, "Iranian price in Persian digits"),
    number("দাম", lambda v: f"৳ {_digits(indian(v, digits=0), 0x9E6)}", _HOMES, "Bengali digits, lakhs"),
    number("මිල", lambda v: f"රු. {us(v)}", _TILL, "Sri Lankan rupees"),
    number("Үнэ", lambda v: f"{v:,}₮", _HOMES, "Mongolian tugrik"),
    number("単価(税込)", lambda v: f"{v:,}円(税込)", _SUMS, "tax included"),
    number("Kurz", lambda v: f"{comma(v)} Kč", (24.905, 22.871, 0.165, 5.774, 28.92, 3.349, 0.062),
           "exchange rates: the zero ahead tells the comma"),
    number("hourly", lambda v: f"${v:.2f}/hr", (18.5, 22, 15.75, 31.2, 16, 27.4), "American job ads"),
    number("price_per_kg", lambda v: f"£{v:.2f}/kg", (2.4, 11.5, 0.85, 7.99, 3.2, 18.0), "British shelves"),
    number("pump_price", lambda v: f"{v}p", (142.9, 139.7, 151.9, 144.8, 149.9), "pence", scales=_PERCENT),
    number("Diesel", lambda v: f"{v:.3f} €/l".replace(".", ","), (1.659, 1.719, 1.589, 1.799, 1.644, 1.705),
           "only knowing fuel tells the comma", is_open=True),
    spelled("paid_amt", "$1,250|1250.00|USD 80|$ 75.50|1,100 USD|$40|315|$2,049.99",
            (1250, 1250, 80, 75.5, 1100, 40, 315, 2049.99), "typed by several people, all in dollars"),
    spelled("offer", "Offers over £425,000|Guide price £89,950|OIRO £1,150,000|£310,000|Offers over £275,000",
            (425000, 89950, 1150000, 310000, 275000), "words that change what the price means", is_open=True),
)
FOURTH_UNITS: tuple[OthersNumber, ...] = (
    number("occupancy", _or("n/a", lambda v: f"{v}%"), _gaps(_SHARE), "hotels", scales=_PERCENT),
    number("TAEG", lambda v: f"{comma(v)} % l'an", (3.75, 4.2, 2.9, 12.5, 6, 5.15), "loans", scales=_PERCENT),
    number("RH", lambda v: f"{v:g}%RH", _SHARE, "loggers of humidity", scales=_PERCENT),
    number("margin_pct", lambda v: f"({-v}%)" if v < 0 else f"{v}%", _MOVES, "accountants", scales=_PERCENT),
    number("1d move", lambda v: f"{'▲' if v > 0 else '▼'} {abs(v)}%", _MOVES, "stock sites", scales=_PERCENT),
    number("vs. 2019", lambda v: f"{v:+.1f} %".replace("-", "−"), _MOVES, "a real minus", scales=_PERCENT),
    number("進捗率", lambda v: f"{_digits(str(round(v)), 0xFF10)}％", (85, 100, 40, 7, 63, 92), "wide digits",
           scales=_PERCENT),
    number("نسبة", lambda v: f"{_arabic(v)}٪", _SHARE, "Arabic digits", scales=_PERCENT),
    number("Hémoglobine", _or("ND", lambda v: f"{comma(v)} g/dL"), _gaps(_LAB), "not determined"),
    number("WBC", lambda v: f"{v} x10^9/L", (7.2, 4.5, 11.3, 6.8, 9.0, 15.6), "blood", scales=(1.0, 1e9)),
    number("PLT", lambda v: f"{v} K/uL", (250, 187, 412, 95, 301, 228), "laboratory", scales=(1.0, 1e3)),
    number("BMI", lambda v: f"{v} kg/m²", (27.4, 22.1, 31.8, 19.9, 25.0, 35.6), "a square among the digits"),
    number("N applied", lambda v: f"{v} kg N/ha", (45, 120, 0, 80, 160, 35), "the unit names the element"),
    number("soil_ph", lambda v: f"pH {v}", (6.5, 7.1, 5.8, 4.9, 8.0, 6.2), "the word ahead"),
    number("Milchleistung", lambda v: f"{_dots(v)} kg", (8250, 10120, 9875, 11040, 7905, 9310),
           "only knowing cows tells 8.250 kg", is_open=True),
    number("Zählerstand", lambda v: f"{v:08.1f} kWh".replace(".", ","),
           (12345.6, 980.2, 104330.0, 7.5, 58612.9, 33407.0), "meters with zeros ahead"),
    number("carbon", lambda v: f"{v} gCO2/kWh", (412, 85, 230, 640, 37, 518), "a digit in the unit"),
    number("installed", lambda v: f"{v / 1000:g} GW" if v >= 1000 else f"{v:g} MW",
           (1200, 850, 3450, 40, 600, 2000), "two sizes of one unit", scales=(1.0, 1e-3, 1e3, 1e6)),
    number("CBM", lambda v: f"{v:.3f} CBM", (12.345, 0.875, 1.2, 28.06, 0.04, 3.915), "m³ of freight"),
    spelled("ship_weight", "12 KG|5kg|7.5 Kg|3 kgs|1,250 kg|0.8kg|40 KGS", (12, 5, 7.5, 3, 1250, 0.8, 40),
            "typed by several people"),
    spelled("lead_time", "3 days|1 day|12 days|45 days|TBC|7 days|2 days|10 days",
            (3, 1, 12, 45, MISSING, 7, 2, 10), "to be confirmed is missing"),
    number("Effectif", lambda v: f"{v} élève{'s' if v > 1 else ''}", _FEW, "pupils of French schools"),
    number("Остаток", lambda v: f"{_spaces(v)} шт", (1250, 64, 3, 980, 12400, 7), "Russian stock"),
    number("徒歩", lambda v: f"徒歩{v}分", (5, 12, 3, 8, 15, 1), "minutes on foot, words on both sides"),
    number("築年数", lambda v: f"築{v}年", (12, 35, 3, 8, 21, 47), "years since it was built"),
    number("dist_to_stn", lambda v: f"{v / 1000:g} km" if v >= 1000 else f"{v} m",
           (850, 1200, 300, 2450, 640, 90), "metres and kilometres", scales=(1.0, 1e-3)),
    number("Grundstück", lambda v: f"{_dots(v)} m²", (1250, 640, 815, 2400, 390, 1075), "German plots"),
    number("Nutzfläche", lambda v: f"ca. {_dots(v)} m²", (120, 85.5, 240, 63, 97.25, 150), "about so many"),
    number("lot", lambda v: f"{v / 43560:g} acres" if v >= 10890 else f"{v:,} sqft",
           (10890, 7405, 21780, 5227, 43560, 6098), "two units", is_open=True, scales=(1.0, 1 / 43560)),
    number("birth_wt", lambda v: f"{int(v)} lb {v % 1 * 16:g} oz",
           (7.5, 6.125, 8.75, 5.9375, 7.25, 9.0625), "pounds and ounces", is_open=True, scales=_POUNDS),
    number("gestation", lambda v: f"{int(v)}+{round(v % 1 * 7)}",
           tuple(days / 7 for days in (276, 281, 265, 287, 268, 250)), "weeks and days",
           is_open=True, scales=(1.0, 7.0)),
    spelled("long_jump", "7.85m|8.12m|DNS|7.6m|NM|8.01m|7.44m|7.9m",
            (7.85, 8.12, MISSING, 7.6, MISSING, 8.01, 7.44, 7.9), "no start, no mark", is_open=True),
    number("note_sur_20", lambda v: f"{comma(v)}/20", (15.5, 12, 8.25, 17, 10, 19.5), "marks", is_open=True,
           scales=(1.0, 0.05)),
    number("attendance", lambda v: f"{v:,}", (45123, 8450, 987, 61004, 75000, 12310), "English crowds"),
    number("steps_day", lambda v: f"{v / 1000:g}k" if v >= 1000 else f"{v}", _STEPS, "thousands or not"),
    number("Fördermenge", lambda v: f"{comma(v / 1e6)} Mio. t",
           (1.2e6, 8e5, 1.4e7, 2.35e6, 5e5, 3.1e6), "mines", scales=(1.0, 1e3)),
    number("जनसंख्या", lambda v: _digits(indian(v, digits=0), 0x966), _HOMES, "Devanagari digits, lakhs"),
    number("จำนวน", lambda v: f"{_digits(f'{v:,}', 0xE50)} คน", _HOMES, "Thai digits, persons"),
    number("人数", lambda v: f"{v / 1e4:g}万人" if v >= 1e4 else f"{v}人", _STEPS, "persons, or 10,000"),
    spelled("Pop. (2021)", "45,123[2]|8,450|1,204,533[a]|987|61,004[2]|75,310|12,008",
            (45123, 8450, 1204533, 987, 61004, 75310, 12008), "footnotes of encyclopaedias"),
    spelled("OBS_VALUE", "12.5 p|7.1|:|3.2 b|10.4 e|:|8.8|104.3 p",
            (12.5, 7.1, MISSING, 3.2, 10.4, MISSING, 8.8, 104.3), "Eurostat: flags, a colon for missing"),
    spelled("cpi", "312.3|313.5|314.1|315.0(p)|315.6(p)|311.9|310.3(r)",
            (312.3, 313.5, 314.1, 315.0, 315.6, 311.9, 310.3), "preliminary and revised figures"),
    number("farms_sales", _or("(D)", lambda v: f"{v:,}"), _gaps(_HOMES), "American farm census: withheld"),
    number("SP.POP.TOTL", _or("..", lambda v: f"{v}"), _gaps(_HOMES), "World Bank: two points are missing"),
    number("Einkommen", _or("k. A.", _dots), _gaps(_HOMES), "German: no answer"),
    number("体重", _or("不明", lambda v: f"{v}kg"), _gaps(_LAB), "Japanese: unknown"),
    number("growth_x", _or("#DIV/0!", plain), _gaps(_LAB), "spreadsheet errors"),
    number("GDP const.", lambda v: grouped(v, thousands="\u2009"), (*_HOMES, 1234.5), "thin spaces, a point"),
    number("T. máx", lambda v: f"{comma(v)} ºC", _LAB, "the mark of ordinals for degrees"),
    number("CFU", lambda v: f"{v:.1E}".replace(".", ","), (120000, 3500, 98, 2.1e7, 5.5e6), "German Excel"),
    spelled("Avogadro", "6.02×10²³|1.5×10⁻³|3×10⁸|9.11×10⁻³¹|1.6×10⁻¹⁹",
            (6.02e23, 1.5e-3, 3e8, 9.11e-31, 1.6e-19), "powers as books print them"),
    spelled("hours", "7½|8|6¼|5¾|7|8½|4½|9|6|7¼", (7.5, 8, 6.25, 5.75, 7, 8.5, 4.5, 9, 6, 7.25), "timesheet"),
)
FOURTH_CODES: tuple[OthersNumber, ...] = (
    no_number("ship_zip", "02139-4307|10001|60614|94110-2208|73301|30309|98101", "ZIP codes, some longer"),
    no_number("contact_no", "98765 43210|91234 56789|80045 11223|99887 76655|70123 45670", "Indian mobiles"),
    no_number("MPN", "6205-2RS|6304|608-ZZ|51106|6001-2RS|30205|NU206", "bearings"),
    no_number("STD", "0730|1545|0005|2210|1120|0645|1800", "times of departure"),
    no_number("firmware", "2.10|2.9|2.1|3.0|2.11|2.20|3.1", "2.10 comes after 2.9"),
    no_number("iban_last4", "0532|3000|0013|4470|8891|0200|7154", "ends of account numbers"),
    no_number("Altersgruppe", "0-4|5-9|10-14|15-19|20-24|65-69|85+", "ages from and to"),
    no_number("salary_band", "£28k-£32k|£40k-£45k|£19k-£22k|£60k-£75k|£33k-£36k", "from and to"),
    no_number("Konfektion", "36/38|40/42|44/46|32/34|48/50", "double sizes"),
    no_number("tshirt", "S|M|L|XL|3XL|XXL|2XL|5XL", "sizes"),
    no_number("rfid", "1E10|77E3|12E4|5E08|90E1|33E7|A4F0", "hex that looks like powers of ten"),
    no_number("Stichtag", "20240131|20231215|20240229|20221001|20230630", "days"),
    no_number("Liefertermin", "01.02.|15.03.|28.11.|07.06.|30.09.", "days and months"),
    no_number("Monat", "03.2024|11.2023|07.2022|12.2024|01.2023", "months and years, not 3.2024"),
    no_number("NACE", "01.11|46.90|10.71|62.01|85.20|01.50", "trades: two digits, two digits"),
    no_number("HS code", "8471.30|0901.21|6109.10|8703.23|2204.21", "customs"),
    no_number("LOINC", "2345-7|718-7|4548-4|2160-0|789-8", "laboratory codes with a check digit"),
    no_number("visus", "20/20|20/40|20/100|20/25|20/200", "sight"),
    no_number("Einnahme", "1-0-1|1-1-1|0-0-1|1-0-0|2-0-2", "pills in the morning, at noon, in the evening"),
    no_number("Oda", "3+1|2+1|4+2|1+0|5+1", "Turkish flats: rooms and parlours"),
    no_number("Gebinde", "6 x 0,5 l|20 x 0,5 l|12 x 1,0 l|24 x 0,33 l|6 x 1,5 l", "packs of bottles"),
    no_number("E-Nr.", "E330|E202|E471|E150|E621|E300", "additives, and no powers of ten"),
    no_number("jersey_no", "00|0|7|23|30|11|99", "00 and 0 are two players"),
    no_number("arsenic", "<0.05|0.12|0.31|<0.05|0.08|<0.1|0.27", "limits of detection", is_open=True),
    no_number("measured", "12.5 ± 0.3|11.8 ± 0.4|14.2 ± 0.3|9.6 ± 0.5", "two numbers", is_open=True),
)
# fmt: on
