"""One way to spoil a table, and what has to be found then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from benchmarks._checks_tables import Table

Severity = Literal["harmful", "warning", "hint"]
Rng = np.random.Generator
REF = "ref no"


@dataclass(frozen=True, slots=True)
class Planted:
    """The table with its trap, its test rows, and what has to be named.

    A trap is found when a finding of its kind names one of ``columns`` (none: any), or, where there are
    ``rows``, its fix names at least half of them; and is as severe as the trap at least.
    """

    train: pd.DataFrame
    test: pd.DataFrame
    columns: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Trap:
    """One way to spoil a table. ``plant`` returns None where the table has not what it takes."""

    name: str
    kind: str
    severity: Severity
    plant: Callable[[Table, pd.DataFrame, pd.DataFrame, Rng], Planted | None]
