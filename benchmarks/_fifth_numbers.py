"""A fifth look: columns by new hands who know exports of many countries and trades, blind to the importer.

Money and codes stand here, quantities in ``_fifth_numbers_units``; all was decided before any run.
"""

# ruff: noqa: RUF001
from __future__ import annotations

from benchmarks._fifth_numbers_units import FIFTH_UNITS, scaled
from benchmarks._others_numbers import MISSING, OthersNumber, french, german, no_number, number, spelled, us

__all__ = ["FIFTH_CODES", "FIFTH_MONEY", "FIFTH_UNITS"]

NA = MISSING
SUMS = (1234.5, 19.99, 7.25, 48210.0, 350.75, 2999.95, 0.99, 120.0, 66420.18, 1800.0)
SIGNED_SUMS = (1234.5, -19.99, 7.25, -48210.0, 350.75, -2999.95, 0.99, -15.4, 66420.18, 1800.0)

# fmt: off
FIFTH_MONEY: tuple[OthersNumber, ...] = (
    # --- plain amounts
    number("Unit Price", us, SUMS, "English marks, no currency."),
    number("Saldo", german, SIGNED_SUMS, "German marks, no currency."),
    number("Solde", french, SIGNED_SUMS, "French marks with narrow spaces."),
    spelled("price", "1234.5|19.99|NULL|48210|350.75|-2999.95|0.99|NULL|120|66420.18",
            (1234.5, 19.99, NA, 48210, 350.75, -2999.95, 0.99, NA, 120, 66420.18), "A database writes NULL."),
    spelled("Betrag", "1234,50|-19,99||48210,00|350,75|-2999,95|0,99|120,00||66420,18",
            (1234.5, -19.99, NA, 48210, 350.75, -2999.95, 0.99, 120, NA, 66420.18),
            "Bank CSV, some cells empty."),
    # --- dollars, pounds, euros
    number("Amount", lambda v: f"{'-' if v < 0 else ''}${us(abs(v))}", SIGNED_SUMS,
           "Minus before the dollar."),
    number("Umsatz EUR", lambda v: f"{german(v)} €", SIGNED_SUMS, "German euros behind."),
    number("Montant TTC", lambda v: f"{french(v, space=' ')}\u00a0€", SUMS,
           "French euros with plain spaces."),
    spelled("Price", "£12.99|£1,299.00|Out of stock|£7.50|£349|£0.99|Out of stock|£85.25|£2,150.00",
            (12.99, 1299, NA, 7.5, 349, 0.99, NA, 85.25, 2150),
            "A scraped shop has no price when out of stock."),
    spelled("Importo", "€ 1.234,50|€ 19,99|n.d.|€ 48.210,00|€ 7,25|€ -350,75|n.d.|€ 120,00|€ 2.999,95",
            (1234.5, 19.99, NA, 48210, 7.25, -350.75, NA, 120, 2999.95), "Italian; n.d. is not available."),
    spelled("Importe", "1.234,50 €|19,99 €|s/d|48.210,00 €|N/D|-350,75 €|7,25 €|120,00 €|2.999,95 €",
            (1234.5, 19.99, NA, 48210, NA, -350.75, 7.25, 120, 2999.95), "Spanish; s/d and N/D are no data."),
    spelled("Vraagprijs", "€ 325.000,-|€ 1.250.000,-|€ 89.500,-|€ 449.000,-|€ 27.500,-|€ 610.000,-|"
            "€ 198.750,-|"
            "Prijs op aanvraag",
            (325000, 1250000, 89500, 449000, 27500, 610000, 198750, NA),
            "Dutch houses: a dash for no cents."),
    spelled("List price", "$450,000|$1,250,000|POA|$389,900|$725,500|POA|$2,100,000|$98,000|$310,250",
            (450000, 1250000, NA, 389900, 725500, NA, 2100000, 98000, 310250), "POA: price on application."),
    spelled("Debit/Credit", "+1.234,56|-12,00|+0,45|-2.310,99|-89,90|+15.000,00|-7,25|+310,10|-1.050,00",
            (1234.56, -12, 0.45, -2310.99, -89.9, 15000, -7.25, 310.1, -1050), "A bank signs both ways."),
    # --- negative styles
    spelled("Net income", "12,450.00|(1,234.50)|980.25|(45.00)|7,310.10|(0.99)|(22,108.40)|5,005.00|64.75",
            (12450, -1234.5, 980.25, -45, 7310.1, -0.99, -22108.4, 5005, 64.75), "Brackets are below zero."),
    spelled("Balance", " $ 1,234.56 | $ (45.00)| $ -   | $ 12,999.00 | $ (1,250.75)| $ 88.40 |"
            " $ -   | $ 310.00 ",
            (1234.56, -45, 0, 12999, -1250.75, 88.4, 0, 310), "Excel's accounting format: a dash is zero."),
    spelled("Variance", "$1,200|($350)|$45|($12,010)|$0|($7)|$98,400|($1,115)|$630",
            (1200, -350, 45, -12010, 0, -7, 98400, -1115, 630), "Dollars in brackets are below zero."),
    spelled("Betrag in HW", "1.234,56|12,00-|980,45|2.310,99-|89,90-|15.000,00|7,25-|310,10|1.050,00-",
            (1234.56, -12, 980.45, -2310.99, -89.9, 15000, -7.25, 310.1, -1050), "SAP's minus trails."),
    spelled("Belopp", "\u22121 234,00|250,50|\u221289,90|12 000,00|\u22127,25|310,10|\u2212450,00|1 050,00",
            (-1234, 250.5, -89.9, 12000, -7.25, 310.1, -450, 1050), "A Swedish bank's true minus."),
    spelled("Running balance", "1,234.50 CR|12.00 DR|980.45 CR|2,310.99 DR|89.90 DR|15,000.00 CR|"
            "7.25 CR|310.10 DR",
            (1234.5, -12, 980.45, -2310.99, -89.9, 15000, 7.25, -310.1), "Overdrawn is DR.", is_open=True),
    spelled("Umsatz", "1.234,50 H|12,00 S|980,45 H|2.310,99 S|89,90 S|15.000,00 H|7,25 S|310,10 H",
            (1234.5, -12, 980.45, -2310.99, -89.9, 15000, -7.25, 310.1),
            "Soll leaves, Haben comes.", is_open=True),
    # --- currencies of many countries
    spelled("Preis CHF", "CHF 1'234.50|CHF 45.00|CHF 12'900.00|CHF 0.95|CHF 310.\u2013|"
            "CHF 1'050.\u2013|CHF 7.25|"
            "CHF 88.40",
            (1234.5, 45, 12900, 0.95, 310, 1050, 7.25, 88.4), "Swiss apostrophe; a dash for no centimes."),
    spelled("MRP", "₹1,23,456.00|₹499.00|₹12,999.00|₹1,05,000.50|₹45.00|₹2,340.00|₹10,00,000.00|₹750.25",
            (123456, 499, 12999, 105000.5, 45, 2340, 1000000, 750.25), "Rupees group by lakh."),
    spelled("Valor", "R$ 1.234,50|R$ 19,99|-R$ 48.210,00|R$ 7,25|R$ 350,75|-R$ 12,40|R$ 120,00|R$ 2.999,95",
            (1234.5, 19.99, -48210, 7.25, 350.75, -12.4, 120, 2999.95), "Brazilian reais."),
    spelled("Pris", "1 234 kr|199:-|89,90 kr|12 500 kr|49:-|2 495:-|349 kr|7,50 kr|1 099:-",
            (1234, 199, 89.9, 12500, 49, 2495, 349, 7.5, 1099), "Swedish shops write :- for kronor."),
    spelled("Beløb", "kr. 1.234,50|kr. 19,95|kr. -250,00|kr. 48.210,00|kr. 7,25|kr. 350,75|"
            "kr. 120,00|kr. 2.999,95",
            (1234.5, 19.95, -250, 48210, 7.25, 350.75, 120, 2999.95), "Danish kroner before; their dot too."),
    spelled("Cena", "1 234,50 zł|19,99 zł|48 210,00 zł|7,25 zł|350,75 zł|brak|120,00 zł|2 999,95 zł",
            (1234.5, 19.99, 48210, 7.25, 350.75, NA, 120, 2999.95), "Polish zlotys; brak is none."),
    spelled("Cena s DPH", "1 234 Kč|249,- Kč|89,90 Kč|12 990 Kč|49 Kč|2 495,- Kč|349 Kč|1 099,50 Kč",
            (1234, 249, 89.9, 12990, 49, 2495, 349, 1099.5), "Czech crowns, some with a dash for hellers."),
    spelled("Сумма", "1 234,50 ₽|19,99 ₽|48 210,00 руб.|7,25 ₽|350,75 руб.|120 ₽|2 999,95 ₽|66 420,18 руб.",
            (1234.5, 19.99, 48210, 7.25, 350.75, 120, 2999.95, 66420.18), "Roubles by sign and by word."),
    spelled("Harga", "Rp 1.250.000|Rp 45.000|Rp 12.500|Rp 899.000|Rp 7.500.000|Rp 150.000|Rp 2.000|"
            "Rp 330.500",
            (1250000, 45000, 12500, 899000, 7500000, 150000, 2000, 330500), "Rupiah: dots group, no cents."),
    spelled("価格", "1,234円|980円|12,800円|398円|105,000円|2,480円|59円|7,150円",
            (1234, 980, 12800, 398, 105000, 2480, 59, 7150), "Yen behind."),
    scaled("販売価格", "3,480万円|980万円|1億2,000万円|5,250万円|2億円|1,190万円|6,800万円|1億500万円",
           (34.8e6, 9.8e6, 120e6, 52.5e6, 200e6, 11.9e6, 68e6, 105e6), (1.0, 1e-4),
           "Japanese flats in 万 and 億."),
    spelled("المبلغ", "١٬٢٣٤٫٥٠ ر.س|١٩٫٩٩ ر.س|٤٨٬٢١٠٫٠٠ ر.س|٧٫٢٥ ر.س|٣٥٠٫٧٥ ر.س|١٢٠٫٠٠ ر.س|"
            "٢٬٩٩٩٫٩٥ ر.س|٠٫٩٩ ر.س",
            (1234.5, 19.99, 48210, 7.25, 350.75, 120, 2999.95, 0.99), "Saudi riyals in Arabic digits."),
    spelled("Invoice total", "USD 1,234.50|USD 19.99|USD 48,210.00|USD 7.25|USD -350.75|USD 120.00|"
            "USD 2,999.95|"
            "USD 0.99",
            (1234.5, 19.99, 48210, 7.25, -350.75, 120, 2999.95, 0.99), "A currency's code before."),
    # --- multipliers and rates
    scaled("Revenue", "$1.2M|$850K|$3.4B|$12M|$640.5K|N/A|$2.75B|$98K|$0.5M",
           (1.2e6, 850e3, 3.4e9, 12e6, 640.5e3, NA, 2.75e9, 98e3, 0.5e6), (1.0, 1e-3, 1e-6, 1e-9),
           "K, M, B."),
    scaled("Jahresumsatz", "1,2 Mio. €|850 Tsd. €|3,4 Mrd. €|12 Mio. €|640,5 Tsd. €|k. A.|"
           "2,75 Mrd. €|98 Tsd. €",
           (1.2e6, 850e3, 3.4e9, 12e6, 640.5e3, NA, 2.75e9, 98e3), (1.0, 1e-3, 1e-6, 1e-9),
           "Tsd., Mio., Mrd."),
    scaled("Salary", "£32,500 p.a.|£28k|£45,000 per annum|£61k|£24,750 p.a.|£38.5k|£52,000 p.a.|"
           "£19,900 per annum",
           (32500, 28000, 45000, 61000, 24750, 38500, 52000, 19900), (1.0, 1e-3, 1 / 12), "All are yearly."),
    scaled("Arbeitspreis", "32,45 ct/kWh|28,9 ct/kWh|31,07 ct/kWh|9,5 ct/kWh|40,12 ct/kWh|27 ct/kWh|"
           "35,6 ct/kWh|"
           "30,99 ct/kWh",
           (32.45, 28.9, 31.07, 9.5, 40.12, 27, 35.6, 30.99), (1.0, 0.01),
           "An energy bill's cents for a kWh."),
    spelled("Budget", "ca. 450 €|~ 1.200 €|800 €|rund 2.500 €|ca. 90 €|350 €|~ 75 €|etwa 12.000 €|620 €",
            (450, 1200, 800, 2500, 90, 350, 75, 12000, 620), "Rough sums; a text is fair too.", is_open=True),
)

