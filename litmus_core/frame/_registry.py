"""All operations that a graph may hold, by name."""

from __future__ import annotations

from litmus_core.frame._moment_operations import MOMENT_OPERATIONS
from litmus_core.frame._number_operations import NUMBER_OPERATIONS
from litmus_core.frame._operation import Operation
from litmus_core.frame._text_operations import TEXT_OPERATIONS

OPERATIONS: dict[str, Operation] = {
    each.name: each for each in (*NUMBER_OPERATIONS, *MOMENT_OPERATIONS, *TEXT_OPERATIONS)
}
