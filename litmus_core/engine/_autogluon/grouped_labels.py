"""Labels that carry their row's group to a model and a scorer inside AutoGluon.

AutoGluon passes on rows and labels, splits and resamples both, and knows no groups. A label is a whole
number that a double holds exactly: the group, above the 32 bits of the number to learn. Libraries of
boosted trees store labels in 32 bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.errors import DataError
from litmus_core.task_types import RowNeeds

_BITS = 32
_MOST_GROUPS = 2**20  # a double holds whole numbers up to 2 ** 53


def carries_groups(needs: RowNeeds) -> bool:
    """Return whether models learn a task type by custom objectives within groups."""
    return bool(needs.objectives and needs.group)


def pack_labels(numbers: NDArray[Any], groups: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return (n,) labels of the numbers (n,), to the precision of a float32, and groups (n,) from 0.

    >>> numbers, groups = unpack_labels(pack_labels(np.array([2.0, -0.5]), np.array([7, 0])))
    >>> numbers.tolist(), groups.tolist()
    ([2.0, -0.5], [7, 0])
    """
    if groups.max(initial=0) >= _MOST_GROUPS:
        raise DataError(
            f"There are {groups.max() + 1:,} groups, and at most {_MOST_GROUPS:,} can be learned from.",
            hint="Train on fewer rows.",
        )
    bits = np.asarray(numbers, dtype=np.float32).view(np.uint32).astype(np.int64)
    return (bits + (groups.astype(np.int64) << _BITS)).astype(np.float64)


def unpack_labels(labels: Any) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the (n,) numbers and groups of such labels."""
    integers = np.asarray(labels, dtype=np.float64).astype(np.int64)
    bits = (integers & (2**_BITS - 1)).astype(np.uint32)
    return bits.view(np.float32).astype(np.float64), integers >> _BITS
