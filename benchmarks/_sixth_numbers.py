"""A sixth look: columns by new hands who know no reader, drawn from files they have met in their work.

Money stands here, beside what loggers and sports tables write; the other numbers and the codes have their
own files. Where competent people would disagree, a column is open.
"""

# ruff: noqa: RUF001
from __future__ import annotations

from benchmarks._others_numbers import MISSING, french, german, grouped, number, spelled, us
from benchmarks._sixth_numbers_codes import SIXTH_CODES
from benchmarks._sixth_numbers_units import UNITS, scaled

__all__ = ("SIXTH_CODES", "SIXTH_MONEY", "SIXTH_UNITS")

SECONDS = (1.0, 1 / 60, 1 / 3600)
MILLIONS = (1.0, 1e-3, 1e-6, 1e-9)
LAKHS = (1.0, 1e-5, 1e-7)
MAN = (1.0, 1e-4, 1e-8)

SIXTH_MONEY = (
    scaled(
        "Price",
        "₹ 5.45 Lakh|₹ 7.1 Lakh|₹ 92,000|₹ 1.12 Crore|₹ 3.85 Lakh|₹ 12.9 Lakh|₹ 60,000|₹ 44 Lakh|₹ 1.4 Crore",
        (545000, 710000, 92000, 1.12e7, 385000, 1290000, 60000, 4400000, 1.4e7),
        LAKHS,
        "Indian used-car scrape.",
    ),
    spelled(
        "approx_cost(for two people)",
        "800|300|1,200|600||550|2,500|400|1,100|250|700||3,000",
        (800, 300, 1200, 600, MISSING, 550, 2500, 400, 1100, 250, 700, MISSING, 3000),
        "Zomato Bangalore table, only amounts from a thousand carry a comma.",
    ),
    number(
        "price",
        lambda value: f"${us(value)}",
        (85, 120, 1250, 49, 210, 75, 3000, 99, 10, 163, 999, 2400),
        "Inside Airbnb listings file.",
    ),
    spelled(
        "discounted_price",
        "₹399|₹1,099|₹199|₹37,999|₹12,499.50|₹154|₹61,990|₹2,199|₹879|₹970.90|₹229",
        (399, 1099, 199, 37999, 12499.5, 154, 61990, 2199, 879, 970.9, 229),
        "Amazon India sales table.",
    ),
    spelled(
        "Price",
        "£12,495|£8,990|£21,750|POA|£995|£45,000|£3,250|POA|£17,499|£6,495|£109,950",
        (12495, 8990, 21750, MISSING, 995, 45000, 3250, MISSING, 17499, 6495, 109950),
        "British car-dealer listing, price on application for some.",
    ),
    spelled(
        "Levy",
        "1399|1018|-|862|446|891|-|761|751|-|394|1053|1850",
        (1399, 1018, MISSING, 862, 446, 891, MISSING, 761, 751, MISSING, 394, 1053, 1850),
        "Kaggle car-price table, a hyphen for unknown.",
    ),
    spelled(
        "2018 [YR2018]",
        "20527159000000|13894817549374.2|..|5040880939324.86|..|197112255.4|519871900000|2765551000",
        (20527159e6, 13894817549374.2, MISSING, 5040880939324.86, MISSING, 197112255.4, 5198719e5, 2765551e3),
        "World Bank DataBank extract of gross domestic product in current dollars.",
    ),
    scaled(
        "Gross",
        "$28.34M|$134.97M|$534.86M|$57.30M|$4.36M|$377.85M|$107.93M|$6.90M|$315.54M|$0.16M",
        (28.34e6, 134.97e6, 534.86e6, 57.3e6, 4.36e6, 377.85e6, 107.93e6, 6.9e6, 315.54e6, 0.16e6),
        MILLIONS,
        "IMDb list scrape of films with their takings.",
    ),
    number(
        "Umsatz (ohne Soll/Haben-Kz)",
        lambda value: f"{value:.2f}".replace(".", ","),
        (1234.56, 89.9, 450, 11900, 23.8, 7.14, 3570, 66.5, 1190, 238.01),
        "DATEV posting batch, decimal commas and no grouping.",
    ),
    number(
        "Betrag in HW",
        lambda value: german(abs(value)) + ("-" if value < 0 else ""),
        (1234.56, -1234.56, 89.9, -12000, 450, -7.5, 310455.2, -66.01, 19, -2380),
        "SAP line-item list, the minus sign behind the amount.",
    ),
    number(
        "Betrag",
        german,
        (-45.9, 2150, -12.99, -850, -1204.37, 19.95, -7.8, -63.2, 3480.5, -250),
        "German savings-bank statement.",
    ),
    spelled(
        "Variance",
        " $1,250.00 | $(350.00)| $-   | $87.50 | $(12,400.00)| $4,015.25 | $-   | $(9.99)| $22,310.00 ",
        (1250, -350, 0, 87.5, -12400, 4015.25, 0, -9.99, 22310),
        "Excel sheet in accounting format saved as CSV, where the dash is nought.",
        is_open=True,
    ),
    spelled(
        "Balance",
        "45,230.50 Cr|1,25,000.00 Cr|1,200.00 Dr|890.75 Cr|15,400.00 Dr|3,02,118.20 Cr|75.00 Dr|9,999.00 Cr",
        (45230.5, 125000, -1200, 890.75, -15400, 302118.2, -75, 9999),
        "Indian bank statement, credit and debit balances.",
    ),
    number(
        "Montant",
        lambda value: f"{french(value, space=chr(160))} €",
        (-1234.56, 2350, -45.9, -12, 18000.75, -649.99, 7.5, -3120.4, 990),
        "French bank statement.",
    ),
    number(
        "Betrag CHF",
        lambda value: grouped(value, thousands="'", digits=2),
        (1250, 89.95, 12400.5, 340.05, 7, 2199.9, 105000, 64.7, 830.35),
        "Swiss invoice list.",
    ),
    number(
        "Valor",
        lambda value: f"R$ {german(value)}",
        (1234.56, 89.9, 15000, 7.5, 420, 1180000.37, 3999.99, 25, 610.08),
        "Brazilian public-spending extract.",
    ),
    spelled(
        "Cena",
        "649 000 zł|1 250 000 zł|Zapytaj o cenę|389 900 zł|720 500 zł|499 000 zł|2 100 000 zł|95 000 zł",
        (649000, 1250000, MISSING, 389900, 720500, 499000, 2100000, 95000),
        "Polish real-estate portal, price on request for some.",
    ),
    spelled(
        "Pris",
        "1 299,-|499,-|89,-|12 990,-|2 495,-|349,-|7 990,-|199,-|24 900,-",
        (1299, 499, 89, 12990, 2495, 349, 7990, 199, 24900),
        "Norwegian shop's price list.",
    ),
    scaled(
        "販売価格",
        "3,480万円|5,990万円|1億2,000万円|2,780万円|980万円|1億円|4,199万円|7,650万円|1億580万円",
        (3480e4, 5990e4, 12000e4, 2780e4, 980e4, 1e8, 4199e4, 7650e4, 10580e4),
        MAN,
        "Japanese housing portal.",
    ),
    scaled(
        "总价",
        "450万|328万|1200万|96.5万|789万|560万|235万|1050万|415.8万|670万",
        (450e4, 328e4, 1200e4, 96.5e4, 789e4, 560e4, 235e4, 1050e4, 415.8e4, 670e4),
        MAN,
        "Chinese second-hand housing scrape.",
    ),
    number(
        "가격",
        lambda value: f"{grouped(value)}원",
        (12000, 8900, 35500, 159000, 990, 24800, 1290000, 6500, 47000),
        "Korean shopping-mall scrape.",
    ),
    scaled(
        "Value",
        "€110.5M|€77M|€118.5M|€72M|€0|€565K|€900K|€1.2M|€60K|€4.3M|€325K",
        (110.5e6, 77e6, 118.5e6, 72e6, 0, 565e3, 900e3, 1.2e6, 60e3, 4.3e6, 325e3),
        MILLIONS,
        "FIFA 19 player table.",
    ),
    scaled(
        "Market Cap",
        "$1.2T|$356.78B|$68.4B|$12.05B|$987.6M|$450.1M|$3.3B|$76.2M|$1.01B|$540M",
        (1.2e12, 356.78e9, 68.4e9, 12.05e9, 987.6e6, 450.1e6, 3.3e9, 76.2e6, 1.01e9, 540e6),
        (*MILLIONS, 1e-12),
        "Crypto and stock ticker scrape.",
    ),
    number(
        "Kaltmiete",
        lambda value: f"{german(value).removesuffix(',00')} €",
        (1250, 895, 640.5, 1480, 2300, 715, 1099.99, 520, 980, 1760),
        "German rental portal, cents only where there are any.",
    ),
    spelled(
        "Price",
        "About 200 EUR|About 320 EUR|About 150 EUR||About 1000 EUR|About 90 EUR|About 450 EUR||About 120 EUR",
        (200, 320, 150, MISSING, 1000, 90, 450, MISSING, 120),
        "GSMArena phone specifications.",
        is_open=True,
    ),
    spelled(
        "Harga",
        "Rp 15.000|Rp 1.250.000|Rp 349.000|Rp 2.999.000|Rp 75.500|Rp 12.000.000|Rp 8.500|Rp 189.900",
        (15000, 1250000, 349000, 2999000, 75500, 12000000, 8500, 189900),
        "Indonesian marketplace scrape.",
    ),
    scaled(
        "Giá",
        "3,2 tỷ|850 triệu|5,75 tỷ|Thỏa thuận|1,05 tỷ|12 tỷ|990 triệu|2,4 tỷ|Thỏa thuận|680 triệu",
        (3.2e9, 850e6, 5.75e9, MISSING, 1.05e9, 12e9, 990e6, 2.4e9, MISSING, 680e6),
        MILLIONS,
        "Vietnamese real-estate scrape, negotiable for some.",
    ),
    spelled(
        "Цена",
        "12 500 руб.|8 990 руб.|1 250 000 руб.|450 руб.|67 300 руб.|2 199 руб.|315 000 руб.|79 руб.",
        (12500, 8990, 1250000, 450, 67300, 2199, 315000, 79),
        "Russian classified ads.",
    ),
    number(
        "Revenue ($ thousands)",
        grouped,
        (1234, 98450, 12007, 455, 6310, 210998, 78, 33560, 1402, 905),
        "Annual-report table given in thousands.",
        scales=(1.0, 1000.0),
    ),
    scaled(
        "Arbeitspreis",
        "28,73 ct/kWh|31,05 ct/kWh|26,9 ct/kWh|33,48 ct/kWh|29,99 ct/kWh|40,12 ct/kWh|24,5 ct/kWh|35 ct/kWh",
        (28.73, 31.05, 26.9, 33.48, 29.99, 40.12, 24.5, 35),
        (1.0, 0.01),
        "German electricity-tariff comparison.",
    ),
    spelled(
        "قیمت",
        "۱۲۰,۰۰۰,۰۰۰ تومان|۴۵,۵۰۰,۰۰۰ تومان|۹۸۰,۰۰۰ تومان|۲۳۰,۰۰۰,۰۰۰ تومان|۷,۲۵۰,۰۰۰ تومان"
        "|۱,۶۰۰,۰۰۰ تومان|۸۵,۰۰۰ تومان|۳۴,۰۰۰,۰۰۰ تومان",
        (120000000, 45500000, 980000, 230000000, 7250000, 1600000, 85000, 34000000),
        "Iranian classified ads with Persian digits.",
    ),
    spelled(
        "Price",
        "$67,123.45|$3,502.18|$0.00002315|$0.5821|$152.40|$1.00|$0.1374|$412.9|$0.00000872|$7.15",
        (67123.45, 3502.18, 0.00002315, 0.5821, 152.4, 1, 0.1374, 412.9, 0.00000872, 7.15),
        "Crypto ticker.",
    ),
    spelled(
        "Median household income (dollars)",
        "62,843|48,210|250,000+|91,007|-|37,465|115,320|73,918|-|55,001|84,650",
        (62843, 48210, 250000, 91007, MISSING, 37465, 115320, 73918, MISSING, 55001, 84650),
        "US Census ACS tract table, top-coded and missing medians.",
        is_open=True,
    ),
    spelled(
        "Fare",
        "7.25|71.2833|7.925|53.1|8.05|0|51.8625|21.075|11.1333|30.0708|512.3292",
        (7.25, 71.2833, 7.925, 53.1, 8.05, 0, 51.8625, 21.075, 11.1333, 30.0708, 512.3292),
        "Titanic-like passenger list.",
    ),
    number(
        "Gross",
        us,
        (1234.56, -12, 49.99, -1500, 320, 18.75, -7.49, 20450, 99, -3.2),
        "PayPal activity download.",
    ),
    scaled(
        "Budget",
        "US$3.4 billion|US$250 million|US$1.1 billion|US$95 million|US$780.5 million|US$6 billion"
        "|US$40 million|US$2.25 billion",
        (3.4e9, 250e6, 1.1e9, 95e6, 780.5e6, 6e9, 40e6, 2.25e9),
        MILLIONS,
        "Wikipedia list of large construction projects.",
    ),
)

