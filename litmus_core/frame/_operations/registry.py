"""All operations that a graph may hold, by name."""

from __future__ import annotations

from litmus_core.frame._operations.arithmetic import MATH_OPERATIONS
from litmus_core.frame._operations.calendar_parts import CALENDAR_OPERATIONS
from litmus_core.frame._operations.callbacks import CALLED_OPERATIONS
from litmus_core.frame._operations.conditional import CHOICE_OPERATIONS
from litmus_core.frame._operations.moments import MOMENT_OPERATIONS
from litmus_core.frame._operations.numeric import NUMBER_OPERATIONS
from litmus_core.frame._operations.operation import OPERATIONS
from litmus_core.frame._operations.parsing import PARSING_OPERATIONS
from litmus_core.frame._operations.rows import ROW_OPERATIONS
from litmus_core.frame._operations.strings import WORDING_OPERATIONS
from litmus_core.frame._operations.text import TEXT_OPERATIONS

__all__ = ["ENCODER_OPERATIONS", "MORE_OPERATIONS", "OPERATIONS"]

# First the operations of the pipeline's encoders, then those for custom pre-processing, last those that call
# outside
# code, which bundles never contain.
ENCODER_OPERATIONS = (*NUMBER_OPERATIONS, *MOMENT_OPERATIONS, *TEXT_OPERATIONS)
MORE_OPERATIONS = (
    *MATH_OPERATIONS,
    *CHOICE_OPERATIONS,
    *CALENDAR_OPERATIONS,
    *WORDING_OPERATIONS,
    *PARSING_OPERATIONS,
    *ROW_OPERATIONS,
)

OPERATIONS.update(
    {operation.name: operation for operation in (*ENCODER_OPERATIONS, *MORE_OPERATIONS, *CALLED_OPERATIONS)}
)
