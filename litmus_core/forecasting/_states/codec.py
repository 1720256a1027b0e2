"""States as JSON, and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from cattrs.errors import BaseValidationError

from litmus_core.errors import BundleError
from litmus_core.forecasting._states.arima import ArimaState
from litmus_core.forecasting._states.ets import EtsState
from litmus_core.forecasting._states.naive import DriftState, NaiveState, SeasonalNaiveState
from litmus_core.forecasting._states.state import ForecastState
from litmus_core.forecasting._states.theta import ThetaState
from litmus_core.types import from_plain

_STATES: dict[str, type[Any]] = {
    "arima": ArimaState,
    "drift": DriftState,
    "ets": EtsState,
    "naive": NaiveState,
    "seasonal_naive": SeasonalNaiveState,
    "theta": ThetaState,
}
_KINDS = {state: kind for kind, state in _STATES.items()}


def state_to_plain(state: ForecastState) -> dict[str, Any]:
    """Return a state as JSON has it.

    >>> state_to_plain(NaiveState(3.5))
    {'kind': 'naive', 'last': 3.5}
    """
    return {"kind": _KINDS[type(state)], **asdict(state)}  # type: ignore[call-overload]


def state_from_plain(plain: dict[str, Any]) -> ForecastState:
    """Return the state that ``state_to_plain`` wrote; raises BundleError where it is none.

    >>> state_from_plain({"kind": "drift", "first": 1.0, "last": 3.0, "n": 3}).forecast(2).tolist()
    [4.0, 5.0]
    """
    fields = dict(plain)
    kind = str(fields.pop("kind", ""))
    try:
        state: ForecastState = from_plain(_STATES[kind], fields)
    except (KeyError, TypeError, ValueError, BaseValidationError):
        raise BundleError(f"'{kind}' with {', '.join(sorted(fields))} is not a model of a series.") from None
    return state
