"""Going on with a trained candidate on newer rows: boosters grow, other members stay as they are."""

from litmus_core.engine._warm_start._boosters import used_trees
from litmus_core.engine._warm_start._members import (
    carried_settings,
    check_continuable,
    fitted_folds,
    members_of,
    settings_of,
)
from litmus_core.engine._warm_start._rows import carried_folding, carried_state, check_known, learned

__all__ = [
    "carried_folding",
    "carried_settings",
    "carried_state",
    "check_continuable",
    "check_known",
    "fitted_folds",
    "learned",
    "members_of",
    "settings_of",
    "used_trees",
]
