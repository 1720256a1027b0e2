"""An eighth look: columns by new hands, each as it stands in one of 40 files known beforehand.

The files, listed before any column was taken: Inside Airbnb, Google Play, FIFA 19, Lending Club, CarDekho,
Amazon India, Countries of the World, UCI Air Quality, Sparkasse CAMT, SAP line items, QuickBooks, Tally,
Investing.com, CoinMarketCap, Box Office Mojo, SteamCharts, US Census ACS, Eurostat, NYC property sales, UK
spend over 25k, INSEE, Swiss federal statistics, Brazil's Portal da Transparencia, UK school tables, WHO GHO,
hospital laboratory, nutrition.csv, laptop prices, electric cars, NOAA LCD, e-Stat Japan, Lianjia, 1C, Hemnet,
Tokopedia, TUIK and sahibinden, Wikipedia lists, CODATA, DigiKey, ec2instances.info.
"""

# ruff: noqa: RUF001
from __future__ import annotations

from benchmarks._eighth_numbers_codes import EIGHTH_CODES
from benchmarks._eighth_numbers_units import GIGABYTES, PERCENT, UNITS_OF_THE_FIRST_FILES, scaled
from benchmarks._others_numbers import MISSING, OthersNumber, french, german, number, spelled, us

__all__ = ["EIGHTH_CODES", "EIGHTH_MONEY", "EIGHTH_UNITS"]

