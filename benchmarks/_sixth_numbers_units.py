"""A sixth look: columns by new hands, the numbers that are no money.

Each column is drawn from a file its writer has met: scrapes, statistical offices, laboratories, loggers,
sports tables, spec sheets. Nobody ran a reader before the values were set.
"""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks._others_numbers import MISSING, OthersNumber, grouped, number, spelled

PERCENT = (1.0, 0.01)
MINUTES = (1.0, 60.0, 1 / 60)


def scaled(
    column: str,
    cells: str | Sequence[str],
    values: Sequence[float],
    scales: tuple[float, ...],
    why: str,
    is_open: bool = False,
) -> OthersNumber:
    """Return a column of given texts whose values may all differ by one of ``scales``."""
    texts = cells.split("|") if isinstance(cells, str) else cells
    return OthersNumber(
        column=column,
        cells=tuple(texts),
        values=tuple(map(float, values)),
        why=why,
        is_open=is_open,
        scales=scales,
    )


CARS = (
    scaled(
        "Mileage",
        "186005 km|192000 km|200000 km|168966 km|91901 km|0 km|258909 km|216118 km|398069 km|38492 km",
        (186005, 192000, 200000, 168966, 91901, 0, 258909, 216118, 398069, 38492),
        (1.0, 1000.0),
        "Kaggle car-price table with the unit behind each odometer reading.",
    ),
    scaled(
        "Kilometerstand",
        "150.000 km|90.000 km|125.000 km|5.000 km|60.500 km|112.345 km|39.900 km|850 km|201.300 km|77.000 km",
        (150000, 90000, 125000, 5000, 60500, 112345, 39900, 850, 201300, 77000),
        (1.0, 1000.0),
        "Scrape of a German used-car portal, where a point groups thousands.",
    ),
    spelled(
        "mileage",
        "23.4 kmpl|21.14 kmpl|17.7 kmpl|23.0 kmpl|16.1 kmpl|26.6 km/kg|20.14 kmpl||33.44 km/kg|19.01 kmpl",
        (23.4, 21.14, 17.7, 23.0, 16.1, 26.6, 20.14, MISSING, 33.44, 19.01),
        "CarDekho table: litres for petrol, kilograms for gas, so some will not mix them.",
        is_open=True,
    ),
    scaled(
        "max_power",
        "74 bhp|103.52 bhp|78 bhp|90 bhp|88.2 bhp|81.86 bhp|null bhp|57.5 bhp|37 bhp|null bhp|126.2 bhp",
        (74, 103.52, 78, 90, 88.2, 81.86, MISSING, 57.5, 37, MISSING, 126.2),
        (1.0, 745.69987158, 0.74569987158),
        "CarDekho table, whose scraper wrote 'null bhp' where the power was unknown.",
    ),
)

