"""Real tables that judge the checks and were chosen by other hands than the checks'.

None of them is a table of ``_frozen_tables``, ``_flexible_tables``, ``_quality_tables``, ``_checks_tables``.
They were chosen by the names of their columns and their shape alone, by somebody who had not read a check,
and are given as they come: 300 rows or more, of which 5,000 at most are drawn at random.
"""

from __future__ import annotations

from benchmarks._frozen_tables import FrozenTable

OTHERS_TABLES = (
    FrozenTable("AER", "CreditCard", "card", "classes"),
    FrozenTable("AER", "HousePrices", "price", "numbers"),
    FrozenTable("carData", "BEPS", "vote", "classes"),
    FrozenTable("carData", "Chile", "vote", "classes"),
    FrozenTable("carData", "WVS", "poverty", "classes"),
    FrozenTable("causaldata", "adult_services", "lnw", "numbers"),
    FrozenTable("causaldata", "nhefs", "qsmk", "classes"),
    FrozenTable("causaldata", "social_insure", "takeup_survey", "classes"),
    FrozenTable("COUNT", "medpar", "died", "classes"),
    FrozenTable("COUNT", "mdvis", "numvisit", "numbers"),
    FrozenTable("crch", "RainIbk", "rain", "numbers"),
    FrozenTable("Ecdat", "Benefits", "ui", "classes"),
    FrozenTable("Ecdat", "BudgetItaly", "wfood", "numbers"),
    FrozenTable("Ecdat", "Males", "wage", "numbers"),
    FrozenTable("Ecdat", "MedExp", "med", "numbers"),
    FrozenTable("Ecdat", "Workinghours", "hours", "numbers"),
    FrozenTable("geepack", "dietox", "Weight", "numbers"),
    FrozenTable("gt", "metro", "passengers", "numbers"),
    FrozenTable("HistData", "GaltonFamilies", "childHeight", "numbers"),
    FrozenTable("ISLR", "Carseats", "Sales", "numbers"),
    FrozenTable("MASS", "nlschools", "lang", "numbers"),
    FrozenTable("medicaldata", "indo_rct", "outcome", "classes"),
    FrozenTable("mlmRev", "bdf", "langPOST", "numbers"),
    FrozenTable("modeldata", "hpc_data", "class", "classes"),
    FrozenTable("modeldata", "stackoverflow", "Remote", "classes"),
    FrozenTable("mosaicData", "SaratogaHouses", "price", "numbers"),
    FrozenTable("mosaicData", "Weather", "avg_humidity", "numbers"),
    FrozenTable("openintro", "acs12", "income", "numbers"),
    FrozenTable("openintro", "email", "spam", "classes"),
    FrozenTable("openintro", "epa2021", "comb_mpg", "numbers"),
    FrozenTable("openintro", "fastfood", "restaurant", "classes"),
    FrozenTable("openintro", "smoking", "smoke", "classes"),
    FrozenTable("psych", "bfi", "age", "numbers"),
    FrozenTable("Stat2Data", "GrinnellHouses", "SalePrice", "numbers"),
    FrozenTable("Stat2Data", "Hawks", "Species", "classes"),
    FrozenTable("survival", "rotterdam", "death", "classes"),
    FrozenTable("wooldridge", "bwght2", "bwght", "numbers"),
    FrozenTable("wooldridge", "fertil2", "children", "numbers"),
    FrozenTable("wooldridge", "loanapp", "approve", "classes"),
)
