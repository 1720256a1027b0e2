"""Vega-Lite charts, one per module, drawn from frozen view data for the light or the dark theme.

Fonts and grid come from Streamlit's theme. States (good, bad, chosen) take their colour from
:mod:`app.theme`, and always have a shape or a word as well.
"""

from app.charts._answering_times import batch_times_chart, caller_times_chart
from app.charts._bars import contributions_chart, importance_chart
from app.charts._certainty import certainty_chart
from app.charts._confusion import confusion_chart
from app.charts._frontier import frontier_chart
from app.charts._gains import curve_chart, outcomes_chart
from app.charts._residuals import residuals_chart
from app.charts._score_latency import SELECTED, score_latency_chart
from app.charts._segments import segments_chart
from app.charts._threshold import answered_chart, cost_chart, threshold_chart
from app.charts._times.course import course_chart
from app.charts._times.forecast import forecast_chart
from app.charts._tuning import tuning_history_chart, tuning_settings_chart, tuning_shares_chart

__all__ = [
    "SELECTED",
    "answered_chart",
    "batch_times_chart",
    "caller_times_chart",
    "certainty_chart",
    "confusion_chart",
    "contributions_chart",
    "cost_chart",
    "course_chart",
    "curve_chart",
    "forecast_chart",
    "frontier_chart",
    "importance_chart",
    "outcomes_chart",
    "residuals_chart",
    "score_latency_chart",
    "segments_chart",
    "threshold_chart",
    "tuning_history_chart",
    "tuning_settings_chart",
    "tuning_shares_chart",
]