SCRAPES = (
    scaled(
        "rate",
        "4.1/5|3.8/5|3.7/5|NEW|4.6/5|4.0/5|-|3.9/5|4.2/5|2.8/5|NEW|3.1/5|4.4/5",
        (4.1, 3.8, 3.7, MISSING, 4.6, 4.0, MISSING, 3.9, 4.2, 2.8, MISSING, 3.1, 4.4),
        (1.0, 0.2),
        "Zomato Bangalore table, new restaurants have no rating yet.",
        is_open=True,
    ),
    number(
        "rating_count",
        grouped,
        (24269, 43994, 7928, 94363, 16905, 24871, 15188, 30411, 179691, 43, 815, 2262),
        "Amazon sales table with quoted, comma-grouped counts.",
    ),
    scaled(
        "discount_percentage",
        "64%|43%|90%|53%|61%|85%|65%|23%|50%|0%|33%|8%",
        (64, 43, 90, 53, 61, 85, 65, 23, 50, 0, 33, 8),
        PERCENT,
        "Amazon sales table.",
    ),
    scaled(
        "host_response_rate",
        "100%|N/A|96%|N/A|80%|100%|67%||98%|0%|100%|N/A",
        (100, MISSING, 96, MISSING, 80, 100, 67, MISSING, 98, 0, 100, MISSING),
        PERCENT,
        "Inside Airbnb listings file.",
    ),
    spelled(
        "bathrooms_text",
        "1 bath|1.5 baths|1 private bath|1 shared bath|2 baths|0 baths|Half-bath|2.5 baths|1.5 shared baths",
        (1, 1.5, 1, 1, 2, 0, 0.5, 2.5, 1.5),
        "Inside Airbnb listings file, where the text also says who shares the bath.",
        is_open=True,
    ),
    scaled(
        "Size",
        "19M|14M|8.7M|25M|2.8M|5.6M|Varies with device|29M|33M|3.1M|Varies with device|12M|20M",
        (19, 14, 8.7, 25, 2.8, 5.6, MISSING, 29, 33, 3.1, MISSING, 12, 20),
        (1.0, 1e6, 1024.0**2),
        "Google Play Store table, megabytes per app.",
    ),
    spelled(
        "Installs",
        "10,000+|500,000+|5,000,000+|50,000,000+|100,000+|50,000+|1,000,000+|0+|100+|500+|1,000,000,000+",
        (1e4, 5e5, 5e6, 5e7, 1e5, 5e4, 1e6, 0, 100, 500, 1e9),
        "Google Play Store table, lower bounds that some keep as classes.",
        is_open=True,
    ),
    scaled(
        "Followers",
        "12.3K|1.2M|987|45.1K|310M|8,412|2.5K|640K|76|5.9M|101K|13M",
        (12300, 1.2e6, 987, 45100, 3.1e8, 8412, 2500, 640000, 76, 5.9e6, 101000, 1.3e7),
        (1.0, 1e-3, 1e-6),
        "Influencer list copied from profile pages.",
    ),
    spelled(
        "Reviews",
        "(1,234)|(87)|(312)|(2,045)|(9)|(640)|(18)|(5,511)|(73)|(1)|(206)",
        (1234, 87, 312, 2045, 9, 640, 18, 5511, 73, 1, 206),
        "Map-search scrape, where the count of reviews stands in brackets behind the stars.",
    ),
)

