"""Which columns are the targets, and of which kind they all are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import DataError, RemediableError, UsageError
from litmus_core.many_targets._texts import say
from litmus_core.types import Bar

if TYPE_CHECKING:
    import pandas as pd

TargetKind = Literal["labels", "numbers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JointTarget:
    """One target: ``name`` is what people read, ``column`` where it stands in the table.

    ``positive`` is the value of the column that means yes; None for a number.
    """

    name: str
    column: str
    positive: str | None = None

    def truth(self, frame: pd.DataFrame) -> NDArray[Any]:
        """Return its values in ``frame`` (n,): whether it is yes, or numbers; missing ones are no, or NaN."""
        from litmus_core.runtime import label_text

        values = frame[self.column]
        if self.positive is None:
            return values.to_numpy(dtype=np.float64)
        texts = [None if value is None else label_text(value) for value in values.astype(object)]
        return np.array([text is not None and text.lower() == self.positive.lower() for text in texts])


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsSpec:
    """What is asked for: the targets, all of one kind, and the ``metric`` that judges them together.

    ``tags`` is the column that held them as tags, separated by ``separator`` ("": lists).
    """

    kind: TargetKind
    targets: tuple[JointTarget, ...]
    metric: str
    bar: Bar | None = None
    tags: str = ""
    separator: str = ""
    seed: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """What people read of each target."""
        return tuple(target.name for target in self.targets)

    @property
    def columns(self) -> tuple[str, ...]:
        """The targets' columns."""
        return tuple(target.column for target in self.targets)

    def truth(self, frame: pd.DataFrame) -> NDArray[Any]:
        """Return all targets' values (n, k)."""
        return np.column_stack([target.truth(frame) for target in self.targets])


def read_targets(frame: pd.DataFrame, columns: Sequence[str], *, fewest: int) -> tuple[JointTarget, ...]:
    """Return the targets, which are all of one kind.

    A column of two values is yes or no, numbers of more values are numbers. Raises UsageError or DataError
    where a column is neither, where they are not all of one kind, or where a value has fewer than ``fewest``
    rows.
    """
    doubled = [name for name, n in Counter(columns).items() if n > 1]
    if doubled:
        raise UsageError(say("twice", column=doubled[0]), hint=say("twice hint"))
    if len(columns) < 2:
        raise UsageError(say("one", n=len(columns)), hint=say("one hint"))
    targets = [_target(frame, name, columns, fewest) for name in columns]
    labels = [target.name for target in targets if target.positive is not None]
    numbers = [target.name for target in targets if target.positive is None]
    if labels and numbers:
        raise UsageError(
            say("mixed", labels=labels, numbers=numbers),
            hint=say("mixed hint", labels=labels, numbers=numbers),
        )
    return tuple(targets)


def _target(frame: pd.DataFrame, name: str, columns: Sequence[str], fewest: int) -> JointTarget:
    from litmus_core.data import default_positive_class
    from litmus_core.runtime import label_text

    values = frame[name].dropna()
    rest = [other for other in columns if other != name]
    n_distinct = int(values.nunique())
    if n_distinct < 2:
        raise _without(name, rest, "constant", column=name)
    if n_distinct == 2:
        counts = Counter(label_text(value) for value in values.astype(object))
        classes = tuple(label for label, _ in counts.most_common())
        rarest = min(counts, key=lambda label: counts[label])
        if counts[rarest] < fewest:
            facts = {"column": name, "label": rarest, "n": counts[rarest], "fewest": fewest}
            raise _without(name, rest, "rare", **facts)
        return JointTarget(name=name, column=name, positive=default_positive_class(classes))
    if values.dtype.kind not in "if":
        raise DataError(say("classes", column=name, n=n_distinct), hint=say("classes hint", column=name))
    return JointTarget(name=name, column=name)


def _without(name: str, rest: Sequence[str], key: str, **facts: object) -> RemediableError:
    """Return why the column ``name`` can be no target, and that the others may be."""
    return RemediableError(
        say(key, **facts), hint=say("without hint", rest=rest), remedies=[{"without": name}]
    )
