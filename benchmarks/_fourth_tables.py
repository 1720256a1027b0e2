"""Real tables of a fourth batch, chosen by somebody who had read no check and no trap of the earlier batches.

None of them is a table of another list of the benchmarks. Names of columns, shape, and how well plain trees
answer the question (``_others_skill``) decided. They are given as they come, some with rows that are equal
by chance, dates of their own or columns that tell a good part of the answer.
"""

from __future__ import annotations

from benchmarks._frozen_tables import FrozenTable

FOURTH_TABLES = (
    FrozenTable("AER", "CPS1985", "wage", "numbers"),
    FrozenTable("AER", "DoctorVisits", "visits", "numbers"),
    FrozenTable("AER", "TeachingRatings", "eval", "numbers"),
    FrozenTable("carData", "CES11", "abortion", "classes"),
    FrozenTable("carData", "SLID", "wages", "numbers"),
    FrozenTable("carData", "Wells", "switch", "classes"),
    FrozenTable("Ecdat", "BudgetUK", "wfood", "numbers"),
    FrozenTable("Ecdat", "Clothing", "tsales", "numbers"),
    FrozenTable("Ecdat", "Griliches", "lw", "numbers"),
    FrozenTable("Ecdat", "PSID", "earnings", "numbers"),
    FrozenTable("Ecdat", "UnempDur", "spell", "numbers"),
    FrozenTable("heplots", "TIPI", "voted", "classes"),
    FrozenTable("HLMdiag", "radon", "log.radon", "numbers"),
    FrozenTable("KMsurv", "std", "rinfct", "classes"),
    FrozenTable("mediation", "jobs", "work1", "classes"),
    FrozenTable("mlmRev", "Exam", "normexam", "numbers"),
    FrozenTable("mlmRev", "guPrenat", "prenat", "classes"),
    FrozenTable("modeldata", "check_times", "check_time", "numbers"),
    FrozenTable("mosaicData", "HELPrct", "homeless", "classes"),
    FrozenTable("openintro", "births14", "weight", "numbers"),
    FrozenTable("openintro", "get_it_dunn_run", "run_time_minutes", "numbers"),
    FrozenTable("openintro", "yrbss", "weight", "numbers"),
    FrozenTable("pscl", "politicalInformation", "collegeDegree", "classes"),
    FrozenTable("Stat2Data", "MathPlacement", "PlcmtScore", "numbers"),
    FrozenTable("Stat2Data", "Titanic", "Survived", "classes"),
    FrozenTable("stevedata", "anes_vote84", "vote", "classes"),
    FrozenTable("wooldridge", "catholic", "hsgrad", "classes"),
    FrozenTable("wooldridge", "crime1", "narr86", "numbers"),
    FrozenTable("wooldridge", "gpa2", "colgpa", "numbers"),
    FrozenTable("wooldridge", "injury", "hosp", "classes"),
)