OFFICES = (
    spelled(
        "2019 [YR2019]",
        "64.83|78.57|76.88|..|61.15|77.02|76.67|..|82.9|81.9|73|73.92|77.29|72.59",
        (64.83, 78.57, 76.88, MISSING, 61.15, 77.02, 76.67, MISSING, 82.9, 81.9, 73, 73.92, 77.29, 72.59),
        "World Bank DataBank extract of life expectancy, two dots for no data.",
    ),
    spelled(
        "2021 ",
        "12.3 |45.2 b|: |8.9 |10.1 p|33.0 |27.4 e|: u|19.8 |21.5 bp|7.7 |: |14.6 ",
        (12.3, 45.2, MISSING, 8.9, 10.1, 33.0, 27.4, MISSING, 19.8, 21.5, 7.7, MISSING, 14.6),
        "Eurostat TSV download with its colon and letter flags.",
        is_open=True,
    ),
    scaled(
        "PTL2BASICS_94",
        "54%|61%|SUPP|43%|NE|72%|0%|38%|SUPP|66%|100%|29%|NE",
        (54, 61, MISSING, 43, MISSING, 72, 0, 38, MISSING, 66, 100, 29, MISSING),
        PERCENT,
        "English school performance table with suppressed and no-entry marks.",
    ),
    number(
        "Población",
        lambda value: grouped(value, thousands="."),
        (3305408, 1660122, 792492, 687862, 682513, 579076, 485, 460349, 12890, 1034, 416065),
        "INE municipal register of Spain, points between thousands.",
    ),
    scaled(
        "Tasso di disoccupazione (%)",
        "5,9|4,4|7,8|21,4|16,2|3,8|5,3|9,1|18,7|14,9|6,6|8",
        (5.9, 4.4, 7.8, 21.4, 16.2, 3.8, 5.3, 9.1, 18.7, 14.9, 6.6, 8),
        PERCENT,
        "ISTAT regional table with decimal commas.",
    ),
    scaled(
        "前年同月比(%)",
        "2.3|△ 1.2|0.4|△ 3.8|5.0|1.1|△ 0.6|△ 10.2|0.0|7.9|△ 2.5|3.3",
        (2.3, -1.2, 0.4, -3.8, 5.0, 1.1, -0.6, -10.2, 0.0, 7.9, -2.5, 3.3),
        PERCENT,
        "Japanese ministry release, where a triangle is the minus sign.",
    ),
    spelled(
        "Área colhida (Hectares)",
        "1.250|380|...|27.415|9.002|X|64|112.870|5.300|...|818|2.046",
        (1250, 380, MISSING, 27415, 9002, MISSING, 64, 112870, 5300, MISSING, 818, 2046),
        "IBGE SIDRA crop table, three dots and X for figures that cannot be shown.",
    ),
    spelled(
        "Total Population",
        "12,34,567|1,03,858|9,879|19,98,12,341|72,147|6,10,95,297|8,05,120|412|3,33,87,677|45,010",
        (1234567, 103858, 9879, 199812341, 72147, 61095297, 805120, 412, 33387677, 45010),
        "Census of India extract with lakh and crore grouping.",
    ),
    spelled(
        "Margin of Error",
        "±1,234|±88|±402|(X)|±2,910|±15|±761|(X)|±1,005|±349|±57|±12",
        (1234, 88, 402, MISSING, 2910, 15, 761, MISSING, 1005, 349, 57, 12),
        "US Census ACS download, each margin with its plus-minus sign.",
    ),
    spelled(
        "Population (2020)",
        "8,804,190[3]|3,898,747|2,746,388[4]|2,304,580|1,608,139[a]|1,434,625[12]|974,447|949,611[b]|87,050",
        (8804190, 3898747, 2746388, 2304580, 1608139, 1434625, 974447, 949611, 87050),
        "Wikipedia list of cities read with its footnote marks.",
    ),
    number(
        "Population municipale",
        lambda value: grouped(value, thousands="\u202f"),
        (2133111, 873076, 522250, 511684, 348085, 323204, 8912, 645, 307101, 1204, 261710),
        "INSEE legal populations with narrow spaces that do not break.",
    ),
    spelled(
        "Ratio",
        "1.25|0.98|#DIV/0!|1.07|2.4|#N/A|0.61|1.13|#DIV/0!|0.885|1.002|1.5",
        (1.25, 0.98, MISSING, 1.07, 2.4, MISSING, 0.61, 1.13, MISSING, 0.885, 1.002, 1.5),
        "Excel controlling sheet saved as CSV with its formula errors.",
    ),
    spelled(
        "Age",
        "22|38|26|35||54|2|27|0.42||58|14|28.5",
        (22, 38, 26, 35, MISSING, 54, 2, 27, 0.42, MISSING, 58, 14, 28.5),
        "Titanic-like passenger list with plain numbers and holes.",
    ),
    spelled(
        "pm2.5",
        "129|148|NA|181|138|NA|NA|105.5|90|63.2|55|NA|71",
        (129, 148, MISSING, 181, 138, MISSING, MISSING, 105.5, 90, 63.2, 55, MISSING, 71),
        "Beijing air-quality table written by R.",
    ),
)

