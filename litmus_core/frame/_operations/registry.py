"""All operations that a graph may hold, by name."""

from __future__ import annotations

from litmus_core.frame._operations.arithmetic import MATH_OPERATIONS
from litmus_core.frame._operations.calendar_parts import CALENDAR_OPERATIONS
from litmus_core.frame._operations.callbacks import CALLED_OPERATIONS
from litmus_core.frame._operations.conditional import CHOICE_OPERATIONS
from litmus_core.frame._operations.moments import MOMENT_OPERATIONS
from litmus_core.frame._operations.numeric import NUMBER_OPERATIONS
from litmus_core.frame._operations.operation import OPERATIONS
from litmus_core.frame._operations.strings import WORDING_OPERATIONS
from litmus_core.frame._operations.text import TEXT_OPERATIONS

__all__ = ["ENCODER_OPERATIONS", "MORE_OPERATIONS", "OPERATIONS"]

# What the encoders of a pipeline use, then what pre-processing of one's own may use beside it; last what
# calls something else, which no bundle holds.
ENCODER_OPERATIONS = (*NUMBER_OPERATIONS, *MOMENT_OPERATIONS, *TEXT_OPERATIONS)
MORE_OPERATIONS = (*MATH_OPERATIONS, *CHOICE_OPERATIONS, *CALENDAR_OPERATIONS, *WORDING_OPERATIONS)

OPERATIONS.update({each.name: each for each in (*ENCODER_OPERATIONS, *MORE_OPERATIONS, *CALLED_OPERATIONS)})
