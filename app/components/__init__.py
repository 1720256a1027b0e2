"""Components that several pages use: stepper, verdict banner, empty state, help marks."""

from app.components._column_cards import column_cards
from app.components._empty_state import empty_state
from app.components._facts import facts
from app.components._forecast_strip import forecast_strip
from app.components._heading import heading
from app.components._interval import interval_strip
from app.components._leak_notice import leak_notice
from app.components._name_width import name_width
from app.components._polling import redraw_page, waiting
from app.components._progress_chart import progress_chart
from app.components._recipe_editor import edited_text, recipe_editor
from app.components._relation_cards import relation_cards
from app.components._state_line import state_line, state_text
from app.components._stepper import stepper
from app.components._verdict import verdict_banner
from app.sign_in import permitted_button

__all__ = [
    "column_cards",
    "edited_text",
    "empty_state",
    "facts",
    "forecast_strip",
    "heading",
    "interval_strip",
    "leak_notice",
    "name_width",
    "permitted_button",
    "progress_chart",
    "recipe_editor",
    "redraw_page",
    "relation_cards",
    "state_line",
    "state_text",
    "stepper",
    "verdict_banner",
    "waiting",
]
