"""All operations that a graph may hold, by name."""

from __future__ import annotations

from litmus_core.frame._calendar_operations import CALENDAR_OPERATIONS
from litmus_core.frame._called_operations import CALLED_OPERATIONS
from litmus_core.frame._choice_operations import CHOICE_OPERATIONS
from litmus_core.frame._math_operations import MATH_OPERATIONS
from litmus_core.frame._moment_operations import MOMENT_OPERATIONS
from litmus_core.frame._number_operations import NUMBER_OPERATIONS
from litmus_core.frame._operation import Operation
from litmus_core.frame._text_operations import TEXT_OPERATIONS
from litmus_core.frame._wording_operations import WORDING_OPERATIONS

# What the encoders of a pipeline use, then what pre-processing of one's own may use beside it; last what
# calls something else, which no bundle holds.
ENCODER_OPERATIONS = (*NUMBER_OPERATIONS, *MOMENT_OPERATIONS, *TEXT_OPERATIONS)
MORE_OPERATIONS = (*MATH_OPERATIONS, *CHOICE_OPERATIONS, *CALENDAR_OPERATIONS, *WORDING_OPERATIONS)

OPERATIONS: dict[str, Operation] = {
    each.name: each for each in (*ENCODER_OPERATIONS, *MORE_OPERATIONS, *CALLED_OPERATIONS)
}