LOGGERS = (
    number(
        "Temperature",
        lambda value: f"{value}°C",
        (21.5, 20.9, 18.4, -0.3, -3.0, 5.7, 11.2, 30.1, 0.0, -12.8, 25.6),
        "Weather logger that writes the unit behind every reading.",
    ),
    scaled(
        "Luftdruck",
        "1013,2 hPa|1008,7 hPa|997,5 hPa|1021,0 hPa|1015,9 hPa|989,4 hPa|1003,3 hPa|1011,1 hPa|1018,6 hPa",
        (1013.2, 1008.7, 997.5, 1021.0, 1015.9, 989.4, 1003.3, 1011.1, 1018.6),
        (1.0, 100.0, 0.001),
        "Home weather station with German settings.",
    ),
    scaled(
        "Distance",
        "10.42 km|5.01 km|21.10 km|8.3 km|42.2 km|3.75 km|12 km|6.66 km|15.08 km|7.4 km",
        (10.42, 5.01, 21.10, 8.3, 42.2, 3.75, 12, 6.66, 15.08, 7.4),
        (1.0, 1000.0),
        "Training diary copied from Strava.",
    ),
    scaled(
        "Moving Time",
        "01:02:33|00:45:12|02:10:05|00:28:59|03:48:20|00:31:00|01:00:07|00:52:44|01:29:30|00:19:48",
        (3753, 2712, 7805, 1739, 13700, 1860, 3607, 3164, 5370, 1188),
        SECONDS,
        "Garmin Connect activities file, durations that some keep as times.",
        is_open=True,
    ),
    spelled(
        "Calories",
        "1,024|612|438|--|2,310|95|777|--|1,580|349|503|866",
        (1024, 612, 438, MISSING, 2310, 95, 777, MISSING, 1580, 349, 503, 866),
        "Garmin Connect activities file, two hyphens for nothing recorded.",
    ),
    scaled(
        "Usage",
        "1,234 kWh|987 kWh|842 kWh|1,105.5 kWh|760 kWh|655 kWh|1,480 kWh|1,321 kWh|903.2 kWh|811 kWh",
        (1234, 987, 842, 1105.5, 760, 655, 1480, 1321, 903.2, 811),
        (1.0, 1000.0, 0.001, 3.6e6, 3.6),
        "Monthly electricity bill history of a household.",
    ),
)

