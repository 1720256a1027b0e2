"""The interface of one column's encoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from litmus_core.frame._encoders.expression import Lazy
from litmus_core.frame._operations.operation import Dtype
from litmus_core.frame._values.raw_values import stored_as_number
from litmus_core.types import Column


@dataclass(frozen=True, slots=True)
class Expressed:
    """One column's outputs, not computed yet, in the order of the encoder's ``outputs``."""

    numbers: tuple[Lazy, ...] = ()
    category: Lazy | None = None
    text: Lazy | None = None


@dataclass(frozen=True, slots=True)
class Outputs:
    """An encoder's outputs, as suffixes of the column's name ("" is the plain name)."""

    numbers: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    category: str | None = None
    text: str | None = None


class Encoder(Protocol):
    """Turns one raw column into model columns; after ``fit`` or ``from_state`` it needs nothing else."""

    column: Column
    kind: str
    reads: Dtype

    @property
    def outputs(self) -> Outputs:
        """Names of the outputs of :meth:`express`."""
        ...

    def express(self, raw: Lazy) -> Expressed:
        """Return how the outputs are computed from the column, read as ``reads``."""
        ...

    def state(self) -> dict[str, Any]:
        """Return JSON values that restore this encoder exactly."""
        ...


def encoding_of(column: Column) -> str:
    """Return the kind of encoder for a column: ids are numbers or categories depending on their storage."""
    kind = column.traits
    return kind.number_encoder if kind.number_encoder and stored_as_number(column) else kind.encoder