EIGHTH_MONEY: tuple[OthersNumber, ...] = (
    number(
        "price",
        lambda value: f"${us(value)}",
        (85, 149, 1250, 60, 225, 99, 3500, 45, 110, 10000, 72, 180),
        "Inside Airbnb listings.csv",
    ),
    spelled(
        "Price",
        "0|0|$4.99|0|$3.99|$6.99|0|$1.49|$2.99|0|$399.99|$0.99",
        (0, 0, 4.99, 0, 3.99, 6.99, 0, 1.49, 2.99, 0, 399.99, 0.99),
        "Google Play Store apps: free ones are a bare 0",
    ),
    scaled(
        "Value",
        "€110.5M|€77M|€118.5M|€72M|€102M|€93M|€675K|€80M|€1.1M|€60K|€425K|€0",
        (110.5e6, 77e6, 118.5e6, 72e6, 102e6, 93e6, 675e3, 80e6, 1.1e6, 60e3, 425e3, 0),
        (1.0, 1e-3, 1e-6),
        "FIFA 19 players",
    ),
    spelled(
        "discounted_price",
        "₹399|₹199|₹1,099|₹329|₹154|₹13,490|₹61,999|₹5,799|₹649|₹77,990|₹2,499|₹176.63",
        (399, 199, 1099, 329, 154, 13490, 61999, 5799, 649, 77990, 2499, 176.63),
        "Amazon India sales, amazon.csv",
    ),
    spelled(
        "Betrag",
        "-12,50|-1250,00|2843,17|-49,99|-7,80|-650,00|25,00|-103,45|-19,90|2843,17|-0,85|-84,12",
        (-12.5, -1250, 2843.17, -49.99, -7.8, -650, 25, -103.45, -19.9, 2843.17, -0.85, -84.12),
        "Sparkasse CAMT export: no thousands mark",
    ),
    spelled(
        "Betrag in Hauswährung",
        "1.234,50-|19.580,00|742,60-|119,00|12.999,99-|88,00|1.100.225,40|5,05-|350,75|66.420,18-",
        (-1234.5, 19580, -742.6, 119, -12999.99, 88, 1100225.4, -5.05, 350.75, -66420.18),
        "SAP FBL1N line items: the minus stands behind",
    ),
    spelled(
        "Total",
        "$48,210.00|1,250.50|(350.75)|49,109.75|$12,300.00|(1,899.95)|742.60|88.00|(15.40)|$11,215.25",
        (48210, 1250.5, -350.75, 49109.75, 12300, -1899.95, 742.6, 88, -15.4, 11215.25),
        "QuickBooks profit and loss: brackets, and dollars on first and total lines",
    ),
    scaled(
        "Closing Balance",
        "1,25,000.00 Dr|45,300.50 Cr|8,750.00 Dr|12,40,000.00 Cr|3,200.00 Dr|980.00 Cr|67,500.00 Dr"
        "|2,15,430.75 Dr|18,000.00 Cr|550.00 Dr",
        (125000, -45300.5, 8750, -1240000, 3200, -980, 67500, 215430.75, -18000, 550),
        (1.0, -1.0),
        "Tally trial balance: which of Dr and Cr is negative is convention",
        is_open=True,
    ),
    spelled(
        "Rate",
        "450.00/Nos|1,250.00/Nos|82.50/Nos|12.00/Nos|3,600.00/Nos|215.75/Nos|99.00/Nos|1,15,000.00/Nos",
        (450, 1250, 82.5, 12, 3600, 215.75, 99, 115000),
        "Tally stock summary",
    ),
    spelled(
        "Price",
        "4,297.50|4,280.15|4,255.00|4,301.90|4,188.25|4,193.80|4,169.48|4,117.37|4,137.23|4,247.68",
        (4297.5, 4280.15, 4255, 4301.9, 4188.25, 4193.8, 4169.48, 4117.37, 4137.23, 4247.68),
        "Investing.com historical data",
    ),
    spelled(
        "Market Cap",
        "$1,254,321,987,654|$372,518,204,113|$95,123,456,789|$84,002,310,455|$61,240,118,900"
        "|$32,100,456,001"
        "|$21,987,100,230|$15,320,450,870|$9,870,112,344|$612,340,998",
        (1254321987654, 372518204113, 95123456789, 84002310455, 61240118900, 32100456001, 21987100230,
         15320450870, 9870112344, 612340998),
        "CoinMarketCap table as copied",
    ),
    spelled(
        "Price",
        "$63,912.44|$3,104.87|$1.00|$571.20|$142.15|$0.5231|$0.1234|$0.00001712|$5.91|$0.9998",
        (63912.44, 3104.87, 1, 571.2, 142.15, 0.5231, 0.1234, 0.00001712, 5.91, 0.9998),
        "CoinMarketCap table as copied",
    ),
    spelled(
        "Domestic",
        "$858,373,000|$543,638,043|$477,373,578|$426,829,839|-|$390,532,085|$10,395,270|-"
        "|$2,721,300|$174,340,174",
        (858373000, 543638043, 477373578, 426829839, MISSING, 390532085, 10395270, MISSING,
         2721300, 174340174),
        "Box Office Mojo: a dash where there was no domestic release",
    ),
    spelled(
        "SALE PRICE",
        "6,625,000|0|3,936,272|8,000,000|0|1,250,000|10|499,401|0|885,000|1|2,300,000",
        (6625000, 0, 3936272, 8000000, 0, 1250000, 10, 499401, 0, 885000, 1, 2300000),
        "NYC rolling sales, saved from Excel",
    ),
    spelled(
        "Amount",
        "£32,458.00|£27,450.00|£1,120,045.60|-£25,600.00|£74,300.15|£39,990.00|£410,999.00|-£58,600.00"
        "|£25,000.01|£86,412.50",
        (32458, 27450, 1120045.6, -25600, 74300.15, 39990, 410999, -58600, 25000.01, 86412.5),
        "UK department spend over 25,000 pounds",
    ),
    number(
        "Valor Pago",
        lambda value: f"R$ {german(value)}",
        (1234.56, 19.99, 48210, 350.75, 2999.95, 0, 66420.18, 1800, 742.6, 1100225.4),
        "Portal da Transparência, orders paid",
    ),
    number(
        "VALOR TRANSAÇÃO",
        german,
        (89.9, 1250, -150, 48.35, 3210.77, 0.99, 640, -12.5, 99, 10480.12),
        "Portal da Transparência, government payment cards",
    ),
    spelled(
        "Price (DE)",
        "€55,480|€29,682|€56,440|€68,040|N/A|€32,997|€21,421|€105,000|N/A|€180,781|€45,000|€24,790",
        (55480, 29682, 56440, 68040, MISSING, 32997, 21421, 105000, MISSING, 180781, 45000, 24790),
        "Electric cars data set (ev-database)",
    ),
    scaled(
        "总价",
        "560万|415万|1250万|238.5万|780万|329万|96万|642万|505万|870万",
        (5600000, 4150000, 12500000, 2385000, 7800000, 3290000, 960000, 6420000, 5050000, 8700000),
        (1.0, 1e-4),
        "Lianjia second-hand flats in Beijing",
    ),
    spelled(
        "单价",
        "62,500元/平|48,120元/平|101,345元/平|39,870元/平|75,002元/平|55,610元/平|8,900元/平|66,033元/平",
        (62500, 48120, 101345, 39870, 75002, 55610, 8900, 66033),
        "Lianjia second-hand flats in Beijing",
    ),
    number(
        "Сумма",
        lambda value: french(value, space="\u00a0"),
        (12345.67, 1250, 980.4, 74300, 5120.05, 410999, 60, 1899.9, 27450, 1120045.3),
        "1C sales register saved from Excel: no-break spaces",
    ),
    number(
        "Цена",
        lambda value: f"{french(value, space=' ')} руб.",
        (1250, 89.9, 450, 12999, 315.5, 2040, 75, 19.99, 3300, 700),
        "1C price list",
    ),
    spelled(
        "Slutpris",
        "4 250 000 kr|2 795 000 kr|11 500 000 kr|950 000 kr|3 610 000 kr|5 025 000 kr|1 875 000 kr"
        "|7 400 000 kr|2 150 000 kr|685 000 kr",
        (4250000, 2795000, 11500000, 950000, 3610000, 5025000, 1875000, 7400000, 2150000, 685000),
        "Hemnet sold homes: no-break spaces became plain",
    ),
    spelled(
        "Avgift",
        "3\u00a0625 kr/mån|4\u00a0102 kr/mån|980 kr/mån|2\u00a0875 kr/mån||5\u00a0410 kr/mån"
        "|1\u00a0999 kr/mån"
        "|3\u00a0050 kr/mån|6\u00a0733 kr/mån|755 kr/mån",
        (3625, 4102, 980, 2875, MISSING, 5410, 1999, 3050, 6733, 755),
        "Hemnet sold homes: monthly fee, houses have none",
    ),
    spelled(
        "Harga",
        "Rp1.250.000|Rp85.000|Rp12.500|Rp349.900|Rp2.199.000|Rp5.000|Rp74.250|Rp18.999.000"
        "|Rp150.000|Rp27.900",
        (1250000, 85000, 12500, 349900, 2199000, 5000, 74250, 18999000, 150000, 27900),
        "Tokopedia products",
    ),
    spelled(
        "Fiyat",
        "1.250.000 TL|875.000 TL|3.450.000 TL|2.100.000 TL|640.000 TL|12.750.000 TL|1.999.999 TL"
        "|4.300.000 TL"
        "|785.500 TL|1.065.000 TL",
        (1250000, 875000, 3450000, 2100000, 640000, 12750000, 1999999, 4300000, 785500, 1065000),
        "sahibinden.com housing adverts",
    ),
    spelled(
        "On Demand",
        "$0.0960 hourly|$0.1920 hourly|$0.0104 hourly|unavailable|$3.0600 hourly|$24.4800 hourly"
        "|$0.3840 hourly"
        "|$1.0080 hourly|unavailable|$0.0052 hourly",
        (0.096, 0.192, 0.0104, MISSING, 3.06, 24.48, 0.384, 1.008, MISSING, 0.0052),
        "ec2instances.info export",
    ),
)  # fmt: skip

