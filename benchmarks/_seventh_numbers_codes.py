"""A seventh look: columns by new hands, with digits that are no number."""

# ruff: noqa: RUF001
from __future__ import annotations

from benchmarks._others_numbers import OthersNumber, no_number

SEVENTH_CODES: tuple[OthersNumber, ...] = (
    no_number(
        "Current Ver",
        "1.0.0|2.0.0|1.2.4|Varies with device|1.1|6.1.61.1|2.9.2|1.0.15|3.8|7.24.1",
        "googleplaystore.csv: versions",
    ),
    no_number(
        "zip_code",
        "190xx|577xx|605xx|076xx|174xx|300xx|550xx|293xx|160xx|029xx",
        "Lending Club loans: the first three digits of a ZIP code",
    ),
    no_number(
        "phone",
        "080 42297555|080 41714161|+91 9663487993|+91 9620009302|+91 8026612447|080 25117373|"
        "+91 9901210005|080 40975757",
        "Zomato Bangalore restaurants",
    ),
    no_number(
        "Schlüsselnummer",
        "01001|01002|01003|01051|02000|03101|05111|06412|08111|09162|11000|14612",
        "Destatis Gemeindeverzeichnis: the key of a district, its zero in front",
    ),
    no_number(
        "Code departement",
        "01|02|06|13|2A|2B|33|59|69|75|971|974",
        "Demandes de valeurs foncières: Corsica shows that it is a code",
    ),
    no_number(
        "Supplier Postcode",
        "SW1A 2AA|M1 4BT|LS9 8AG|EC2V 7HN|B4 6AT|CF10 3NQ|G2 8LU|NE1 4LP|BS1 6EH|OX1 2JD",
        "UK department, spend over £25,000",
    ),
    no_number(
        "GEO_ID",
        "0500000US01001|0500000US01003|0500000US01005|0500000US01007|0500000US01009|0500000US01011|"
        "0500000US06037|0500000US36061",
        "ACS tables, data.census.gov",
    ),
    no_number(
        "MonitoringLocationIdentifier",
        "USGS-01646500|USGS-01463500|21FLEECO-28020063|USGS-05420500|11NPSWRD-ROMO_01|USGS-07022000|"
        "MNPCA-S000-051|USGS-14211720",
        "Water Quality Portal stations",
    ),
    no_number(
        "Ref No./Cheque No.",
        "TRANSFER TO 4897691162094|TRANSFER FROM 3199410044307|ATM WDL 2210|TRANSFER TO 4897733162092|"
        "CASH DEPOSIT SELF|TRANSFER FROM 4697155162098|/ 581022|TRANSFER TO 3199677044309",
        "State Bank of India account statement",
    ),
    no_number(
        "ScreenResolution",
        "1366x768|1920x1080|2560x1600|1440x900|1920x1080|3840x2160|3200x1800|1600x900|2736x1824",
        "laptop_price.csv: pixels across and down",
    ),
    no_number(
        "Cpu",
        "Intel Core i5 2.3GHz|Intel Core i7 2.7GHz|AMD A9-Series 9420 3GHz|Intel Core i3 6006U 2GHz|"
        "Intel Core M m3 1.2GHz|Intel Celeron Dual Core N3350 1.1GHz|Intel Core i7 8550U 1.8GHz|"
        "AMD Ryzen 1700 3GHz",
        "laptop_price.csv: names of processors",
    ),
    no_number(
        "CNPJ Favorecido",
        "00.000.000/0001-91|33.000.167/0001-01|60.746.948/0001-12|00.360.305/0001-04|34.028.316/0001-03|"
        "02.558.157/0001-62|40.432.544/0001-47|76.535.764/0001-43",
        "Portal da Transparência: Brazilian company numbers",
    ),
    no_number(
        "Артикул",
        "00-00000123|00-00000124|БП-000017|00-00000311|А-2045/1|00-00000098|БП-000230|00-00000402",
        "1С:Предприятие, goods",
    ),
    no_number(
        "户型",
        "2室1厅|3室1厅|1室1厅|3室2厅|4室2厅|2室2厅|1室0厅|2室1厅|5室3厅",
        "Lianjia: rooms and halls of a flat",
    ),
    no_number(
        "Material",
        "000000000010023456|000000000010023457|000000000010023511|000000000010100002|000000000020004410|"
        "000000000020004411|000000000030000087|000000000030000112",
        "SAP MARA extract: material numbers of 18 places",
    ),
    no_number(
        "Season",
        "1996-97|1999-00|2003-04|2009-10|2012-13|2015-16|2018-19|2019-20|2020-21|2021-22",
        "NBA all_seasons.csv",
    ),
    no_number(
        "Result",
        "W 112-104|L 98-101|W 121-117|W 105-89|L 110-124|L 96-99|W 130-128|L 87-107",
        "NBA game log: won or lost, and both scores",
    ),
    no_number(
        "READY",
        "1/1|1/1|2/2|0/1|1/1|3/3|1/2|1/1|2/2|0/1",
        "kubectl get pods: containers ready of containers wanted",
    ),
    no_number(
        "Erstzulassung",
        "03/2017|11/2019|06/2012|09/2021|01/2008|05/2016|12/2018|07/2014|02/2020",
        "mobile.de: month of first registration",
    ),
    no_number(
        "Package / Case",
        "0603 (1608 Metric)|0402 (1005 Metric)|0805 (2012 Metric)|0603 (1608 Metric)|1206 (3216 Metric)|"
        "0201 (0603 Metric)|1210 (3225 Metric)|Radial",
        "DigiKey capacitors: names of sizes",
    ),
    no_number(
        "Blood pressure",
        "120/80|135/85|118/76|142/91|110/70|128/82|155/98|124/79|131/88",
        "hospital ward export: two pressures a cell",
    ),
    no_number(
        "Reference range",
        "3.5 - 5.1|135 - 145|0.7 - 1.2|4.0 - 11.0|150 - 400|2.2 - 2.6|< 5|13.0 - 17.0",
        "hospital laboratory: ranges",
    ),
    no_number(
        "번지",
        "511|189-1|12-34|1025-3|702|66-12|316|985-14|27-5|1357-20",
        "국토교통부 아파트 실거래가: lot and sub-lot of an address",
    ),
)
