"""An eighth look: columns by new hands, of the same files, which hold digits and are no numbers."""

# ruff: noqa: RUF001
from __future__ import annotations

from benchmarks._others_numbers import OthersNumber, no_number

EIGHTH_CODES: tuple[OthersNumber, ...] = (
    no_number(
        "Current Ver",
        "1.0.0|2.0.0|1.2.4|Varies with device|1.1|6.1.61.1|2.9.2|2.8|1.0.4|3.8|1.1.02|4.2.1",
        "Google Play Store apps",
    ),
    no_number(
        "LS",
        "88+2|91+3|84+3|72+2|82+3|80+3|87+5|79+1|63+2|77+3",
        "FIFA 19: rating at a position and what form adds",
    ),
    no_number(
        "zip_code",
        "860xx|309xx|606xx|917xx|972xx|852xx|280xx|900xx|958xx|774xx",
        "Lending Club loans",
    ),
    no_number("sub_grade", "B2|C4|C5|C1|B5|A4|E1|F2|D1|G3|A1", "Lending Club loans"),
    no_number(
        "torque",
        "190Nm@ 2000rpm|250Nm@ 1500-2500rpm|12.7@ 2,700(kgm@ rpm)|22.4 kgm at 1750-2750rpm"
        "|11.5@ 4,500(kgm@ rpm)|113.75nm@ 4000rpm|7.8@ 4,500(kgm@ rpm)|59Nm@ 2500rpm|170Nm@ 1800-2400rpm",
        "CarDekho: torque and its speed together",
    ),
    no_number(
        "Time",
        "18.00.00|19.00.00|20.00.00|21.00.00|22.00.00|23.00.00|00.00.00|01.00.00|02.00.00|03.00.00",
        "UCI Air Quality: clock times with points",
    ),
    no_number(
        "Kontonummer/IBAN",
        "DE89370400440532013000|DE12500105170648489890|DE75512108001245126199|DE02120300000000202051"
        "|AT611904300234573201|DE91100000000123456789|DE27100777770209299700|NL91ABNA0417164300",
        "Sparkasse CAMT export",
    ),
    no_number(
        "Phone",
        "(555) 123-4567|(415) 555-0132|(650) 555-3311|(408) 555-0199|(212) 555-7788|(555) 908-1200"
        "|(707) 555-4477|(510) 555-2040",
        "QuickBooks customer contact list",
    ),
    no_number(
        "Account",
        "4000 · Sales|4100 · Services|5000 · Cost of Goods Sold|6010 · Rent|6020 · Utilities"
        "|6110 · Office Supplies|6200 · Payroll|7000 · Interest Income|6300 · Insurance",
        "QuickBooks profit and loss",
    ),
    no_number(
        "GEO_ID",
        "0500000US01001|0500000US01003|0500000US01005|0500000US06037|0500000US17031|0500000US36061"
        "|0500000US48201|0500000US53033",
        "US Census ACS table",
    ),
    no_number(
        "TIME_PERIOD",
        "2019-Q1|2019-Q2|2019-Q3|2019-Q4|2020-Q1|2020-Q2|2020-Q3|2020-Q4|2021-Q1",
        "Eurostat quarterly table",
    ),
    no_number(
        "ADDRESS",
        "153 AVENUE B|234 EAST 4TH STREET|197 EAST 3RD STREET|154 EAST 7TH STREET|301 EAST 10TH STREET"
        "|516 EAST 12TH STREET|210 AVENUE B|520 EAST 14TH STREET",
        "NYC rolling sales",
    ),
    no_number(
        "Supplier Postcode",
        "SW1A 2HQ|M1 4BT|LS11 5DR|EC2V 7RS|B3 2DL|CF10 3NQ|G2 8LH|NE1 6AE|BS1 6PN",
        "UK department spend over 25,000 pounds",
    ),
    no_number(
        "Code commune",
        "01004|01033|02691|2A004|2B033|13055|31555|59350|69123|75056|97411",
        "INSEE communes",
    ),
    no_number(
        "CNPJ",
        "00.000.000/0001-91|33.000.167/0001-01|60.746.948/0001-12|33.592.510/0001-54|02.558.157/0001-62"
        "|47.508.411/0001-56|61.186.680/0001-74|07.526.557/0001-00",
        "Portal da Transparência, suppliers",
    ),
    no_number(
        "AGERANGE",
        "11-18|3-11|4-11|11-16|2-19|7-11|16-19|5-7|3-18|11-18|13-19",
        "UK school performance tables",
    ),
    no_number(
        "Reference Range",
        "3.5-5.1|135-145|0.40-4.00|<5.0|60-110|4.0-11.0|130-180|2.15-2.55|>60|150-400",
        "hospital laboratory export",
    ),
    no_number(
        "ScreenResolution",
        "2560x1600|1440x900|1920x1080|2880x1800|1366x768|1920x1080|3840x2160|1600x900|2256x1504",
        "laptop prices",
    ),
    no_number(
        "年齢階級",
        "0～4歳|5～9歳|10～14歳|15～19歳|20～24歳|25～29歳|30～34歳|35～39歳|85歳以上",
        "e-Stat population census",
    ),
    no_number(
        "户型",
        "3室2厅1厨1卫|2室1厅1厨1卫|1室1厅1厨1卫|4室2厅1厨2卫|2室2厅1厨1卫|3室1厅1厨1卫|1室0厅1厨1卫|5室2厅1厨3卫",
        "Lianjia: rooms, halls, kitchens, baths",
    ),
    no_number(
        "Артикул",
        "00-00001234|00-00001235|00-00001301|00-00002017|00-00000045|00-00009810|00-00001700|00-00003122",
        "1C price list",
    ),
    no_number(
        "Package / Case",
        "0805 (2012 Metric)|0603 (1608 Metric)|0402 (1005 Metric)|1206 (3216 Metric)|0805 (2012 Metric)"
        "|2512 (6332 Metric)|0201 (0603 Metric)|0603 (1608 Metric)",
        "DigiKey chip resistors",
    ),
    no_number(
        "Operating Temperature",
        "-55°C ~ 155°C|-55°C ~ 125°C|-55°C ~ 155°C|-55°C ~ 175°C|-40°C ~ 125°C|-65°C ~ 155°C"
        "|-55°C ~ 155°C"
        "|-55°C ~ 170°C",
        "DigiKey chip resistors",
    ),
    no_number(
        "API Name",
        "t3.micro|m5.large|c5.2xlarge|r5.24xlarge|t2.nano|p3.16xlarge|i3.metal|m6g.medium|x1e.32xlarge",
        "ec2instances.info export",
    ),
)
