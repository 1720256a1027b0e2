"""Custom models, each fitted in a process of its own (``litmus_core.plugins``).

Only ``wrapper``, which is imported late, imports AutoGluon.
"""

from litmus_core.engine._custom._check import check_models
from litmus_core.engine._custom._names import CUSTOM_FAMILY, model_names

__all__ = ["CUSTOM_FAMILY", "check_models", "model_names"]
