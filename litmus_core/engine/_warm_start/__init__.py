"""Continue a trained candidate on newer rows: boosters grow, other members stay unchanged."""

from litmus_core.engine._warm_start._members import (
    check_continuable,
    fitted_folds,
    members_of,
    settings_of,
    warm_start_settings,
)
from litmus_core.engine._warm_start._rows import (
    check_same_rows,
    learned,
    warm_start_refreshing,
    warm_start_state,
)

__all__ = [
    "check_continuable",
    "check_same_rows",
    "fitted_folds",
    "learned",
    "members_of",
    "settings_of",
    "warm_start_refreshing",
    "warm_start_settings",
    "warm_start_state",
]