SPORTS = (
    spelled(
        "GD",
        "+68|+54|+23|+12|+5|0|−1|−7|−17|−24|−33|−41",
        (68, 54, 23, 12, 5, 0, -1, -7, -17, -24, -33, -41),
        "Football table from Wikipedia with typographic minus signs.",
    ),
    spelled(
        "AVG",
        ".312|.287|.254|.301|.198|.000|1.000|.333|.265|.241|.279|.226",
        (0.312, 0.287, 0.254, 0.301, 0.198, 0, 1, 0.333, 0.265, 0.241, 0.279, 0.226),
        "Baseball batting averages without the leading zero.",
    ),
    scaled(
        "Height",
        "5'7|6'2|5'9|6'4|5'11|5'8|6'0|5'10|6'1|6'3|5'6",
        (67, 74, 69, 76, 71, 68, 72, 70, 73, 75, 66),
        (1.0, 2.54, 0.0254, 1 / 12, 25.4),
        "FIFA 19 player table, feet and inches.",
    ),
    scaled(
        "Weight",
        "159lbs|183lbs|150lbs|168lbs|154lbs|163lbs|146lbs|190lbs|181lbs|176lbs|148lbs",
        (159, 183, 150, 168, 154, 163, 146, 190, 181, 176, 148),
        (1.0, 0.45359237, 453.59237),
        "FIFA 19 player table.",
    ),
    spelled(
        "Place",
        "1st|2nd|3rd|4th|11th|12th|13th|21st|22nd|7th|103rd|5th",
        (1, 2, 3, 4, 11, 12, 13, 21, 22, 7, 103, 5),
        "Race and school-contest results with ordinals.",
    ),
)

SIXTH_UNITS = (*UNITS, *LOGGERS, *SPORTS)
