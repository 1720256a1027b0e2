"""Feature crosses: values of several columns as one category, and numbers as names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from litmus_core.builtin_preprocessors._json_names import names_in_json

if TYPE_CHECKING:
    import pandas as pd

_WITH = " + "


class Crosses:
    """Adds a category for each group of columns: the combination of their values.

    A group of one column of numbers reads them as names: a teacher's number, an area's code. ``columns``
    names the groups with commas between, and the columns of a group with plus signs between, or is a JSON
    list of lists if a name has such a sign. A missing value counts as one more value.

    >>> import pandas as pd
    >>> step = Crosses(columns="month + day, teacher")
    >>> frame = pd.DataFrame({"month": [3.0, 3.0], "day": [1.0, None], "teacher": [17.0, 4.0]})
    >>> step.fit(frame, None)
    >>> made = step.transform(frame)
    >>> made["month & day"].tolist(), made["teacher as a name"].tolist()
    (['3.0 & 1.0', '3.0 & '], ['17.0', '4.0'])
    """

    def __init__(self, *, columns: str = "") -> None:
        self.columns = columns

    def fit(self, frame: pd.DataFrame, target: Any) -> None:
        """Read the names; raises ValueError for unknown ones, or neither numbers nor categories."""
        del target
        self.numbers_ = set(frame.select_dtypes(["number"]).columns)
        columns = self.numbers_ | set(frame.select_dtypes(["object"]).columns)
        self.groups_ = groups_in(self.columns)
        if not self.groups_:
            raise ValueError("a cross needs columns: Crosses(columns='month + day')")
        for group in self.groups_:
            odd = next((name for name in group if name not in columns), None)
            if odd is not None:
                raise ValueError(f"there is no column of numbers or categories called '{odd}'")

    def transform(self, frame: Any) -> Any:
        """Return the frame with those columns added."""
        frame = frame.copy()
        for first, *others in self.groups_:
            together = self._as_text(frame, first)
            for name in others:
                together = together.str.cat(self._as_text(frame, name), sep=" & ")
            frame[" & ".join([first, *others]) if others else f"{first} as a name"] = together
        return frame

    def _as_text(self, frame: Any, name: str) -> Any:
        """Return a column as text; '3.0' for a number, even in a column of integers."""
        column = frame[name].astype(float) if name in self.numbers_ else frame[name]
        return column.astype(str).where(column.notna(), "")


def crosses_of(groups: Sequence[Sequence[str]]) -> str:
    """Return ``columns`` for these groups of names.

    >>> crosses_of([["month", "day"], ["teacher"]]), crosses_of([["a, b", "c"]])
    ('month + day, teacher', '[["a, b", "c"]]')
    """
    plain = _WITH.join(name for group in groups for name in group)
    names = ", ".join(_WITH.join(group) for group in groups)
    is_plain = not plain.startswith("[") and groups_in(names) == [list(group) for group in groups]
    return names if is_plain else json.dumps([list(group) for group in groups], ensure_ascii=False)


def groups_in(columns: str) -> list[list[str]]:
    """Return the groups in ``columns``; raises ValueError for an incomplete list.

    >>> groups_in("month + day, teacher"), groups_in('[["a, b", "c"]]')
    ([['month', 'day'], ['teacher']], [['a, b', 'c']])
    """
    if columns.startswith("["):
        return [
            [group] if isinstance(group, str) else list(map(str, group)) for group in names_in_json(columns)
        ]
    groups = [[name.strip() for name in group.split("+")] for group in columns.split(",")]
    return [[name for name in group if name] for group in groups if any(group)]
