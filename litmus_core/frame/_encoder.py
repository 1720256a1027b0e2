"""What the pipeline asks of the encoder of one column."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from litmus_core.frame._values import Array, Floats
from litmus_core.types import Column

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.frame._values import Raw


@dataclass(slots=True)
class Encoded:
    """One column's part of n rows: arrays by output name, in the order of the encoder's ``outputs``.

    ``numbers`` are float64 (n,); ``tokens``, if any, one uint8 (n, k) block; ``category`` a Categorical of
    the frozen dtype; ``text`` object (n,) of str.
    """

    numbers: list[Floats] = field(default_factory=list)
    tokens: Array | None = None
    category: pd.Categorical | None = None
    text: Array | None = None


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

    @property
    def outputs(self) -> Outputs:
        """Names of what :meth:`encode` gives."""
        ...

    def encode(self, raw: Raw) -> Encoded:
        """Encode n values, each independently of the others; RowError where one cannot be read."""
        ...

    def state(self) -> dict[str, Any]:
        """Return JSON values that rebuild this encoder exactly."""
        ...
