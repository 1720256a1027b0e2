"""Models of one's own: their source kept with the run, each fitted in a process of its own.

Nothing here imports AutoGluon but ``wrapper``, which is imported late.
"""

from litmus_core.engine._custom._check import check_models
from litmus_core.engine._custom._ends import CustomStoppedError
from litmus_core.engine._custom._host import start_hosts
from litmus_core.engine._custom._names import CUSTOM_CARD, model_names
from litmus_core.engine._custom._source import (
    bring_models,
    check_unchanged,
    copy_module,
    modules_imported_in,
)

__all__ = [
    "CUSTOM_CARD",
    "CustomStoppedError",
    "bring_models",
    "check_models",
    "check_unchanged",
    "copy_module",
    "model_names",
    "modules_imported_in",
    "start_hosts",
]
