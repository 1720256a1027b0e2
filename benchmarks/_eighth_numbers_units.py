"""An eighth look: columns by new hands, of the same files, with numbers that are no money."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks._others_numbers import MISSING, OthersNumber, spelled

PERCENT = (1.0, 0.01)
GRAMS = (1.0, 1e-3, 1e3)
MILLIGRAMS = (1.0, 1e-3, 1e-6)
GIGABYTES = (1.0, 1e3, 1024.0, 1e6, 1024.0**2, 1e9, 1024.0**3)


def scaled(
    column: str,
    cells: str | Sequence[str],
    values: Sequence[float],
    scales: tuple[float, ...],
    why: str,
    is_open: bool = False,
) -> OthersNumber:
    """Return a column of given texts (one text: split at ``|``) whose values may differ by ``scales``."""
    return OthersNumber(
        column=column,
        cells=tuple(cells.split("|") if isinstance(cells, str) else cells),
        values=tuple(map(float, values)),
        why=why,
        is_open=is_open,
        scales=scales,
    )


UNITS_OF_THE_FIRST_FILES: tuple[OthersNumber, ...] = (
    scaled(
        "host_response_rate",
        "100%|N/A|95%|80%|100%|N/A|67%|0%|98%|100%|50%|90%",
        (100, MISSING, 95, 80, 100, MISSING, 67, 0, 98, 100, 50, 90),
        PERCENT,
        "Inside Airbnb listings.csv",
    ),
    spelled(
        "bathrooms_text",
        "1 bath|1.5 baths|1 shared bath|1 private bath|2 baths|2.5 baths|1 bath|3 baths"
        "|1.5 shared baths|0 baths",
        (1, 1.5, 1, 1, 2, 2.5, 1, 3, 1.5, 0),
        "Inside Airbnb: the words say which kind of bath",
        is_open=True,
    ),
    scaled(
        "Size",
        "19M|14M|8.7M|25M|2.8M|5.6M|19M|29M|Varies with device|3.1M|28M|12M",
        (19, 14, 8.7, 25, 2.8, 5.6, 19, 29, MISSING, 3.1, 28, 12),
        (1.0, 1e3, 1024.0, 1e6, 1024.0**2),
        "Google Play Store apps",
    ),
    spelled(
        "Installs",
        "10,000+|500,000+|5,000,000+|50,000,000+|100,000+|50,000+|1,000+|1,000,000,000+|100+|5+|10,000,000+",
        (10000, 500000, 5000000, 50000000, 100000, 50000, 1000, 1000000000, 100, 5, 10000000),
        "Google Play Store apps: at least so many",
        is_open=True,
    ),
    scaled(
        "Weight",
        "159lbs|183lbs|150lbs|168lbs|154lbs|163lbs|146lbs|190lbs|181lbs|192lbs|176lbs",
        (159, 183, 150, 168, 154, 163, 146, 190, 181, 192, 176),
        (1.0, 0.45359237),
        "FIFA 19 players",
    ),
    scaled(
        "Height",
        "5'7|6'2|5'9|6'4|5'11|5'8|6'0|5'10|6'1|6'6|5'4",
        (67, 74, 69, 76, 71, 68, 72, 70, 73, 78, 64),
        (1.0, 1 / 12, 2.54, 0.0254),
        "FIFA 19 players: feet and inches",
        is_open=True,
    ),
    scaled(
        "int_rate",
        " 10.65%| 15.27%| 15.96%| 13.49%| 12.69%|  7.90%| 18.64%| 21.28%|  6.03%|  9.91%",
        (10.65, 15.27, 15.96, 13.49, 12.69, 7.9, 18.64, 21.28, 6.03, 9.91),
        PERCENT,
        "Lending Club loans",
    ),
    scaled(
        "term",
        " 36 months| 60 months| 36 months| 36 months| 60 months| 36 months| 60 months| 36 months| 36 months",
        (36, 60, 36, 36, 60, 36, 60, 36, 36),
        (1.0, 1 / 12),
        "Lending Club loans",
    ),
    spelled(
        "emp_length",
        "10+ years|< 1 year|10+ years|1 year|3 years|8 years|9 years|n/a|4 years|2 years|5 years",
        (10, 1, 10, 1, 3, 8, 9, MISSING, 4, 2, 5),
        "Lending Club loans: bounds at both ends",
        is_open=True,
    ),
    spelled(
        "mileage",
        "23.4 kmpl|21.14 kmpl|17.7 kmpl|23.0 kmpl|16.1 kmpl|20.14 kmpl||18.9 kmpl|0.0 kmpl|24.52 kmpl",
        (23.4, 21.14, 17.7, 23, 16.1, 20.14, MISSING, 18.9, 0, 24.52),
        "CarDekho car details v3",
    ),
    scaled(
        "engine",
        "1248 CC|1498 CC|1497 CC|1396 CC|1298 CC||1197 CC|1061 CC|796 CC|2179 CC|998 CC",
        (1248, 1498, 1497, 1396, 1298, MISSING, 1197, 1061, 796, 2179, 998),
        (1.0, 1e-3),
        "CarDekho car details v3",
    ),
    spelled(
        "max_power",
        "74 bhp|103.52 bhp|78 bhp|90 bhp|88.2 bhp|81.86 bhp||57.5 bhp|37 bhp|67.1 bhp|68.05 bhp",
        (74, 103.52, 78, 90, 88.2, 81.86, MISSING, 57.5, 37, 67.1, 68.05),
        "CarDekho car details v3",
    ),
    scaled(
        "discount_percentage",
        "64%|43%|90%|53%|61%|85%|65%|23%|0%|50%|7%",
        (64, 43, 90, 53, 61, 85, 65, 23, 0, 50, 7),
        PERCENT,
        "Amazon India sales",
    ),
    spelled(
        "rating_count",
        "24,269|43,994|7,928|94,363|16,905|4,26,973|992|1,79,691||12|3,63,713|815",
        (24269, 43994, 7928, 94363, 16905, 426973, 992, 179691, MISSING, 12, 363713, 815),
        "Amazon India sales: lakhs are grouped by two",
    ),
    spelled(
        "Pop. Density (per sq. mi.)",
        "48,0|124,6|13,8|290,4|152,1|9,7|132,1|156,0|14,4|16271,5|98,6|2,6",
        (48, 124.6, 13.8, 290.4, 152.1, 9.7, 132.1, 156, 14.4, 16271.5, 98.6, 2.6),
        "Countries of the World: decimal commas in an English file",
    ),
    spelled(
        "Infant mortality (per 1000 births)",
        "163,07|21,52|31|9,27|4,05|191,19|21,03|19,46|15,18||4,69|81,29",
        (163.07, 21.52, 31, 9.27, 4.05, 191.19, 21.03, 19.46, 15.18, MISSING, 4.69, 81.29),
        "Countries of the World",
    ),
    spelled(
        "CO(GT)",
        "2,6|2|2,2|2,2|1,6|1,2|1,2|1|0,9|-200|0,7|-200",
        (2.6, 2, 2.2, 2.2, 1.6, 1.2, 1.2, 1, 0.9, -200, 0.7, -200),
        "UCI Air Quality: -200 stands for missing, but only the notes say so",
    ),
    spelled(
        "AH",
        "0,7578|0,7255|0,7502|0,7867|0,7888|0,7848|0,7603|0,7702|0,7648|1,0255",
        (0.7578, 0.7255, 0.7502, 0.7867, 0.7888, 0.7848, 0.7603, 0.7702, 0.7648, 1.0255),
        "UCI Air Quality",
    ),
    spelled(
        "Menge",
        "12,000|1.250,000|3,500|240,000-|1,000|18,750|2.400,000|36,000-|0,250|500,000",
        (12, 1250, 3.5, -240, 1, 18.75, 2400, -36, 0.25, 500),
        "SAP MB51 material documents: three decimals, a minus behind",
    ),
    scaled(
        "% of Income",
        "100.00 %|42.35 %|57.65 %|12.10 %|3.07 %|-1.25 %|0.40 %|8.88 %|24.90 %",
        (100, 42.35, 57.65, 12.1, 3.07, -1.25, 0.4, 8.88, 24.9),
        PERCENT,
        "QuickBooks profit and loss",
    ),
    spelled(
        "Quantity",
        "250 Nos|12 Nos|1,250 Nos|36 Nos|5 Nos|480 Nos|10,000 Nos|75 Nos|1 Nos|(-)4 Nos",
        (250, 12, 1250, 36, 5, 480, 10000, 75, 1, -4),
        "Tally stock summary: negative stock has its minus in brackets",
    ),
    scaled(
        "Vol.",
        "1.25M|980.15K|2.04M|-|1.77M|645.30K|3.10M|1.02M|899.99K|1.41M",
        (1250000, 980150, 2040000, MISSING, 1770000, 645300, 3100000, 1020000, 899990, 1410000),
        (1.0, 1e-3, 1e-6),
        "Investing.com historical data",
    ),
    scaled(
        "Change %",
        "0.41%|-0.53%|1.29%|-1.09%|0.00%|2.71%|-0.13%|0.60%|-3.02%|0.58%",
        (0.41, -0.53, 1.29, -1.09, 0, 2.71, -0.13, 0.6, -3.02, 0.58),
        PERCENT,
        "Investing.com historical data",
    ),
    spelled(
        "Circulating Supply",
        "19,612,345 BTC|120,148,220 ETH|95,123,456,789 USDT|149,532,110 BNB|443,120,987 SOL"
        "|54,712,448,901 XRP"
        "|143,010,560,100 DOGE|35,210,115,600 ADA",
        (19612345, 120148220, 95123456789, 149532110, 443120987, 54712448901, 143010560100, 35210115600),
        "CoinMarketCap: each row has a coin of its own",
        is_open=True,
    ),
    scaled(
        "%",
        "30.7%|32.8%|32.9%|37.7%|-|51.4%|2.4%|<0.1%|-|45.3%|0.6%|100%",
        (30.7, 32.8, 32.9, 37.7, MISSING, 51.4, 2.4, 0.1, MISSING, 45.3, 0.6, 100),
        PERCENT,
        "Box Office Mojo: share of the gross, one of them a bound",
        is_open=True,
    ),
    spelled(
        "Theaters",
        "4,662|4,802|4,725|4,634|-|4,419|1,011|28|4,381|-|3,145",
        (4662, 4802, 4725, 4634, MISSING, 4419, 1011, 28, 4381, MISSING, 3145),
        "Box Office Mojo yearly table",
    ),
    spelled(
        "Gain",
        "+12,345.62|-2,345.67|+981.04|-15,220.90|+33.18|-412.55|+104,220.37|-87.20|+5,003.11|-",
        (12345.62, -2345.67, 981.04, -15220.9, 33.18, -412.55, 104220.37, -87.2, 5003.11, MISSING),
        "SteamCharts monthly players",
    ),
    scaled(
        "% Gain",
        "+4.52%|-0.86%|+0.36%|-5.31%|+12.08%|-1.44%|+57.90%|-0.03%|+2.10%|-",
        (4.52, -0.86, 0.36, -5.31, 12.08, -1.44, 57.9, -0.03, 2.1, MISSING),
        PERCENT,
        "SteamCharts monthly players",
    ),
    spelled(
        "Margin of Error",
        "±1,234|±312|±88|±2,045|*****|±570|±14|±10,322|±931|±205",
        (1234, 312, 88, 2045, MISSING, 570, 14, 10322, 931, 205),
        "US Census ACS table: stars where the estimate is controlled",
    ),
    scaled(
        "Percent",
        "45.2%|54.8%|(X)|12.1%|6.0%|100.0%|(X)|0.4%|33.3%|21.7%",
        (45.2, 54.8, MISSING, 12.1, 6, 100, MISSING, 0.4, 33.3, 21.7),
        PERCENT,
        "US Census ACS data profile",
    ),
    spelled(
        "2021 ",
        "7.1 |5.4 b|: |6.3 |4.8 p|: c|12.9 e|3.6 |8.2 b|14.8 |6.0 u|: ",
        (7.1, 5.4, MISSING, 6.3, 4.8, MISSING, 12.9, 3.6, 8.2, 14.8, 6, MISSING),
        "Eurostat TSV: flags behind the figure, a colon where there is none",
    ),
    spelled(
        "GROSS SQUARE FEET",
        "6,440| -   |6,794|18,523|2,040| -   |11,150|985|210,000| -   |3,747",
        (6440, MISSING, 6794, 18523, 2040, MISSING, 11150, 985, 210000, MISSING, 3747),
        "NYC rolling sales, saved from Excel",
    ),
    spelled(
        "Population municipale",
        "14 134|2 133 111|767|s|1 402|508|870 731|11 345|s|222",
        (14134, 2133111, 767, MISSING, 1402, 508, 870731, 11345, MISSING, 222),
        "INSEE communes: s for secret",
    ),
    scaled(
        "Taux de chômage",
        "7,4 %|5,9 %|11,2 %|nd|8,0 %|6,6 %|9,7 %|10,3 %|nd|7,1 %",
        (7.4, 5.9, 11.2, MISSING, 8, 6.6, 9.7, 10.3, MISSING, 7.1),
        PERCENT,
        "INSEE employment zones: nd for not available",
    ),
    spelled(
        "Ständige Wohnbevölkerung",
        "8'738'791|1'564'662|1'047'473|420'326|36'895|163'689|43'894|…|41'190|129'787",
        (8738791, 1564662, 1047473, 420326, 36895, 163689, 43894, MISSING, 41190, 129787),
        "Swiss federal statistics",
    ),
    scaled(
        "PTL2BASICS_95",
        "45%|62%|SUPP|0%|71%|38%|NE|100%|54%|SUPP|29%",
        (45, 62, MISSING, 0, 71, 38, MISSING, 100, 54, MISSING, 29),
        PERCENT,
        "UK school performance tables",
    ),
    spelled(
        "P8MEA",
        "0.12|-0.45|SUPP|0.98|-1.2|NE|0.03|-0.07|LOWCOV|0.51|-0.6",
        (0.12, -0.45, MISSING, 0.98, -1.2, MISSING, 0.03, -0.07, MISSING, 0.51, -0.6),
        "UK school performance tables",
    ),
    spelled(
        "Life expectancy at birth",
        "63.2 [62.1-64.3]|78.0 [77.2-78.7]|77.1 [76.5-77.8]|63.1 [61.7-64.4]|76.6 [75.9-77.2]"
        "|83.0 [82.6-83.4]"
        "|81.7 [81.3-82.0]|54.6 [52.9-56.4]",
        (63.2, 78, 77.1, 63.1, 76.6, 83, 81.7, 54.6),
        "WHO GHO: an interval in brackets",
        is_open=True,
    ),
    spelled(
        "Number of reported cases",
        "1 234 567|312|No data|25 410|8|176 302|No data|2 045|0|98 777",
        (1234567, 312, MISSING, 25410, 8, 176302, MISSING, 2045, 0, 98777),
        "WHO GHO: spaces between the thousands",
    ),
    spelled(
        "Glucose",
        "5.4|7.9 H|4.8|3.2 L|5.1|11.3 H|6.0|5.5|2.9 L|4.4",
        (5.4, 7.9, 4.8, 3.2, 5.1, 11.3, 6, 5.5, 2.9, 4.4),
        "hospital laboratory export: high and low are flagged",
    ),
    spelled(
        "TSH mU/L",
        "2.35|<0.01|1.12|0.87|4.60|<0.01|>100|3.08|1.95|0.44",
        (2.35, 0.01, 1.12, 0.87, 4.6, 0.01, 100, 3.08, 1.95, 0.44),
        "hospital laboratory export: bounds of detection",
        is_open=True,
    ),
    scaled(
        "total_fat",
        "0.1g|72g|0.2g|2.4g|5.9g|0.7g|1.2g|13g|100g|0g",
        (0.1, 72, 0.2, 2.4, 5.9, 0.7, 1.2, 13, 100, 0),
        GRAMS,
        "nutrition.csv",
    ),
    scaled(
        "sodium",
        "9.00 mg|0.00 mg|2.00 mg|12.00 mg|346.00 mg|1500.00 mg|72.00 mg|5.00 mg|29.00 mg|3.00 mg",
        (9, 0, 2, 12, 346, 1500, 72, 5, 29, 3),
        MILLIGRAMS,
        "nutrition.csv",
    ),
    scaled(
        "Ram",
        "8GB|8GB|16GB|4GB|2GB|12GB|32GB|6GB|8GB|64GB|24GB",
        (8, 8, 16, 4, 2, 12, 32, 6, 8, 64, 24),
        GIGABYTES,
        "laptop prices",
    ),
    scaled(
        "Weight",
        "1.37kg|1.34kg|1.86kg|1.83kg|2.1kg|2.04kg|1.3kg|1.6kg|2.2kg|0.92kg|4kg",
        (1.37, 1.34, 1.86, 1.83, 2.1, 2.04, 1.3, 1.6, 2.2, 0.92, 4),
        (1.0, 1e3),
        "laptop prices",
    ),
    spelled(
        "Acceleration",
        "4.6 sec|10.0 sec|4.7 sec|6.8 sec|9.5 sec|2.8 sec|9.6 sec|8.1 sec|5.6 sec|12.6 sec",
        (4.6, 10, 4.7, 6.8, 9.5, 2.8, 9.6, 8.1, 5.6, 12.6),
        "Electric cars data set",
    ),
)
