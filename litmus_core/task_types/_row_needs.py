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
    ``group`` is the one of them whose value rows share that belong together ("": none): they stay in one part
    of every split. ``objectives`` are pairs of a model family and what it learns by, in its library's own
    words: only these families learn it. ``is_order``: an answer says which of two rows comes first, and is no
    number of the target.
    """

    columns: tuple[str, ...] = ()
    loss: Loss = ""
    group: str = ""
    objectives: tuple[tuple[str, str], ...] = ()
    is_order: bool = False


NO_NEEDS = RowNeeds()
