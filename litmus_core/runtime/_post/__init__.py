"""Post-processing: what happens to a model's answers before anyone gets them. NumPy only.

A :class:`Post` is fitted steps in their order; ``engine`` fits them, a bundle carries them as JSON.
"""

from litmus_core.runtime._post._chain import POST, Post, PostStep
from litmus_core.runtime._post._own import DECODE, OwnStep, checked, own_frame
from litmus_core.runtime._post._rule import Condition, Rule, Then, parse_then, parse_when
from litmus_core.runtime._post._scales import Ratio
from litmus_core.runtime._post._spec import (
    ABSTAIN,
    StepParameter,
    StepSpec,
    is_own,
    parameters_of,
    parts_words,
    step_specs,
)
from litmus_core.runtime._post._steps import Cap, Round, ShiftClasses, Thresholds, segment_keys
from litmus_core.runtime._post._text import part_text, portable

__all__ = [
    "ABSTAIN",
    "DECODE",
    "POST",
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
    "checked",
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
