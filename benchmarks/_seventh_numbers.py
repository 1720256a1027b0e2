"""A seventh look: columns by new hands, from forty files one meets in the wild; here the money and, after
those in the file of units, the rest of the units.

The forty: FIFA 19, Google Play, Inside Airbnb, Lending Club, CarDekho, Zomato, IMDb top 1000, Eurostat TSV,
Destatis, DVF, UK spend over £25,000, ACS tables, Water Quality Portal, SBI statement, Box Office Mojo,
Wikipedia countries, Investing.com, laptop_price, Portal da Transparência, bexio, 1C, e-Stat, Lianjia,
Gapminder, Instagram influencers, Garmin Connect, QuickBooks, SAP, NOAA LCD, NBA, nutrition.csv,
CoinMarketCap, kubectl and df, Tokopedia, mobile.de, Hemnet, DigiKey, hospital laboratory, Korean house
sales and CMS hospital payments.
"""

# ruff: noqa: RUF001
from __future__ import annotations

from benchmarks._others_numbers import MISSING, OthersNumber, french, german, grouped, number, spelled, us
from benchmarks._seventh_numbers_codes import SEVENTH_CODES
from benchmarks._seventh_numbers_units import INCHES, SECONDS, SHARE, UNITS, scaled

__all__ = ["SEVENTH_CODES", "SEVENTH_MONEY", "SEVENTH_UNITS"]

