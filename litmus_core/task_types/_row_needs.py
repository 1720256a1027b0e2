"""The columns, loss and groups that a plug-in's task type needs besides the target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Loss = Literal["", "poisson"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowNeeds:
    """Requirements of a task type on each row besides its target.

    ``columns`` of the table are read by the task type, not by models, and every row to predict has them.
    Models minimise ``loss``; "" is the squared error. ``group`` is one of the columns, or "": rows that
    share its value stay in one part of every split. ``objectives`` are pairs of a model family and its
    objective, in its library's own words: only these families can learn the task. ``is_order``: a
    prediction ranks two rows, and is not a value of the target.
    """

    columns: tuple[str, ...] = ()
    loss: Loss = ""
    group: str = ""
    objectives: tuple[tuple[str, str], ...] = ()
    is_order: bool = False


NO_NEEDS = RowNeeds()