LABS = (
    spelled(
        "Pb (µg/L)",
        "0.82|<0.05|1.4|0.33|2.15|<0.05|0.61|0.09|3.7|1.02|<0.05|0.47|0.28",
        (0.82, 0.05, 1.4, 0.33, 2.15, 0.05, 0.61, 0.09, 3.7, 1.02, 0.05, 0.47, 0.28),
        "Water laboratory report, some results below the detection limit.",
        is_open=True,
    ),
    scaled(
        "Hemoglobin",
        "13.5 g/dL|12.1 g/dL|15.2 g/dL|9.8 g/dL|14.0 g/dL|11.7 g/dL|16.3 g/dL|13.9 g/dL|8.4 g/dL",
        (13.5, 12.1, 15.2, 9.8, 14.0, 11.7, 16.3, 13.9, 8.4),
        (1.0, 10.0),
        "Laboratory information system export with units in the cells.",
    ),
    spelled(
        "Potassium",
        "4.1|3.2 L|5.6 H|4.4|3.9|4.8|5.9 H|4.0|3.1 L|4.3|4.6|5.4 H",
        (4.1, 3.2, 5.6, 4.4, 3.9, 4.8, 5.9, 4.0, 3.1, 4.3, 4.6, 5.4),
        "Blood results, H and L mark values outside the reference range.",
        is_open=True,
    ),
    spelled(
        "padj",
        "1.2E-05|0.0314|8.77E-12|NA|0.9998|4.5E-02|3.01E-100|NA|0.2207|6.6E-08|1|0.00051",
        (1.2e-5, 0.0314, 8.77e-12, MISSING, 0.9998, 0.045, 3.01e-100, MISSING, 0.2207, 6.6e-8, 1, 0.00051),
        "DESeq2 result table opened and saved by a spreadsheet.",
    ),
    spelled(
        "P value",
        "<0.001|0.034|0.21|0.008|<0.001|0.65|0.049|0.12|0.003|<0.001|0.88",
        (0.001, 0.034, 0.21, 0.008, 0.001, 0.65, 0.049, 0.12, 0.003, 0.001, 0.88),
        "Table of a clinical paper, the smallest values given as bounds.",
        is_open=True,
    ),
    scaled(
        "Minimum Age",
        "18 Years|6 Months|N/A|65 Years|12 Years|3 Months|40 Years|18 Years|1 Year|N/A|50 Years|18 Months",
        (18, 0.5, MISSING, 65, 12, 0.25, 40, 18, 1, MISSING, 50, 1.5),
        (1.0, 12.0, 365.25, 365.0),
        "ClinicalTrials.gov export, ages in years or months.",
    ),
    scaled(
        "Strength",
        "500 mg|1 g|250 mcg|10 mg|2.5 mg|100 mcg|850 mg|40 mg|0.5 mg|2 g|75 mg|20 mg",
        (500, 1000, 0.25, 10, 2.5, 0.1, 850, 40, 0.5, 2000, 75, 20),
        (1.0, 1e-3, 1e3, 1e-6),
        "Hospital formulary, micrograms to grams in one column.",
    ),
)

