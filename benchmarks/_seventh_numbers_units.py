"""A seventh look: columns by new hands, with units, shares, marks and missing ones."""

# ruff: noqa: RUF001
from __future__ import annotations

from collections.abc import Sequence

from benchmarks._others_numbers import MISSING, OthersNumber, grouped, number, spelled

SHARE = (1.0, 0.01)
INCHES = (1.0, 1 / 12, 2.54, 0.0254)
SECONDS = (1.0, 1 / 60, 1 / 3600)


def scaled(
    column: str,
    cells: str | Sequence[str],
    values: Sequence[float],
    scales: tuple[float, ...],
    why: str,
    *,
    is_open: bool = False,
) -> OthersNumber:
    """Return a column of given texts (one text: split at ``|``) whose values may differ by a factor."""
    texts = cells.split("|") if isinstance(cells, str) else cells
    return OthersNumber(
        column=column,
        cells=tuple(texts),
        values=tuple(map(float, values)),
        why=why,
        is_open=is_open,
        scales=scales,
    )


UNITS: tuple[OthersNumber, ...] = (
    scaled(
        "Weight",
        "159lbs|183lbs|150lbs|168lbs|154lbs|163lbs|146lbs|190lbs|181lbs|176lbs",
        (159, 183, 150, 168, 154, 163, 146, 190, 181, 176),
        (1.0, 0.45359237),
        "FIFA 19 players (Kaggle)",
    ),
    scaled(
        "Height",
        "5'7|6'2|5'9|6'4|5'11|5'8|5'10|6'0|6'1|6'3",
        (67, 74, 69, 76, 71, 68, 70, 72, 73, 75),
        INCHES,
        "FIFA 19 players (Kaggle): feet and inches",
        is_open=True,
    ),
    scaled(
        "Size",
        "19M|14M|8.7M|25M|2.8M|Varies with device|5.6M|201k|33M|3.1M|79k",
        (19e6, 14e6, 8.7e6, 25e6, 2.8e6, MISSING, 5.6e6, 201e3, 33e6, 3.1e6, 79e3),
        (1.0, 1e-3, 1e-6),
        "googleplaystore.csv: bytes",
        is_open=True,
    ),
    spelled(
        "Installs",
        "10,000+|500,000+|5,000,000+|50,000,000+|100,000+|1,000+|1,000,000,000+|50+|5,000+",
        (1e4, 5e5, 5e6, 5e7, 1e5, 1e3, 1e9, 50, 5e3),
        "googleplaystore.csv: at least so many",
        is_open=True,
    ),
    scaled(
        "host_response_rate",
        "100%|97%|N/A|80%|100%|0%|N/A|95%|67%|100%|50%",
        (100, 97, MISSING, 80, 100, 0, MISSING, 95, 67, 100, 50),
        SHARE,
        "Inside Airbnb, London listings.csv",
    ),
    spelled(
        "bathrooms_text",
        "1 bath|1 shared bath|1.5 baths|1 private bath|2 baths|2.5 baths|1.5 shared baths|3 baths|0 baths",
        (1, 1, 1.5, 1, 2, 2.5, 1.5, 3, 0),
        "Inside Airbnb: number and kind in one cell",
        is_open=True,
    ),
    scaled(
        "int_rate",
        " 13.56%| 18.94%| 17.97%|  7.56%|  6.11%| 22.35%| 11.31%|  8.19%| 10.72%",
        (13.56, 18.94, 17.97, 7.56, 6.11, 22.35, 11.31, 8.19, 10.72),
        SHARE,
        "Lending Club loans",
    ),
    scaled(
        "term",
        " 36 months| 60 months| 36 months| 36 months| 60 months| 36 months| 60 months| 36 months",
        (36, 60, 36, 36, 60, 36, 60, 36),
        (1.0, 1 / 12),
        "Lending Club loans",
    ),
    spelled(
        "emp_length",
        "10+ years|2 years|3 years|n/a|5 years|1 year|10+ years|7 years|4 years|8 years",
        (10, 2, 3, MISSING, 5, 1, 10, 7, 4, 8),
        "Lending Club loans: ten or more",
        is_open=True,
    ),
    spelled(
        "Mileage",
        "26.6 km/kg|19.67 kmpl|18.2 kmpl|20.77 kmpl|15.2 kmpl|21.1 kmpl|23.08 kmpl|0.0 kmpl|17.3 km/kg",
        (26.6, 19.67, 18.2, 20.77, 15.2, 21.1, 23.08, 0, 17.3),
        "CarDekho used cars: gas cars go by the kilogram",
        is_open=True,
    ),
    scaled(
        "Engine",
        "998 CC|1582 CC|1199 CC|1248 CC|1968 CC|814 CC||1461 CC|2755 CC|1598 CC",
        (998, 1582, 1199, 1248, 1968, 814, MISSING, 1461, 2755, 1598),
        (1.0, 1e-3),
        "CarDekho used cars",
    ),
    spelled(
        "Power",
        "58.16 bhp|126.2 bhp|88.7 bhp|88.76 bhp|140.8 bhp|null bhp|55.2 bhp|171.5 bhp|null bhp|103.6 bhp",
        (58.16, 126.2, 88.7, 88.76, 140.8, MISSING, 55.2, 171.5, MISSING, 103.6),
        "CarDekho used cars",
    ),
    scaled(
        "rate",
        "4.1/5|4.1/5|3.8/5|3.7/5|NEW|4.6/5|3.6/5|-|2.8/5|4.0/5|NEW",
        (4.1, 4.1, 3.8, 3.7, MISSING, 4.6, 3.6, MISSING, 2.8, 4.0, MISSING),
        (1.0, 0.2),
        "Zomato Bangalore restaurants",
    ),
    scaled(
        "Runtime",
        "142 min|175 min|152 min|202 min|96 min|201 min|154 min|195 min|45 min",
        (142, 175, 152, 202, 96, 201, 154, 195, 45),
        (1.0, 60.0, 1 / 60),
        "imdb_top_1000.csv",
    ),
    spelled(
        "2022 ",
        "5.6 |6.1 b|4.2 |: |7.2 p|3.1 |12.9 d|: u|8.0 e|2.2 ",
        (5.6, 6.1, 4.2, MISSING, 7.2, 3.1, 12.9, MISSING, 8, 2.2),
        "Eurostat TSV, unemployment rate with flags",
    ),
    number(
        "Bevölkerung insgesamt",
        lambda value: grouped(value, thousands=" "),
        (92550, 247717, 218095, 79905, 133447, 1892122, 629047, 50634, 1512491, 9873),
        "Destatis Gemeindeverzeichnis, spaces between thousands",
    ),
    spelled(
        "Veränderung in %",
        "1,2|-0,4|(2,3)|/|3,1|.|0,8|-2,7|x|(5,6)|4,0",
        (1.2, -0.4, 2.3, MISSING, 3.1, MISSING, 0.8, -2.7, MISSING, 5.6, 4),
        "Destatis: parentheses mark an unsure value, no negative one",
        is_open=True,
    ),
    spelled(
        "Surface Carrez du 1er lot",
        "48,52|||31,7||72,05|19,9||104,33|63||55,18",
        (48.52, MISSING, MISSING, 31.7, MISSING, 72.05, 19.9, MISSING, 104.33, 63, MISSING, 55.18),
        "Demandes de valeurs foncières",
    ),
    spelled(
        "Estimate",
        "1,234,567|48,210|(X)|9,873|412|N|27,350|105,022|-|63,118",
        (1234567, 48210, MISSING, 9873, 412, MISSING, 27350, 105022, MISSING, 63118),
        "ACS tables, data.census.gov",
    ),
    spelled(
        "Margin of Error",
        "±1,234|±412|(X)|±87|*****|±2,905|±56|±633|**|±14",
        (1234, 412, MISSING, 87, MISSING, 2905, 56, 633, MISSING, 14),
        "ACS tables, data.census.gov",
    ),
    scaled(
        "Percent",
        "12.5%|3.9%|(X)|48.0%|0.7%|61.3%|(X)|22.8%|9.1%|100.0%",
        (12.5, 3.9, MISSING, 48, 0.7, 61.3, MISSING, 22.8, 9.1, 100),
        SHARE,
        "ACS tables, data.census.gov",
    ),
    spelled(
        "ResultMeasureValue",
        "0.12|<0.05|0.34|ND|1.8|<0.05|0.07|2.45|ND|0.61",
        (0.12, 0.05, 0.34, MISSING, 1.8, 0.05, 0.07, 2.45, MISSING, 0.61),
        "Water Quality Portal, nitrate: below the limit",
        is_open=True,
    ),
    scaled(
        "%± LW",
        "-|-45.6%|-38.2%|+7.3%|-61.9%|-|-52%|+112.4%|-29.1%|-70.5%",
        (MISSING, -45.6, -38.2, 7.3, -61.9, MISSING, -52, 112.4, -29.1, -70.5),
        SHARE,
        "Box Office Mojo weekend chart: - for a new film",
    ),
    spelled(
        "Population",
        "1,417,492,000|1,408,280,000|340,110,988|284,438,782|241,499,431[b]|227,909,000|212,583,750|"
        "146,028,325[c]|36,991,981|26,473,055",
        (
            1417492e3,
            140828e4,
            340110988,
            284438782,
            241499431,
            227909e3,
            212583750,
            146028325,
            36991981,
            26473055,
        ),
        "Wikipedia, countries by population, pasted with its notes",
    ),
    spelled(
        "Total area in km2 (mi2)",
        "17,098,246 (6,601,667)|9,984,670 (3,855,100)|9,596,960 (3,705,410)|8,510,346 (3,285,863)|"
        "7,741,220 (2,988,900)|3,287,263 (1,269,219)|2,724,910 (1,052,090)|643,801 (248,573)",
        (17098246, 9984670, 9596960, 8510346, 7741220, 3287263, 2724910, 643801),
        "Wikipedia, countries by area: the same area twice",
        is_open=True,
    ),
    scaled(
        "Vol.",
        "34.52K|1.25M|987.10K|2.04M||512.33K|0.15K|1.98M|-|640.00K",
        (34520, 1.25e6, 987100, 2.04e6, MISSING, 512330, 150, 1.98e6, MISSING, 640e3),
        (1.0, 1e-3, 1e-6),
        "Investing.com historical data",
    ),
    scaled(
        "Ram",
        "8GB|16GB|8GB|4GB|2GB|12GB|32GB|6GB|64GB|24GB",
        (8, 16, 8, 4, 2, 12, 32, 6, 64, 24),
        (1.0, 1e3, 1024.0, 1e9, 2.0**30),
        "laptop_price.csv (Kaggle)",
    ),
    scaled(
        "Weight",
        "1.37kg|1.34kg|1.86kg|2.1kg|1.3kg|2kg|2.04kg|0.92kg|4.4kg",
        (1.37, 1.34, 1.86, 2.1, 1.3, 2, 2.04, 0.92, 4.4),
        (1.0, 1e3),
        "laptop_price.csv (Kaggle)",
    ),
    number(
        "Количество",
        lambda value: grouped(value, thousands="\u00a0", point=",", digits=3),
        (12, 0.75, 1250, 3, 48.5, 1, 2.35, 600, 10),
        "1С:Предприятие, sales report: three places behind the comma",
    ),
    spelled(
        "人口(人)",
        "126,146,099|5,224,614|1,237,984|x|2,301,996|959,502|***|1,833,152|14,047,594|…|553,407",
        (126146099, 5224614, 1237984, MISSING, 2301996, 959502, MISSING, 1833152, 14047594, MISSING, 553407),
        "e-Stat, census of Japan",
    ),
    scaled(
        "増減率(%)",
        "▲ 0.7|▲ 2.9|▲ 5.4|1.2|▲ 6.2|3.9|▲ 0.2|0.0|2.2|…",
        (-0.7, -2.9, -5.4, 1.2, -6.2, 3.9, -0.2, 0, 2.2, MISSING),
        SHARE,
        "e-Stat, census of Japan: the black triangle is a minus",
    ),
    spelled(
        "建筑面积",
        "89.5平米|75.16平米|115平米|75平米|55平米|90.07平米|132.4平米|48.88平米",
        (89.5, 75.16, 115, 75, 55, 90.07, 132.4, 48.88),
        "Lianjia second-hand flats, Beijing",
    ),
    spelled(
        "2020",
        "38.9M|2.87M|77.3k|1.41B|32.9M|97.9k|45.2M|106k|331M|10.8k",
        (38.9e6, 2.87e6, 77.3e3, 1.41e9, 32.9e6, 97.9e3, 45.2e6, 106e3, 331e6, 10.8e3),
        "Gapminder total population",
    ),
    spelled(
        "2019",
        "1970|13.7k|11.5k|52.3k|6700|18.2k|22.1k|735|114k|4510",
        (1970, 13.7e3, 11.5e3, 52.3e3, 6700, 18.2e3, 22.1e3, 735, 114e3, 4510),
        "Gapminder income per person",
    ),
    spelled(
        "2015",
        "3.16|−0.29|1.96|−0.65|2.49||−1.08|0.72|0.05|−2.3",
        (3.16, -0.29, 1.96, -0.65, 2.49, MISSING, -1.08, 0.72, 0.05, -2.3),
        "Gapminder population growth: a typeset minus",
    ),
    scaled(
        "followers",
        "475.8m|366.2m|342.7m|41.9m|334.1m|33.2m|125.1m|59.6m",
        (475.8e6, 366.2e6, 342.7e6, 41.9e6, 334.1e6, 33.2e6, 125.1e6, 59.6e6),
        (1.0, 1e-6),
        "top_insta_influencers_data.csv (Kaggle): m for million",
    ),
    scaled(
        "60_day_eng_rate",
        "1.39%|1.62%|1.24%|0.97%|0.20%|8.76%|26.41%|0.08%|2.73%",
        (1.39, 1.62, 1.24, 0.97, 0.2, 8.76, 26.41, 0.08, 2.73),
        SHARE,
        "top_insta_influencers_data.csv (Kaggle)",
    ),
    spelled(
        "Calories",
        "432|1,024|--|688|1,310|95|--|2,145|577",
        (432, 1024, MISSING, 688, 1310, 95, MISSING, 2145, 577),
        "Garmin Connect Activities.csv",
    ),
    scaled(
        "Time",
        "00:52:14|01:12:03|00:31:40|00:45:09|02:05:55|00:28:30|01:00:00|00:39:21",
        (3134, 4323, 1900, 2709, 7555, 1710, 3600, 2361),
        SECONDS,
        "Garmin Connect Activities.csv: how long it took",
        is_open=True,
    ),
)