FIFTH_CODES: tuple[OthersNumber, ...] = (
    no_number("Customer No", "00123|00045|10987|00230|04410|00007|12056|00981|03345|00012",
              "Customers' ids keep their zeros."),
    no_number("ZIP", "02134|10001|60614|07030|94110|00501|33139|02139|85001", "American ZIP codes."),
    no_number("PLZ", "01067|10115|80331|04109|20095|99084|06108|50667|03046", "German postcodes."),
    no_number("Telefon", "+49 30 901820|+49 89 2180-0|+49 40 428280|+49 221 4700|+49 69 798-0|+49 711 6850|"
              "+49 351 4630|+49 341 9730", "Telephones."),
    no_number("Phone", "(555) 123-4567|(212) 555-0198|(415) 555-0132|(617) 555-0110|(305) 555-0177|"
              "(702) 555-0144|"
              "(503) 555-0101|(206) 555-0155", "American telephones in brackets."),
    no_number("Version", "1.2.3|1.2.10|2.0.0|2.1|10.4.1|3.0.0-rc1|1.9.12|4.0|2.2.7", "Versions of software."),
    no_number("Opens", "08:30|09:00|10:15|07:45|12:00|08:00|09:30|11:00|13:45", "Times of day."),
    no_number("Heure", "8h30|14h00|9h15|17h45|12h00|20h30|7h50|10h00", "French times of day."),
    no_number("Age group", "0-4|5-9|10-14|15-19|20-24|25-29|30-34|65+|80+", "Bands of age."),
    no_number("Salary range", "$45,000 - $60,000|$30,000 - $38,500|$80,000 - $95,000|$52,000 - $70,000|"
              "$120,000 - $150,000|$28,000 - $33,000|$61,000 - $72,500|$40,000 - $55,000", "Ranges of pay."),
    no_number("Dimensions", "10 x 20 x 30 cm|15 x 15 x 8 cm|120 x 80 x 75 cm|5 x 5 x 5 cm|42 x 30 x 2 cm|"
              "60 x 40 x 40 cm|33 x 24 x 12 cm|9.5 x 6 x 1.2 cm", "Three lengths in each."),
    no_number("BP", "120/80|135/85|118/76|142/91|128/82|110/70|151/95|"
              "125/79", "Blood pressure is two numbers."),
    no_number("Ergebnis", "3:1|0:0|2:2|1:4|5:0|2:1|0:3|1:1|10:0", "Scores of football."),
    no_number("Record", "12-4|9-7|3-13|10-6|7-9|14-2|8-8|5-11|11-5", "Wins and losses."),
    no_number("Datum", "12.03.2024|01.11.2023|28.02.2024|15.07.2022|09.09.2023|31.12.2024|"
              "04.05.2023|17.10.2022",
              "German dates."),
    no_number("Saison", "2019/20|2020/21|2018/19|2021/22|2022/23|2017/18|2023/24|2016/17", "Seasons."),
    no_number("IP", "192.168.0.1|10.0.0.12|172.16.4.20|8.8.8.8|192.168.1.254|10.1.2.3|127.0.0.1|172.20.0.5",
              "Addresses of machines."),
    no_number("SIREN", "552 100 554|383 474 814|542 051 180|775 670 417|402 207 153|572 015 246|632 012 100|"
              "493 455 042", "French companies' ids only look grouped."),
    no_number("ISBN", "978-3-16-148410-0|978-0-306-40615-7|978-1-4028-9462-6|978-3-446-19313-8|"
              "978-0-14-044913-6|"
              "978-2-07-036822-8|978-3-499-62600-5|0-19-852663-6", "Books."),
    no_number("HS code", "8471.30.00|0901.21.00|8703.23.10|6109.10.00|3004.90.92|0402.10.11|"
              "9403.60.90|8517.13.00",
              "Customs tariff in freight."),
    no_number("NACE", "01.11|10.71|47.11|62.01|56.10|01.50|85.20|08.12|46.90|10.20", "Trades, zeros matter."),
    no_number("Hausnr.", "12|12a|7|103 b|5-7|44|18c|1/2|29", "House numbers."),
    no_number("Article", "4711-23|4711-24|0815-01|3300-10|3301-02|9120-77|0816-05|4712-00", "Article codes."),
    no_number("Tyre", "205/55 R16|195/65 R15|225/45 R17|175/70 R13|235/35 R19|215/60 R16|185/60 R14|"
              "255/40 R18",
              "Sizes of tyres."),
    no_number("Coordinates", "48.8566, 2.3522|51.5074, -0.1278|40.7128, -74.0060|52.5200, 13.4050|"
              "41.9028, 12.4964|"
              "59.3293, 18.0686|38.7223, -9.1393|47.3769, 8.5417", "A pair in each."),
)