SEVENTH_MONEY: tuple[OthersNumber, ...] = (
    scaled(
        "Value",
        "€110.5M|€77M|€118.5M|€72M|€102M|€9.5M|€825K|€60K|€0|€1.1M",
        (110.5e6, 77e6, 118.5e6, 72e6, 102e6, 9.5e6, 825e3, 60e3, 0, 1.1e6),
        (1.0, 1e-3, 1e-6),
        "FIFA 19 players (Kaggle)",
    ),
    scaled(
        "Wage",
        "€565K|€405K|€290K|€260K|€355K|€21K|€3K|€1K|€0|€94K",
        (565e3, 405e3, 290e3, 260e3, 355e3, 21e3, 3e3, 1e3, 0, 94e3),
        (1.0, 1e-3),
        "FIFA 19 players (Kaggle)",
    ),
    spelled(
        "Price",
        "0|0|0|$4.99|0|$2.99|0|0|$399.99|0|$0.99|0",
        (0, 0, 0, 4.99, 0, 2.99, 0, 0, 399.99, 0, 0.99, 0),
        "googleplaystore.csv (Kaggle): free ones stand as a bare 0",
    ),
    spelled(
        "price",
        "$85.00|$120.00|$1,250.00|$49.00|$310.00||$75.00|$2,400.00|$62.00|$199.00",
        (85, 120, 1250, 49, 310, MISSING, 75, 2400, 62, 199),
        "Inside Airbnb, London listings.csv",
    ),
    scaled(
        "New_Price",
        "|8.61 Lakh|||21 Lakh|10.65 Lakh|1.28 Cr||32.01 Lakh|47.87 Lakh|1.7 Cr|7.87 Lakh",
        (MISSING, 861e3, MISSING, MISSING, 21e5, 1065e3, 128e5, MISSING, 3201e3, 4787e3, 17e6, 787e3),
        (1.0, 1e-5, 1e-7),
        "CarDekho used cars, train-data.csv (Kaggle)",
    ),
    spelled(
        "approx_cost(for two people)",
        "800|800|300|600|1,200|550|1,500||400|2,000|750",
        (800, 800, 300, 600, 1200, 550, 1500, MISSING, 400, 2000, 750),
        "Zomato Bangalore restaurants (Kaggle)",
    ),
    spelled(
        "Gross",
        "28,341,469|134,966,411|534,858,444|57,300,000|4,360,000||342,551,365|6,719,864||292,576,195",
        (28341469, 134966411, 534858444, 57300000, 4360000, MISSING, 342551365, 6719864, MISSING, 292576195),
        "imdb_top_1000.csv (Kaggle)",
    ),
    spelled(
        "2023",
        "596320.8 p|93948.2 |305521.4 |375872.5 |4121160.0 p|37682.3 |: |222073.7 p|1498324.0 b|: c",
        (596320.8, 93948.2, 305521.4, 375872.5, 4121160, 37682.3, MISSING, 222073.7, 1498324, MISSING),
        "Eurostat nama_10_gdp TSV, GDP in million euro, flags behind the value",
    ),
    spelled(
        "Valeur fonciere",
        "128000,00|250000,00|1,00|79500,00||412350,50|1850000,00|96000,00|163250,00|55000,00",
        (128000, 250000, 1, 79500, MISSING, 412350.5, 1850000, 96000, 163250, 55000),
        "Demandes de valeurs foncières (data.gouv.fr)",
    ),
    spelled(
        "Amount",
        "£1,234,567.89|£25,000.00|£48,920.40|-£30,450.00|£112,300.00|£27,600.15|£3,410,022.00|£64,000.00",
        (1234567.89, 25000, 48920.4, -30450, 112300, 27600.15, 3410022, 64000),
        "UK department, spend over £25,000",
    ),
    spelled(
        "Debit",
        "500.00||1,23,456.00||2,250.50|15,000.00||99.00|3,50,000.00||1,180.00",
        (500, MISSING, 123456, MISSING, 2250.5, 15000, MISSING, 99, 350000, MISSING, 1180),
        "State Bank of India account statement",
    ),
    spelled(
        "Balance",
        "1,84,320.55CR|1,83,820.55CR|2,33,820.55CR|1,10,364.55CR|95,364.55CR|9,840.05CR|"
        "12,45,364.00CR|812.40CR",
        (184320.55, 183820.55, 233820.55, 110364.55, 95364.55, 9840.05, 1245364, 812.4),
        "State Bank of India account statement: CR marks a credit balance",
    ),
    spelled(
        "Gross",
        "$55,023,714|$21,300,120|$9,875,002|$4,120,665|$812,340|$96,211|$12,905|-|$1,204",
        (55023714, 21300120, 9875002, 4120665, 812340, 96211, 12905, MISSING, 1204),
        "Box Office Mojo weekend chart",
    ),
    spelled(
        "Price",
        "4,567.80|4,594.63|4,550.43|988.10|4,559.34|1,002.55|4,538.19|4,547.38|4,514.02",
        (4567.8, 4594.63, 4550.43, 988.1, 4559.34, 1002.55, 4538.19, 4547.38, 4514.02),
        "Investing.com historical data",
    ),
    number(
        "Valor Pago",
        german,
        (1234.56, 0, 98450.1, 1250000, 312.9, 45.07, 7700, 23456789.01, 0, 560.25),
        "Portal da Transparência, despesas (Brazil)",
    ),
    spelled(
        "Betrag",
        "1'234.50|350.00|12'980.00|75.60|-420.00|2'160.05|108'450.00|940.00|16.15",
        (1234.5, 350, 12980, 75.6, -420, 2160.05, 108450, 940, 16.15),
        "bexio invoices (Switzerland)",
    ),
    spelled(
        "Offener Betrag",
        "CHF 1'234.50|CHF 0.00|CHF 12'980.00|CHF 75.60|CHF 0.00|CHF 2'160.05|CHF 0.00|CHF 940.00",
        (1234.5, 0, 12980, 75.6, 0, 2160.05, 0, 940),
        "bexio invoices (Switzerland)",
    ),
    number(
        "Сумма",
        lambda value: french(value, space="\u00a0"),
        (12500, 1234567.89, 840.5, 96000, 5310.2, 48.9, 730250, 2999.99, 150),
        "1С:Предприятие, sales report saved as a sheet",
    ),
    spelled(
        "対前年同月増減額(円)",
        "▲1,234|2,560|▲15,080|312|▲98|4,405|▲7,311|1,020|…|660",
        (-1234, 2560, -15080, 312, -98, 4405, -7311, 1020, MISSING, 660),
        "家計調査 (e-Stat, Japan)",
    ),
    scaled(
        "总价",
        "650万|385万|1200万|478.5万|269万|720万|535万|998万|310万",
        (6.5e6, 3.85e6, 12e6, 4.785e6, 2.69e6, 7.2e6, 5.35e6, 9.98e6, 3.1e6),
        (1.0, 1e-4),
        "Lianjia second-hand flats, Beijing",
    ),
    spelled(
        "单价",
        "72,853元/平|51,220元/平|104,348元/平|63,800元/平|48,909元/平|80,000元/平|59,444元/平|99,800元/平",
        (72853, 51220, 104348, 63800, 48909, 80000, 59444, 99800),
        "Lianjia second-hand flats, Beijing",
    ),
    spelled(
        "Total",
        "$12,345.67|$980.00|(1,234.50)|45.10|(310.00)||2,400.00|$14,226.27|(18,905.33)|-$4,679.06",
        (12345.67, 980, -1234.5, 45.1, -310, MISSING, 2400, 14226.27, -18905.33, -4679.06),
        "QuickBooks profit and loss, exported",
    ),
    number(
        "Amount",
        lambda value: us(value) if value >= 0 else f"({us(-value)})",
        (1250, -89.99, -1430.25, 640, 15320.4, -2.5, -760, 33, -12000),
        "QuickBooks transaction detail, negatives in parentheses",
    ),
    number(
        "Betrag in Hauswährung",
        lambda value: german(value) if value >= 0 else german(-value) + "-",
        (-1234.5, -250, 12345.67, -89.9, -4711.3, 500, -1000000, -17.85, 66.2, -3050),
        "SAP FBL1N vendor line items, list saved as a file: the minus stands behind",
    ),
    spelled(
        "Salary",
        "$48,070,014|$47,607,350|$45,640,084|$12,500,000|$2,019,706|$1,119,563|$508,891|$33,386,850",
        (48070014, 47607350, 45640084, 12500000, 2019706, 1119563, 508891, 33386850),
        "NBA player salaries (Kaggle)",
    ),
    spelled(
        "Price",
        "$43,211.25|$2,310.48|$1.00|$312.07|$0.5712|$98.44|$0.08014|$0.00000958|$7.12",
        (43211.25, 2310.48, 1, 312.07, 0.5712, 98.44, 0.08014, 0.00000958, 7.12),
        "CoinMarketCap table",
    ),
    spelled(
        "Market Cap",
        "$847,512,330,190|$277,650,981,004|$95,210,448,120|$48,012,556,871|$9,400,118|"
        "$845,200|$5,647,001,329|--",
        (847512330190, 277650981004, 95210448120, 48012556871, 9400118, 845200, 5647001329, MISSING),
        "CoinMarketCap table",
    ),
    spelled(
        "Harga",
        "Rp1.250.000|Rp89.900|Rp15.000|Rp349.000|Rp2.799.000|Rp9.500|Rp125.000|Rp18.499.000|Rp55.500",
        (1250000, 89900, 15000, 349000, 2799000, 9500, 125000, 18499000, 55500),
        "Tokopedia products (Indonesia)",
    ),
    spelled(
        "Preis",
        "12.500 €|9.990 €|24.850 €|3.200 €|950 €|18.499 €|41.900 €|7.750 €|129.900 €",
        (12500, 9990, 24850, 3200, 950, 18499, 41900, 7750, 129900),
        "mobile.de used cars",
    ),
    spelled(
        "Slutpris",
        "3 495 000 kr|1 850 000 kr|5 200 000 kr|895 000 kr|12 750 000 kr|2 310 000 kr|"
        "4 025 000 kr|675 000 kr",
        (3495000, 1850000, 5200000, 895000, 12750000, 2310000, 4025000, 675000),
        "Hemnet sold flats (Sweden)",
    ),
    spelled(
        "Avgift",
        "3 456 kr/mån|2 190 kr/mån|4 812 kr/mån|985 kr/mån||5 604 kr/mån|1 745 kr/mån|"
        "3 020 kr/mån|2 888 kr/mån",
        (3456, 2190, 4812, 985, MISSING, 5604, 1745, 3020, 2888),
        "Hemnet sold flats (Sweden), no-break space",
    ),
    scaled(
        "거래금액(만원)",
        "125,000|82,500|64,000|210,000|9,800|43,700|155,000|31,250|7,500",
        (125000, 82500, 64000, 210000, 9800, 43700, 155000, 31250, 7500),
        (1.0, 1e4),
        "국토교통부 아파트 실거래가 (Korea), in units of 10,000 won",
    ),
    spelled(
        "Payment",
        "$22,345|$26,108|Not Available|$17,960|$24,512|Not Available|$9,870|$31,004|$18,233|$23,771",
        (22345, 26108, MISSING, 17960, 24512, MISSING, 9870, 31004, 18233, 23771),
        "CMS Payment and Value of Care, hospitals",
    ),
)