SPECS = (
    scaled(
        "Runtime",
        "142 min|175 min|152 min|202 min|96 min|201 min|154 min|195 min|148 min|139 min|45 min",
        (142, 175, 152, 202, 96, 201, 154, 195, 148, 139, 45),
        MINUTES,
        "IMDb top-1000 movie table.",
    ),
    scaled(
        "Duration",
        "2h 50m|7h 25m|19h|5h 25m|4h 45m|2h 25m|15h 30m|21h 5m|25h 30m|7h 50m|13h 15m|55m",
        (170, 445, 1140, 325, 285, 145, 930, 1265, 1530, 470, 795, 55),
        MINUTES,
        "Indian flight-fare table.",
    ),
    spelled(
        "Flour",
        "1 1/2 cups|2 cups|3/4 cup|2 1/4 cups|1 cup|1/2 cup|3 cups|1/3 cup|1 3/4 cups|4 1/2 cups",
        (1.5, 2, 0.75, 2.25, 1, 0.5, 3, 1 / 3, 1.75, 4.5),
        "Comparison of cookie recipes from a recipe site.",
    ),
    scaled(
        "Battery",
        "4000 mAh|5000 mAh|3110 mAh|4500 mAh|2815 mAh|6000 mAh|3687 mAh|4352 mAh|1500 mAh|5020 mAh",
        (4000, 5000, 3110, 4500, 2815, 6000, 3687, 4352, 1500, 5020),
        (1.0, 0.001, 3.6),
        "Phone-spec scrape.",
    ),
    scaled(
        "Ram",
        "8GB|16GB|4GB|2GB|12GB|6GB|32GB|24GB|64GB|8GB|4GB",
        (8, 16, 4, 2, 12, 6, 32, 24, 64, 8, 4),
        (1.0, 1e3, 1024.0, 1e9, 1024.0**3, 1e6, 1024.0**2),
        "Kaggle laptop price table.",
    ),
    scaled(
        "Weight",
        "1.37kg|1.34kg|1.86kg|1.83kg|2.1kg|2.04kg|1.3kg|1.6kg|2.2kg|0.92kg|4.42kg",
        (1.37, 1.34, 1.86, 1.83, 2.1, 2.04, 1.3, 1.6, 2.2, 0.92, 4.42),
        (1.0, 1000.0),
        "Kaggle laptop price table.",
    ),
    scaled(
        "Screen Size",
        '15.6"|13.3"|14"|17.3"|11.6"|12.5"|15.4"|10.1"|16"|18.4"',
        (15.6, 13.3, 14, 17.3, 11.6, 12.5, 15.4, 10.1, 16, 18.4),
        (1.0, 2.54, 0.0254, 25.4),
        "Shop catalogue of notebooks, the inch sign behind each figure.",
    ),
    spelled(
        "Wohnfläche",
        "85,5 m²|120 m²|64,38 m²|42 m²|1.150 m²|97,2 m²|33,75 m²|210 m²|76 m²|58,9 m²",
        (85.5, 120, 64.38, 42, 1150, 97.2, 33.75, 210, 76, 58.9),
        "German real-estate portal.",
    ),
    scaled(
        "Lot size",
        "7,405 sqft|0.25 acres|5,227 sqft|1.5 acres|9,583 sqft|0.5 acres|10 acres|6,098 sqft|2 acres",
        (7405, 10890, 5227, 65340, 9583, 21780, 435600, 6098, 87120),
        (1.0, 1 / 43560, 0.09290304),
        "Zillow-like listing scrape that changes to acres for large lots.",
    ),
    scaled(
        "remaining_lease",
        "61 years 04 months|60 years 07 months|62 years 05 months|62 years|94 years 11 months"
        "|63 years 01 month|49 years 08 months|88 years|55 years 10 months|70 years 06 months",
        (736, 727, 749, 744, 1139, 757, 596, 1056, 670, 846),
        (1.0, 1 / 12),
        "Singapore HDB resale prices file.",
    ),
    scaled(
        "Gross Weight",
        "24,310.500 KGS|18,200.000 KGS|960.250 KGS|12,450.000 KGS|7,005.750 KGS|26,980.000 KGS|415.000 KGS"
        "|20,118.400 KGS|3,330.000 KGS",
        (24310.5, 18200, 960.25, 12450, 7005.75, 26980, 415, 20118.4, 3330),
        (1.0, 1000.0, 0.001),
        "Ocean bill-of-lading manifest with three decimals.",
    ),
    number(
        "Menge",
        lambda value: grouped(value, thousands=".", point=",", digits=3),
        (12, 1250, 0.5, 300, 18, 4800.25, 75, 2, 10000, 36.125, 640),
        "SAP stock list, quantities with three decimals.",
    ),
    spelled(
        "Latitude",
        "57.05N|5.63N|23.31S|36.17N|0.80S|34.56N|12.05S|40.99N|29.74N|37.78S|8.84N",
        (57.05, 5.63, -23.31, 36.17, -0.80, 34.56, -12.05, 40.99, 29.74, -37.78, 8.84),
        "Berkeley Earth city temperatures, hemisphere letters for the sign.",
    ),
    scaled(
        "int_rate",
        " 10.65%| 15.27%| 15.96%| 13.49%| 12.69%|  7.90%| 18.64%| 21.28%|  6.03%|  9.91%| 14.65%",
        (10.65, 15.27, 15.96, 13.49, 12.69, 7.9, 18.64, 21.28, 6.03, 9.91, 14.65),
        PERCENT,
        "Lending Club loan file with padded rates.",
    ),
)

UNITS = (*CARS, *SCRAPES, *OFFICES, *LABS, *SPECS)
