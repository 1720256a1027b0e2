"""Post-processing: what happens to a model's answers before anyone gets them. NumPy only.

A :class:`Post` is fitted steps in their order; ``engine`` fits them, a bundle carries them as JSON.
"""

from litmus_core.runtime._postprocess._calibrate import Calibrate
from litmus_core.runtime._postprocess._chain import POST, Post, PostStep
from litmus_core.runtime._postprocess._custom import DECODE, OwnStep, checked, own_frame
from litmus_core.runtime._postprocess._rule import (
    Condition,
    Rule,
    Then,
    columns_looked_at,
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
    is_own,
    parameters_of,
    parts_words,
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
    "Condition",
    "OwnStep",
    "Post",
    "PostStep",
    "Ratio",
    "Round",
    "Rule",
    "ShiftClasses",
    "StepParameter",
    "StepSpec",
    "Then",
    "Thresholds",
    "WeighClasses",
    "checked",
    "columns_looked_at",
    "is_own",
    "own_frame",
    "parameters_of",
    "parse_then",
    "parse_when",
    "part_text",
    "parts_words",
    "portable",
    "segment_keys",
    "step_specs",
]
