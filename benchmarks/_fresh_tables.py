"""Real tables of a third batch, chosen by somebody who had read no check, after the checks had been changed.

None of them is a table of another list of the benchmarks. They were chosen by the names of their columns and
their shape alone, and are given as they come: 300 to 10,000 rows, of which 5,000 at most are drawn at random.
"""

from __future__ import annotations

from benchmarks._frozen_tables import FrozenTable

FRESH_TABLES = (
    FrozenTable("AER", "HealthInsurance", "insurance", "classes"),
    FrozenTable("AER", "PSID1982", "wage", "numbers"),
    FrozenTable("AER", "SmokeBan", "smoker", "classes"),
    FrozenTable("carData", "Mroz", "lfp", "classes"),
    FrozenTable("carData", "Salaries", "salary", "numbers"),
    FrozenTable("causaldata", "close_college", "lwage", "numbers"),
    FrozenTable("causaldata", "thornton_hiv", "got", "classes"),
    FrozenTable("COUNT", "rwm1984", "docvis", "numbers"),
    FrozenTable("Ecdat", "Heating", "depvar", "classes"),
    FrozenTable("Ecdat", "Housing", "price", "numbers"),
    FrozenTable("Ecdat", "Star", "tmathssk", "numbers"),
    FrozenTable("Ecdat", "Train", "choice", "classes"),
    FrozenTable("Ecdat", "VietNamH", "urban", "classes"),
    FrozenTable("ISLR", "Auto", "mpg", "numbers"),
    FrozenTable("ISLR", "Weekly", "Direction", "classes"),
    FrozenTable("lme4", "VerbAgg", "r2", "classes"),
    FrozenTable("MASS", "Aids2", "status", "classes"),
    FrozenTable("mlmRev", "ScotsSec", "attain", "numbers"),
    FrozenTable("modeldata", "ad_data", "Class", "classes"),
    FrozenTable("modeldata", "biomass", "HHV", "numbers"),
    FrozenTable("mosaicData", "Gestation", "wt", "numbers"),
    FrozenTable("mosaicData", "TenMileRace", "net", "numbers"),
    FrozenTable("nycflights13", "planes", "seats", "numbers"),
    FrozenTable("openintro", "loans_full_schema", "interest_rate", "numbers"),
    FrozenTable("openintro", "mlbbat10", "rbi", "numbers"),
    FrozenTable("Stat2Data", "NCbirths", "BirthWeightOz", "numbers"),
    FrozenTable("Stat2Data", "SuicideChina", "Died", "classes"),
    FrozenTable("survival", "colon", "status", "classes"),
    FrozenTable("survival", "nwtco", "rel", "classes"),
    FrozenTable("wooldridge", "k401ksubs", "e401k", "classes"),
    FrozenTable("wooldridge", "recid", "cens", "classes"),
    FrozenTable("wooldridge", "twoyear", "lwage", "numbers"),
)
