"""A sixth look: columns by new hands, the codes, names and ranges that nobody may take for numbers."""

from __future__ import annotations

from benchmarks._others_numbers import no_number

SIXTH_CODES = (
    no_number(
        "Telefon",
        "+49 30 12345|089/45678|0171 2345678|+43 1 5871234|040-3344556|(0221) 998877|+41 44 2011010|0341 998",
        "German customer list, phone numbers as each customer wrote them.",
    ),
    no_number(
        "ZIP",
        "02139|10001|94105-1234|60614|00501|33139|07030|98101|73301-0001|04101",
        "US mailing list with leading zeros and ZIP+4.",
    ),
    no_number(
        "Sort Code",
        "20-45-53|40-12-08|09-01-28|30-98-76|60-83-71|11-05-42|77-30-19|04-00-04",
        "British payee list exported from online banking.",
    ),
    no_number(
        "Departure",
        "14:35|06:10|23:55|00:20|09:05|17:45|12:00|20:15|05:30|18:40",
        "Timetable with clock times.",
    ),
    no_number(
        "Android Ver",
        "4.0.3 and up|4.2 and up|4.4 and up|2.3 and up|Varies with device|5.0 and up|4.1 and up|2.3.3 and up"
        "|1.5 and up|7.0 - 7.1.1",
        "Google Play Store table, lowest system version.",
    ),
    no_number(
        "Salary Estimate",
        "$53K-$91K (Glassdoor est.)|$63K-$112K (Glassdoor est.)|$80K-$90K (Glassdoor est.)"
        "|$56K-$97K (Glassdoor est.)|$86K-$143K (Glassdoor est.)|$71K-$119K (Glassdoor est.)"
        "|$54K-$93K (Glassdoor est.)|$38K-$84K (Glassdoor est.)",
        "Glassdoor job-ad scrape with ranges.",
    ),
    no_number(
        "Package dimensions",
        "30 x 20 x 15 cm|45 x 32 x 10 cm|120 x 80 x 144 cm|12.5 x 8 x 3 cm|60 x 40 x 40 cm|22 x 16 x 5 cm"
        "|100 x 60 x 75 cm|35 x 25 x 2.5 cm",
        "Shop catalogue, three lengths in one cell.",
    ),
    no_number(
        "Model",
        "Galaxy S21|iPhone 13|Redmi Note 10|Pixel 6a|3310|Moto G9|OnePlus 9|Nokia 5.4|P30 Lite|Xperia 1 III",
        "Phone-spec table, model names with digits.",
    ),
    no_number(
        "Address",
        "12 High Street|221B Baker Street|5 Rue de Rivoli|Flat 3, 14 Park Rd|16 Station Road|7 Mill Lane"
        "|88 King St|10 Downing St",
        "Property register.",
    ),
    no_number(
        "Note Mathe",
        "2+|3-|1|2-|4+|3|1-|2|5+|3+|4-|2",
        "German class list, school grades with tendency signs behind them.",
    ),
    no_number(
        "Season",
        "2019/20|2018/19|2020/21|2016/17|2021/22|2015/16|2017/18|2022/23|1999/00",
        "Football results archive.",
    ),
    no_number(
        "Position",
        "chr7:55249071|chr17:7577120|chrX:153296777|chr1:115256529|chr12:25398284|chr3:178936091|chr9:5073770"
        "|chr13:28592642",
        "Variant list of a sequencing laboratory.",
    ),
    no_number(
        "Größe",
        "S|M|38|XL|42|L|XXL|40|3XL|M|36|44",
        "Clothing shop's stock list with letter and figure sizes.",
    ),
    no_number(
        "filename",
        "IMG_20230412.jpg|IMG_42.jpg|DSC018.JPG|00123.png|scan-07.tif|20210704_181503.jpg|P1000345.RW2|7.jpg",
        "Image annotation list.",
    ),
    no_number(
        "company_size",
        "51-200|1,001-5,000|11-50|10,001+|201-500|501-1,000|2-10|5,001-10,000|51-200|11-50",
        "LinkedIn company scrape, classes of head count.",
    ),
    no_number(
        "HS Code",
        "8517.12.00|0901.21.00|8703.23.19|6109.10.00|3004.90.99|0203.29.55|9403.60.10|2204.21.42|8471.30.00",
        "Customs declaration list.",
    ),
    no_number(
        "Result",
        "2-1|0-0|3-2|1-1|4-0|0-2|1-3|2-2|5-1|0-1|1-0|3-3",
        "Football results with scores.",
    ),
    no_number(
        "Doors",
        "04-May|04-May|02-Mar|>5|04-May|02-Mar|04-May|>5|04-May|02-Mar",
        "Kaggle car-price table, door classes that Excel turned to dates.",
    ),
    no_number(
        "torque",
        "190Nm@ 2000rpm|250Nm@ 1500-2500rpm|12.7@ 2,700(kgm@ rpm)|22.4 kgm at 1750-2750rpm|113.75nm@ 4000rpm"
        "|200Nm@ 1750rpm|90Nm@ 3500rpm|59Nm@ 2500rpm",
        "CarDekho table, torque and engine speed in one cell.",
    ),
    no_number(
        "Memory",
        "128GB SSD|256GB SSD|512GB SSD|500GB HDD|128GB SSD +  1TB HDD|32GB Flash Storage|1TB HDD"
        "|256GB SSD +  2TB HDD|64GB Flash Storage|256GB SSD +  256GB SSD",
        "Kaggle laptop table, kinds of storage and sums of two disks.",
    ),
    no_number(
        "BP",
        "120/80|135/88|142/95|118/76|110/70|128/84|160/100|125/79|131/85|115/72",
        "Clinic record with systolic and diastolic pressure in one cell.",
    ),
    no_number(
        "flight",
        "6E 2045|UA 1234|6E 171|BA 283|AI 440|LH 400|9W 2374|UK 995|6E 5313|G8 119",
        "Indian airline fare scrape with flight numbers.",
    ),
    no_number(
        "CNPJ",
        "12.345.678/0001-95|00.000.000/0001-91|33.000.167/0001-01|60.746.948/0001-12|33.592.510/0001-54"
        "|07.526.557/0001-00|02.558.157/0001-62|47.960.950/0001-21",
        "Brazilian supplier register.",
    ),
    no_number(
        "間取り",
        "1K|2LDK|1DK|3LDK|1K|1R|2DK|1LDK|4LDK|2K|1K|3DK",
        "Japanese rental portal, flat layouts.",
    ),
    no_number(
        "duration",
        "90 min|2 Seasons|1 Season|91 min|125 min|9 Seasons|104 min|1 Season|127 min|4 Seasons|67 min",
        "Netflix titles table, minutes of films and seasons of series.",
    ),
)
