"""What the pipeline asks of the encoder of one column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from litmus_core.frame._encoders.expression import Lazy
from litmus_core.frame._operations.operation import Dtype
from litmus_core.frame._values.raw_values import stored_as_number
from litmus_core.types import Column


@dataclass(frozen=True, slots=True)
class Expressed:
    """One column's outputs to be, in the order of the encoder's ``outputs``."""

    numbers: tuple[Lazy, ...] = ()
    category: Lazy | None = None
    text: Lazy | None = None


@dataclass(frozen=True, slots=True)
class Outputs:
    """What an encoder puts out, as the part of the name after the column's own ("" is the plain name)."""

    numbers: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    category: str | None = None
    text: str | None = None


class Encoder(Protocol):
    """Turns one raw column into model columns; knows everything it needs after ``fit`` or ``from_state``."""

    column: Column
    kind: str
    reads: Dtype

    @property
    def outputs(self) -> Outputs:
        """Names of what :meth:`express` gives."""
        ...

    def express(self, raw: Lazy) -> Expressed:
        """Say how the outputs come from the column, read as ``reads``."""
        ...

    def state(self) -> dict[str, Any]:
        """Return JSON values that rebuild this encoder exactly."""
        ...


def encoding_of(column: Column) -> str:
    """Return the kind of encoder that a column gets: ids are numbers or categories by how they are stored."""
    if column.kind == "id":
        return "number" if stored_as_number(column) else "category"
    return column.kind
