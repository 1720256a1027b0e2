"""What a plug-in's task type needs of each row beside its target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Loss = Literal["", "poisson"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowNeeds:
    """What a task type needs of each row beside its target.

    ``columns`` are those of the table that it reads: models do not look at them, and every row that is
    answered has them. ``loss`` is what models learn by; "": the squared error of what they learn.
    """

    columns: tuple[str, ...] = ()
    loss: Loss = ""
