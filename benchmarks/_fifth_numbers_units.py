"""A fifth look: columns by new hands, the part of quantities, shares and counts.

Judged by what a person who knows such files would read, before any importer saw them.
"""

# ruff: noqa: RUF001
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from benchmarks._others_numbers import MISSING, OthersNumber, grouped, number, spelled

NA = MISSING


def scaled(
    column: str,
    cells: str | Sequence[str],
    values: Sequence[float],
    scales: tuple[float, ...],
    why: str,
    *,
    is_open: bool = False,
) -> OthersNumber:
    """Return a column of given texts whose values may differ by one of ``scales``."""
    return replace(spelled(column, cells, values, why, is_open=is_open), scales=scales)


# fmt: off
FIFTH_UNITS: tuple[OthersNumber, ...] = (
    # --- counts
    spelled("Quantity", "1,204|36|980|12,500|4|1,000|777|58,310|205|9,999",
            (1204, 36, 980, 12500, 4, 1000, 777, 58310, 205, 9999), "Commas group whole numbers."),
    spelled("Einwohner", "3.677.472|1.852|24.910|612|1.488.202|310.041|8.054|99.113|47",
            (3677472, 1852, 24910, 612, 1488202, 310041, 8054, 99113, 47), "Dots group German inhabitants."),
    number("Population municipale", lambda v: grouped(v, thousands="\u00a0", point=","),
           (2133111, 522250, 873, 12044, 96, 341013, 1508, 60290, 7421), "French census: hard spaces group."),
    spelled("Aantal leerlingen", "1.204|387|562|1.011|88|2.340|745|419|1.650",
            (1204, 387, 562, 1011, 88, 2340, 745, 419, 1650), "Dutch pupils: no school has 1.204 of them."),
    spelled("Anzahl Haushalte", "12'450|845|1'204|203'118|77|6'310|9'050|1'000|462",
            (12450, 845, 1204, 203118, 77, 6310, 9050, 1000, 462), "Swiss apostrophes group."),
    spelled("Voters", "1,23,456|12,08,310|98,450|7,215|1,00,000|45,33,902|850|2,76,004",
            (123456, 1208310, 98450, 7215, 100000, 4533902, 850, 276004), "Indian groups of two."),
    spelled("Enrolled", "412|88|n/a|1045|N/A|230|17|-|609|954|na|71",
            (412, 88, NA, 1045, NA, 230, 17, NA, 609, 954, NA, 71), "Whole numbers with marks of missing."),
    spelled("sensor_value", "0.4512|NaN|12.7|13.05|null|-0.003|1|None|7.125|22.98||8.4",
            (0.4512, NA, 12.7, 13.05, NA, -0.003, 1, NA, 7.125, 22.98, NA, 8.4),
            "Programs write missing so."),
    spelled("Messwert", "5,3|12|72,4|k. A.|0,08|-1,5|104,25|k.A.|33|9,9",
            (5.3, 12, 72.4, NA, 0.08, -1.5, 104.25, NA, 33, 9.9), "German decimals; k. A. gives no answer."),
    spelled("Stock", "12 pcs|1,200 pcs|45 pcs|0 pcs|350 pcs|2,048 pcs|7 pcs|1 pc|96 pcs",
            (12, 1200, 45, 0, 350, 2048, 7, 1, 96), "Pieces are a unit."),
    spelled("QTY ON HAND", "     1,204|        36|    12,500|       980|         4|       777|"
            "   104,310|        58",
            (1204, 36, 12500, 980, 4, 777, 104310, 58), "A report of fixed widths pads with spaces."),
    spelled("Reviews", "(128)|(1,204)|(7)|(56)|(12,310)|(341)|(2)|(990)|(4,455)",
            (128, 1204, 7, 56, 12310, 341, 2, 990, 4455),
            "Shops bracket counts: none is below 0.", is_open=True),
    scaled("Views", "1.2K views|850 views|3.4M views|15K views|97 views|1.1M views|640K views|12 views",
           (1200, 850, 3400000, 15000, 97, 1100000, 640000, 12), (1.0, 1e-3, 1e-6), "Sites shorten counts."),
    scaled("Followers", "12.4k|1.1m|985|302k|7.6k|54|2m|18.9k|640",
           (12400, 1100000, 985, 302000, 7600, 54, 2000000, 18900, 640), (1.0, 1e-3, 1e-6),
           "k and m multiply."),
    scaled("Population (estimation)", "8,5 millions|1,2 milliard|67,4 millions|340 millions|1,4 milliard|"
           "5,9 millions|11 millions|0,6 million",
           (8.5e6, 1.2e9, 67.4e6, 340e6, 1.4e9, 5.9e6, 11e6, 0.6e6), (1.0, 1e-6, 1e-9), "French magnitudes."),
    scaled("人口", "1,234人|3.5万人|980人|12万人|1,380万人|45人|2.7万人|5,600人",
           (1234, 35000, 980, 120000, 13800000, 45, 27000, 5600), (1.0, 1e-4),
           "Japanese 万 is 10,000 people."),
    spelled("数量", "１２|３４０|１，２００|５|７８|９９９|２５，０００|６０",
            (12, 340, 1200, 5, 78, 999, 25000, 60), "Full-width digits and commas from a Japanese form."),
    spelled("Goal difference", "+42|+31|+12|+3|0|\u22122|\u22127|\u221215|\u221228|\u221236",
            (42, 31, 12, 3, 0, -2, -7, -15, -28, -36), "A league table signs both ways."),
    spelled("Finish", "1st|2nd|3rd|4th|11th|22nd|5th|DNF|13th",
            (1, 2, 3, 4, 11, 22, 5, NA, 13), "Ordinals are ranks; a text is fair too.", is_open=True),
    spelled("AVG", ".305|.288|.250|1.000|.199|.333|.000|.271|.412",
            (0.305, 0.288, 0.25, 1, 0.199, 0.333, 0, 0.271, 0.412), "Baseball drops the zero."),
    spelled("income_idx", "12.5|.|.75|3|.|104.25|.08|88.1|.|7",
            (12.5, NA, 0.75, 3, NA, 104.25, 0.08, 88.1, NA, 7), "SAS and Stata write missing as a dot."),
    spelled("Growth index", "104.2|#N/A|98.7|#DIV/0!|110.35|101|#REF!|99.9|#VALUE!|105.5",
            (104.2, NA, 98.7, NA, 110.35, 101, NA, 99.9, NA, 105.5), "Excel's errors stand for missing."),
    # --- statistics offices
    spelled("2023", "12.3|45.1 e|: |7.8 b|101.4 p|33.0|:|9.95 ep|60.2|18.7 b",
            (12.3, 45.1, NA, 7.8, 101.4, 33, NA, 9.95, 60.2, 18.7), "Eurostat: flags, a colon for missing."),
    spelled("Beschäftigte", "12 345|.|1 204|/|845|x|203 118|77|...|6 310",
            (12345, NA, 1204, NA, 845, NA, 203118, 77, NA, 6310),
            "Destatis: dots, slash and x are no value."),
    spelled("Population 2021", "1,234[a]|56,780|9,045[b]|310,220|812*|4,405|77,031[a]|2,118|650*",
            (1234, 56780, 9045, 310220, 812, 4405, 77031, 2118, 650), "Footnote marks behind census counts."),
    spelled("Employment rate", "61.4|..|58.9|72.05|F|66.3|x|70.0|..|55.8",
            (61.4, NA, 58.9, 72.05, NA, 66.3, NA, 70, NA, 55.8), "Statistics Canada: .., F and x."),
    spelled("Liczba mieszkańców", "1 234|brak danych|56 780|912|1 863 056|b.d.|20 455|7 800|340",
            (1234, NA, 56780, 912, 1863056, NA, 20455, 7800, 340), "Polish: brak danych is no data."),
    spelled("Площадь, га", "12,5|нет данных|1 204,8|0,75|88|н/д|340,2|6,05|15 310",
            (12.5, NA, 1204.8, 0.75, 88, NA, 340.2, 6.05, 15310), "Russian decimals and missing words."),
    # --- shares
    scaled("Completion", "12.5%|3%|99.1%|45.75%|0.4%|100%|7.2%|61%|33.33%|18.9%",
           (12.5, 3, 99.1, 45.75, 0.4, 100, 7.2, 61, 33.33, 18.9), (1.0, 0.01), "Plain percent."),
    scaled("Anteil", "12,5\u00a0%|3,0\u00a0%|99,1\u00a0%|0,4\u00a0%|100\u00a0%|61\u00a0%|"
           "33,33\u00a0%|7,2\u00a0%",
           (12.5, 3, 99.1, 0.4, 100, 61, 33.33, 7.2), (1.0, 0.01), "German percent behind a hard space."),
    scaled("YoY change", "+3.2%|-1.5%|0.0%|+12.75%|-0.4%|+101%|n/a|-22.1%|+7%",
           (3.2, -1.5, 0, 12.75, -0.4, 101, NA, -22.1, 7), (1.0, 0.01), "Signed percent changes."),
    scaled("Margin", "12.4%|(3.2%)|8.0%|(15.5%)|22.1%|0.7%|(0.3)%|31.6%|5.5%",
           (12.4, -3.2, 8, -15.5, 22.1, 0.7, -0.3, 31.6, 5.5), (1.0, 0.01), "Brackets are below zero."),
    scaled("Gefälle", "0,8 ‰|12,5 ‰|3 ‰|25,0 ‰|7,4 ‰|1,1 ‰|40 ‰|0,5 ‰",
           (0.8, 12.5, 3, 25, 7.4, 1.1, 40, 0.5), (1.0, 0.1, 0.001), "A railway's slope in per mille."),
    scaled("Spread", "25 bps|140 bps|7 bps|1,250 bps|33 bps|310 bps|85 bps|12.5 bps",
           (25, 140, 7, 1250, 33, 310, 85, 12.5), (1.0, 0.01, 0.0001), "Basis points."),
    # --- scientific
    spelled("Counts (CFU/mL)", "1.23E+05|4.50E+03|9.8E+02|6.02E+07|1.00E+00|3.3E+06|7.75E+04|2E+08",
            (1.23e5, 4500, 980, 6.02e7, 1, 3.3e6, 77500, 2e8), "Excel's scientific notation."),
    spelled("Konzentration mol/l", "1,23E-04|4,5E-03|9,8E-05|6,02E-01|1,00E+00|3,3E-06|7,75E-02|2,1E-03",
            (1.23e-4, 4.5e-3, 9.8e-5, 0.602, 1, 3.3e-6, 0.0775, 2.1e-3), "German scientific notation."),
    spelled("Viral load", "3.4 × 10^5|1.2 × 10^3|7 × 10^6|5.55 × 10^4|9.1 × 10^2|2.0 × 10^7|"
            "8.3 × 10^5|4 × 10^3",
            (3.4e5, 1200, 7e6, 55500, 910, 2e7, 8.3e5, 4000), "Typed powers of ten."),
    # --- laboratory and sensors
    spelled("Glucose", "5.3 mmol/L|6.1 mmol/L|4.8 mmol/L|11.2 mmol/L|7 mmol/L|5.05 mmol/L|"
            "9.4 mmol/L|3.9 mmol/L",
            (5.3, 6.1, 4.8, 11.2, 7, 5.05, 9.4, 3.9), "One unit behind a lab value."),
    spelled("CRP mg/l", "<0.5|1.2|34.8|<0.5|7.1|0.9|>200|12|<0.5|5.6",
            (0.5, 1.2, 34.8, 0.5, 7.1, 0.9, 200, 12, 0.5, 5.6),
            "Limits of detection divide labs.", is_open=True),
    spelled("Haemoglobin", "13.4|9.8 L|15.1|18.2 H|12.9|8.7 L|14.0|16.6|17.9 H|13.8",
            (13.4, 9.8, 15.1, 18.2, 12.9, 8.7, 14, 16.6, 17.9, 13.8),
            "L and H flag low and high.", is_open=True),
    spelled("Diameter", "12.3 ± 0.4|11.9 ± 0.3|12.85 ± 0.5|13 ± 1|10.2 ± 0.2|12.0 ± 0.4|9.7 ± 0.3|11.1 ± 0.6",
            (12.3, 11.9, 12.85, 13, 10.2, 12, 9.7, 11.1),
            "The measure before its uncertainty.", is_open=True),
    spelled("Temp", "21.5 °C|19 °C|-3.2 °C|0.0 °C|37.25 °C|22.8 °C|-11 °C|8.6 °C",
            (21.5, 19, -3.2, 0, 37.25, 22.8, -11, 8.6), "Degrees Celsius."),
    spelled("Temperatur", "\u22123,2 °C|12,5 °C|0,4 °C|\u221211,0 °C|7 °C|22,8 °C|\u22120,5 °C|18,1 °C",
            (-3.2, 12.5, 0.4, -11, 7, 22.8, -0.5, 18.1), "A true minus before German degrees."),
    spelled("PT100_01", "23.51|23.48|ERR|23.60|---|24.02|ERR|23.99|23.75|---|24.1|23.3",
            (23.51, 23.48, NA, 23.6, NA, 24.02, NA, 23.99, 23.75, NA, 24.1, 23.3), "A logger's error words."),
    spelled("PM2.5", "34 µg/m³|12.5 µg/m³|8 µg/m³|101 µg/m³|55.4 µg/m³|19 µg/m³|7.7 µg/m³|63 µg/m³",
            (34, 12.5, 8, 101, 55.4, 19, 7.7, 63), "Air quality with its unit; the 3 is no digit of it."),
    spelled("Luftdruck", "1.013,2 hPa|998,7 hPa|1.024,0 hPa|987 hPa|1.009,5 hPa|1.030,1 hPa|"
            "1.001 hPa|995,4 hPa",
            (1013.2, 998.7, 1024, 987, 1009.5, 1030.1, 1001, 995.4), "German pressure: dot groups."),
    scaled("Voltage", "3.3 V|220 mV|5 V|850 mV|1.2 V|12 V|45 mV|0.9 V",
           (3.3, 0.22, 5, 0.85, 1.2, 12, 0.045, 0.9), (1.0, 1000.0),
           "Volts and millivolts are one quantity."),
    spelled("Latitude", "48.8566° N|33.8688° S|51.5074° N|22.9068° S|1.3521° N|40.7128° N|"
            "34.6037° S|64.1466° N",
            (48.8566, -33.8688, 51.5074, -22.9068, 1.3521, 40.7128, -34.6037, 64.1466),
            "South is negative; a text is fair too.", is_open=True),
    # --- mixed units and plain units
    scaled("Net weight", "1.5 kg|500 g|250 g|2 kg|75 g|12 kg|0.8 kg|340 g",
           (1.5, 0.5, 0.25, 2, 0.075, 12, 0.8, 0.34), (1.0, 1000.0), "Kilograms and grams."),
    scaled("Länge", "1,80 m|75 cm|2,4 m|120 cm|0,95 m|60 cm|3 m|205 cm",
           (1.8, 0.75, 2.4, 1.2, 0.95, 0.6, 3, 2.05), (1.0, 100.0, 1000.0), "Metres and centimetres."),
    scaled("Distance", "1.2 km|850 m|3.4 km|400 m|12 km|90 m|0.6 km|2.75 km",
           (1.2, 0.85, 3.4, 0.4, 12, 0.09, 0.6, 2.75), (1.0, 1000.0), "Listings mix km and m."),
    scaled("Contents", "1.5 L|500 ml|750 ml|2 L|330 ml|0.7 L|250 ml|1 L",
           (1.5, 0.5, 0.75, 2, 0.33, 0.7, 0.25, 1), (1.0, 100.0, 1000.0), "Litres and millilitres."),
    scaled("Player height", ("5'11\"", "6'2\"", "5'9\"", "6'0\"", "6'10\"", "5'7\"", "7'1\"", "6'5\""),
           (71, 74, 69, 72, 82, 67, 85, 77), (1.0, 1 / 12, 2.54, 0.0254),
           "Feet and inches make one height.", is_open=True),
    scaled("Runtime", "1h 25m|2h 10m|45m|1h 58m|3h 2m|52m|2h|1h 41m",
           (85, 130, 45, 118, 182, 52, 120, 101), (1.0, 1 / 60, 60.0, 1 / 1440),
           "Hours and minutes last one time.",
           is_open=True),
    scaled("Size", "1,234 KB|56 KB|780 KB|12,050 KB|9 KB|443 KB|104,210 KB|61 KB",
           (1234, 56, 780, 12050, 9, 443, 104210, 61), (1.0, 1e3, 1024.0, 1e-3, 1 / 1024),
           "Explorer's kilobytes."),
    spelled("Wohnfläche", "85 m²|120,5 m²|1.250 m²|64,75 m²|43 m²|210 m²|98,2 m²|2.040,5 m²",
            (85, 120.5, 1250, 64.75, 43, 210, 98.2, 2040.5), "German living space."),
    spelled("Sq Ft", "1,250 sqft|980 sqft|2,400 sqft|760 sqft|3,105 sqft|1,875 sqft|-- sqft|1,010 sqft",
            (1250, 980, 2400, 760, 3105, 1875, NA, 1010), "Property listings; -- is unknown."),
    spelled("Zimmer", "3,5 Zi.|2 Zi.|4 Zi.|1,5 Zi.|5 Zi.|2,5 Zi.|3 Zi.|4,5 Zi.",
            (3.5, 2, 4, 1.5, 5, 2.5, 3, 4.5), "Rooms of flats."),
    spelled("Verbrauch", "1.234 kWh|3.480,5 kWh|212 kWh|12.050 kWh|98,7 kWh|2.901 kWh|645 kWh|1.100,25 kWh",
            (1234, 3480.5, 212, 12050, 98.7, 2901, 645, 1100.25), "An energy bill's German kWh."),
    spelled("Gross weight", "18,450 lbs|42,000 lbs|980 lbs|7,315.5 lbs|150 lbs|33,120 lbs|2,204 lbs|610 lbs",
            (18450, 42000, 980, 7315.5, 150, 33120, 2204, 610), "Freight in pounds."),
    spelled("Stunden", "7,5 h|8 h|6,25 h|10 h|4,75 h|0,5 h|8,0 h|9,25 h",
            (7.5, 8, 6.25, 10, 4.75, 0.5, 8, 9.25), "Decimal hours of a time sheet."),
    spelled("Board (in)", "1 1/2|3/4|2 1/4|5/8|1|3 1/2|7/8|1 3/4|1/2",
            (1.5, 0.75, 2.25, 0.625, 1, 3.5, 0.875, 1.75, 0.5), "Inches in fractions.", is_open=True),
    # --- schools, ratings, approximations
    scaled("Note", "17,5/20|12/20|9,25/20|15/20|8/20|19/20|13,5/20|Abs|11/20",
           (17.5, 12, 9.25, 15, 8, 19, 13.5, NA, 11), (1.0, 0.05, 5.0),
           "French marks of twenty.", is_open=True),
    scaled("Rating", "4.5/5|3.8/5|5/5|4.1/5|2.9/5|4/5|4.75/5|3.3/5",
           (4.5, 3.8, 5, 4.1, 2.9, 4, 4.75, 3.3), (1.0, 0.2, 20.0), "Stars of five.", is_open=True),
    spelled("P/E", "14.5x|22.1x|8x|NM|31.75x|17.0x|n.m.|104.2x|12.9x",
            (14.5, 22.1, 8, NA, 31.75, 17, NA, 104.2, 12.9), "Multiples; NM is not meaningful."),
    spelled("Attendance", "~1,200|about 300|850|approx. 2,500|c. 400|1,045|~75|5,000+|620",
            (1200, 300, 850, 2500, 400, 1045, 75, 5000, 620), "Estimates; a text is fair too.", is_open=True),
)
