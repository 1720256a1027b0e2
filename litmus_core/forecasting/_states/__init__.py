"""Fitted models of one series as plain numbers: each answers a horizon and takes further values.

They need nothing but NumPy, so that a bundle answers without the libraries that fitted them.
"""

from litmus_core.forecasting._states.arima import ArimaState
from litmus_core.forecasting._states.codec import state_from_plain, state_to_plain
from litmus_core.forecasting._states.ets import EtsState
from litmus_core.forecasting._states.naive import DriftState, NaiveState, SeasonalNaiveState
from litmus_core.forecasting._states.state import ForecastState
from litmus_core.forecasting._states.theta import ThetaState

__all__ = [
    "ArimaState",
    "DriftState",
    "EtsState",
    "ForecastState",
    "NaiveState",
    "SeasonalNaiveState",
    "ThetaState",
    "state_from_plain",
    "state_to_plain",
]
