"""Post-processing: steps applied to a model's predictions. NumPy only.

A :class:`Post` is a sequence of fitted steps; ``engine`` fits them, a bundle stores them as JSON.
"""

from litmus_core.runtime._postprocess._calibration import Calibrate
from litmus_core.runtime._postprocess._chain import POST, Post, PostStep
from litmus_core.runtime._postprocess._custom import (
    DECODE,
    CustomStep,
    checked,
    custom_step_frame,
    read_columns,
)
from litmus_core.runtime._postprocess._rule import (
    Rule,
    RuleCondition,
    RuleEffect,
    columns_read,
    parse_then,
    parse_when,
)
from litmus_core.runtime._postprocess._scales import Ratio
from litmus_core.runtime._postprocess._spec import (
    ABSTAIN,
    DECISIONS,
    THRESHOLD,
    StepParameter,
    StepSpec,
    is_custom_step,
    parameters_of,
    parts_message,
    step_specs,
)
from litmus_core.runtime._postprocess._steps import (
    Cap,
    Round,
    ShiftClasses,
    Thresholds,
    WeighClasses,
    segment_keys,
)
from litmus_core.runtime._postprocess._text import part_text, portable

__all__ = [
    "ABSTAIN",
    "DECISIONS",
    "DECODE",
    "POST",
    "THRESHOLD",
    "Calibrate",
    "Cap",
    "CustomStep",
    "Post",
    "PostStep",
    "Ratio",
    "Round",
    "Rule",
    "RuleCondition",
    "RuleEffect",
    "ShiftClasses",
    "StepParameter",
    "StepSpec",
    "Thresholds",
    "WeighClasses",
    "checked",
    "columns_read",
    "custom_step_frame",
    "is_custom_step",
    "parameters_of",
    "parse_then",
    "parse_when",
    "part_text",
    "parts_message",
    "portable",
    "read_columns",
    "segment_keys",
    "step_specs",
]
