"""What every fitted model of one series can do."""

from __future__ import annotations

from typing import Any, Protocol, Self

from numpy.typing import NDArray


class ForecastState(Protocol):
    """A fitted model at the end of one series; it is frozen, so that earlier origins stay valid.

    Its fields are numbers, texts, and tuples of numbers: a bundle writes them as they are.
    """

    def forecast(self, horizon: int) -> NDArray[Any]:
        """Return the next ``horizon`` values, shape (horizon,)."""
        ...

    def observe(self, value: float) -> Self:
        """Return the state one value later; its parameters stay as they were fitted."""
        ...