EIGHTH_UNITS: tuple[OthersNumber, ...] = (
    *UNITS_OF_THE_FIRST_FILES,
    spelled(
        "FastChargeSpeed",
        "940 km/h|250 km/h|620 km/h|560 km/h|-|190 km/h|220 km/h|420 km/h|-|650 km/h|540 km/h",
        (940, 250, 620, 560, MISSING, 190, 220, 420, MISSING, 650, 540),
        "Electric cars data set",
    ),
    spelled(
        "HourlyPrecipitation",
        "0.00|0.00|T|0.02|0.05s|T|0.11|0.00|0.01|0.00|T|0.30",
        (0, 0, MISSING, 0.02, 0.05, MISSING, 0.11, 0, 0.01, 0, MISSING, 0.3),
        "NOAA LCD: T is a trace, s a suspect value",
        is_open=True,
    ),
    spelled(
        "総数",
        "126,146,099|5,224,614|1,237,984|***|959,502|-|1,068,027|x|2,301,996|14,047,594",
        (126146099, 5224614, 1237984, MISSING, 959502, MISSING, 1068027, MISSING, 2301996, 14047594),
        "e-Stat: three marks for figures that are not there",
    ),
    spelled(
        "対前年増減率（％）",
        "1.2|△0.7|△2.9|0.4|3.1|△1.8|0.0|△0.3|2.2|△5.5",
        (1.2, -0.7, -2.9, 0.4, 3.1, -1.8, 0, -0.3, 2.2, -5.5),
        "e-Stat: the triangle of Japanese offices for a minus",
    ),
    spelled(
        "建筑面积",
        "89.5平米|58.63平米|142.1平米|36平米|101.27平米|75.4平米|210.88平米|64.02平米|90平米",
        (89.5, 58.63, 142.1, 36, 101.27, 75.4, 210.88, 64.02, 90),
        "Lianjia second-hand flats",
    ),
    spelled(
        "Количество",
        "25 шт|1 200 шт|3 шт|10 шт|480 шт|2 500 шт|1 шт|36 шт|15 000 шт|7 шт",
        (25, 1200, 3, 10, 480, 2500, 1, 36, 15000, 7),
        "1C sales report",
    ),
    scaled(
        "Prisutveckling",
        "+5 %|−3 %|+12 %|±0 %|+1 %|−8 %|+21 %|±0 %|−1 %|+7 %",
        (5, -3, 12, 0, 1, -8, 21, 0, -1, 7),
        PERCENT,
        "Hemnet sold homes: a true minus",
    ),
    spelled(
        "Terjual",
        "250+ terjual|1rb+ terjual|30+ terjual|5rb+ terjual|100+ terjual|10rb+ terjual|80+ terjual"
        "|2rb+ terjual",
        (250, 1000, 30, 5000, 100, 10000, 80, 2000),
        "Tokopedia products: at least so many, rb for thousand",
        is_open=True,
    ),
    scaled(
        "Yıllık değişim",
        "%12,5|%8,75|%-1,3|%64,27|%0,9|%19,6|%36,08|%-0,4|%85,51|%5",
        (12.5, 8.75, -1.3, 64.27, 0.9, 19.6, 36.08, -0.4, 85.51, 5),
        PERCENT,
        "TÜİK price index: Turks write the sign first",
    ),
    spelled(
        "Population",
        "2,166,086[3]|8,804,190|3,898,747[a]|2,746,388|2,304,580[4]|1,608,139|1,603,797[5]"
        "|1,434,625|1,386,932[b]",
        (2166086, 8804190, 3898747, 2746388, 2304580, 1608139, 1603797, 1434625, 1386932),
        "Wikipedia list of cities, copied with its footnotes",
    ),
    scaled(
        "Height",
        "8,848 m (29,029 ft)|8,611 m (28,251 ft)|8,586 m (28,169 ft)|8,516 m (27,940 ft)"
        "|8,485 m (27,838 ft)"
        "|8,188 m (26,864 ft)|8,167 m (26,795 ft)|8,163 m (26,781 ft)",
        (8848, 8611, 8586, 8516, 8485, 8188, 8167, 8163),
        (1.0, 1e-3),
        "Wikipedia list of highest mountains",
        is_open=True,
    ),
    spelled(
        "Value",
        "6.644 657 3450 e-27|5.971 920 1997 e-10|1.380 649 e-23|6.626 070 15 e-34"
        "|1.602 176 634 e-19|299 792 458"
        "|6.022 140 76 e23|10 973 731.568 157|9.109 383 7139 e-31|-9.284 764 6917 e-24",
        (6.6446573450e-27, 5.9719201997e-10, 1.380649e-23, 6.62607015e-34, 1.602176634e-19, 299792458,
         6.02214076e23, 10973731.568157, 9.1093837139e-31, -9.2847646917e-24),
        "CODATA allascii.txt",
    ),
    spelled(
        "Uncertainty",
        "0.000 000 0021 e-27|0.000 000 0019 e-10|(exact)|(exact)|(exact)|(exact)|(exact)|0.000 012"
        "|0.000 000 0028 e-31|0.000 000 0029 e-24",
        (2.1e-36, 1.9e-19, MISSING, MISSING, MISSING, MISSING, MISSING, 1.2e-5, 2.8e-40, 2.9e-33),
        "CODATA allascii.txt: exact is none or nought",
        is_open=True,
    ),
    scaled(
        "Resistance",
        "4.7 kOhms|100 Ohms|10 kOhms|1 MOhms|220 Ohms|47 kOhms|2.2 kOhms|0 Ohms|330 Ohms|4.99 kOhms",
        (4700, 100, 10000, 1000000, 220, 47000, 2200, 0, 330, 4990),
        (1.0, 1e-3, 1e-6),
        "DigiKey chip resistors",
    ),
    scaled(
        "Tolerance",
        "±5%|±1%|±1%|±0.1%|±5%|±0.5%|±1%|±10%|±5%|±1%",
        (5, 1, 1, 0.1, 5, 0.5, 1, 10, 5, 1),
        PERCENT,
        "DigiKey chip resistors",
    ),
    scaled(
        "Power (Watts)",
        "0.1W, 1/10W|0.125W, 1/8W|0.25W, 1/4W|0.063W, 1/16W|0.5W, 1/2W|1W|0.1W, 1/10W|2W|0.75W, 3/4W",
        (0.1, 0.125, 0.25, 0.063, 0.5, 1, 0.1, 2, 0.75),
        (1.0, 1e3),
        "DigiKey chip resistors: said twice",
        is_open=True,
    ),
    scaled(
        "Instance Memory",
        "8.0 GiB|16.0 GiB|0.5 GiB|1.0 GiB|384.0 GiB|768.0 GiB|3.75 GiB|30.5 GiB|122.0 GiB|2.0 GiB",
        (8, 16, 0.5, 1, 384, 768, 3.75, 30.5, 122, 2),
        (*GIGABYTES, 1.024**3),
        "ec2instances.info export",
    ),
)  # fmt: skip