SEVENTH_UNITS: tuple[OthersNumber, ...] = (
    *UNITS,
    scaled(
        "Avg Pace",
        "5:31|6:02|4:48|5:55|--|7:10|5:09|4:59|6:27",
        (331, 362, 288, 355, MISSING, 430, 309, 299, 387),
        SECONDS,
        "Garmin Connect Activities.csv: minutes and seconds a kilometre",
        is_open=True,
    ),
    scaled(
        "% of Income",
        "100.00 %|7.94 %|-2.51 %|0.37 %||19.44 %|34.20 %|-1.05 %|62.79 %",
        (100, 7.94, -2.51, 0.37, MISSING, 19.44, 34.2, -1.05, 62.79),
        SHARE,
        "QuickBooks profit and loss, exported",
    ),
    number(
        "Menge",
        lambda value: grouped(abs(value), thousands=".", point=",", digits=3) + ("-" if value < 0 else ""),
        (1250, -12, 0.5, 340, -2500.75, 18, 1, -0.125, 60000),
        "SAP MB51 material documents: three places, the minus behind",
    ),
    spelled(
        "HourlyPrecipitation",
        "0.00|0.02s|T|0.00|0.11|0.05s||0.01|T|0.00",
        (0, 0.02, MISSING, 0, 0.11, 0.05, MISSING, 0.01, MISSING, 0),
        "NOAA Local Climatological Data: s a suspect value, T a trace",
        is_open=True,
    ),
    spelled(
        "HourlyDryBulbTemperature",
        "54|55|57s|61|*|63|62||58s|49|-2",
        (54, 55, 57, 61, MISSING, 63, 62, MISSING, 58, 49, -2),
        "NOAA Local Climatological Data: s a suspect value",
    ),
    scaled(
        "Ht",
        "6-9|6-6|7-0|5-11|6-2|6-10|6-3|7-1|6-8|5-10",
        (81, 78, 84, 71, 74, 82, 75, 85, 80, 70),
        INCHES,
        "Basketball-Reference rosters: feet and inches",
        is_open=True,
    ),
    scaled(
        "total_fat",
        "0.1g|72g|0.2g|5.9g|3.4g|99g|20g|0.5g|14g",
        (0.1, 72, 0.2, 5.9, 3.4, 99, 20, 0.5, 14),
        (1.0, 1e3),
        "nutrition.csv (Kaggle)",
    ),
    scaled(
        "sodium",
        "9.00 mg|0.00 mg|2.00 mg|12.00 mg|384.00 mg|1.00 mg|1240.00 mg|67.00 mg|5.00 mg",
        (9, 0, 2, 12, 384, 1, 1240, 67, 5),
        (1.0, 1e-3),
        "nutrition.csv (Kaggle)",
    ),
    spelled(
        "Circulating Supply",
        "19,613,212 BTC|120,171,448 ETH|95,210,448,120 USDT|153,856,150 BNB|54,305,884,612 XRP|"
        "436,120,559 SOL|143,011,966,384 DOGE|367,001,225 AVAX",
        (19613212, 120171448, 95210448120, 153856150, 54305884612, 436120559, 143011966384, 367001225),
        "CoinMarketCap table: each in its own coin",
        is_open=True,
    ),
    scaled(
        "CPU(cores)",
        "250m|1m|12m|3m|1203m|48m|7m|96m|510m",
        (0.25, 0.001, 0.012, 0.003, 1.203, 0.048, 0.007, 0.096, 0.51),
        (1.0, 1e3),
        "kubectl top pods: thousandths of a core",
        is_open=True,
    ),
    scaled(
        "MEMORY(bytes)",
        "512Mi|23Mi|148Mi|9Mi|2048Mi|61Mi|377Mi|84Mi",
        (2**29, 23 * 2**20, 148 * 2**20, 9 * 2**20, 2**31, 61 * 2**20, 377 * 2**20, 84 * 2**20),
        (1.0, 2.0**-10, 2.0**-20, 2.0**-30),
        "kubectl top pods",
    ),
    scaled(
        "Use%",
        "45%|1%|0%|88%|100%|-|12%|63%|7%",
        (45, 1, 0, 88, 100, MISSING, 12, 63, 7),
        SHARE,
        "df -h of a server",
    ),
    spelled(
        "Terjual",
        "250+ terjual|1rb+ terjual|40+ terjual|10rb+ terjual|5rb+ terjual|100+ terjual||"
        "750+ terjual|2rb+ terjual",
        (250, 1000, 40, 10000, 5000, 100, MISSING, 750, 2000),
        "Tokopedia products: rb for a thousand, at least so many",
        is_open=True,
    ),
    spelled(
        "Kilometerstand",
        "125.000 km|89.500 km|9.800 km|15 km|210.350 km|64.000 km|148.999 km|500 km|33.210 km",
        (125000, 89500, 9800, 15, 210350, 64000, 148999, 500, 33210),
        "mobile.de used cars",
    ),
    spelled(
        "Leistung",
        "110 kW (150 PS)|85 kW (116 PS)|140 kW (190 PS)|55 kW (75 PS)|70 kW (95 PS)|228 kW (310 PS)|"
        "96 kW (131 PS)|44 kW (60 PS)",
        (110, 85, 140, 55, 70, 228, 96, 44),
        "mobile.de used cars: the same power twice",
        is_open=True,
    ),
    spelled(
        "Kraftstoffverbrauch",
        "5,6 l/100 km|4,3 l/100 km|7,9 l/100 km|6 l/100 km||5,1 l/100 km|11,2 l/100 km|"
        "4,8 l/100 km|6,5 l/100 km",
        (5.6, 4.3, 7.9, 6, MISSING, 5.1, 11.2, 4.8, 6.5),
        "mobile.de used cars",
    ),
    spelled(
        "Rum",
        "3 rum|2 rum|4 rum|1 rum|2,5 rum|5 rum|1,5 rum|2 rum|3 rum",
        (3, 2, 4, 1, 2.5, 5, 1.5, 2, 3),
        "Hemnet sold flats (Sweden)",
    ),
    scaled(
        "Capacitance",
        "0.1 µF|10 µF|1 µF|100 pF|4.7 µF|1000 pF|22 pF|0.01 µF|2.2 µF|18 pF",
        (0.1, 10, 1, 1e-4, 4.7, 1e-3, 2.2e-5, 0.01, 2.2, 1.8e-5),
        (1.0, 1e-6, 1e3, 1e6),
        "DigiKey ceramic capacitors",
    ),
    spelled(
        "Voltage - Rated",
        "50V|16V|25V|6.3V|10V|100V|50V|250V|2.5V|630V",
        (50, 16, 25, 6.3, 10, 100, 50, 250, 2.5, 630),
        "DigiKey ceramic capacitors",
    ),
    spelled(
        "Glucose",
        "7.2 mmol/L|5.1 mmol/L|4.8 mmol/L|11.6 mmol/L|6.0 mmol/L|5.5 mmol/L|haemolysed|9.3 mmol/L|4.4 mmol/L",
        (7.2, 5.1, 4.8, 11.6, 6, 5.5, MISSING, 9.3, 4.4),
        "hospital laboratory, unit in the result",
    ),
    spelled(
        "CRP",
        "<5|12|<5|48|156|<5|7|23|<5|9",
        (5, 12, 5, 48, 156, 5, 7, 23, 5, 9),
        "hospital laboratory: below the limit",
        is_open=True,
    ),
    spelled(
        "Denominator",
        "1,234|688|Not Available|95|2,410|Not Available|310|1,077|412|Not Available|56",
        (1234, 688, MISSING, 95, 2410, MISSING, 310, 1077, 412, MISSING, 56),
        "CMS Payment and Value of Care, hospitals",
    ),
)
