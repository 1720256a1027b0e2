"""All checks, in the order in which they run."""

from __future__ import annotations

from litmus_core.checks._check import Check
from litmus_core.checks._disguised_missing import disguised_missing
from litmus_core.checks._duplicate_columns import duplicate_columns
from litmus_core.checks._equal_rows import conflicting_labels, duplicate_rows, empty_rows
from litmus_core.checks._extra_rows import extra_rows
from litmus_core.checks._label_balance import imbalance, missing_labels, rare_labels
from litmus_core.checks._leakage import leakage
from litmus_core.checks._mixed_types import mixed_types
from litmus_core.checks._near_duplicate_names import near_duplicate_categories, near_duplicate_labels
from litmus_core.checks._near_duplicates import near_duplicates
from litmus_core.checks._outliers import infinities, outliers
from litmus_core.checks._overlap import overlap
from litmus_core.checks._personal_data import personal_data
from litmus_core.checks._row_order import row_order
from litmus_core.checks._shift import shift
from litmus_core.checks._structure import structure
from litmus_core.checks._suspicious_labels import suspicious_labels
from litmus_core.checks._table_size import few_rows, small_test, wide_table
from litmus_core.checks._test_schema import type_differs, unseen_categories
from litmus_core.checks._uninformative_columns import constant_columns, id_columns, missing_values
from litmus_core.checks._whitespace_case import whitespace_case

CHECKS: tuple[Check, ...] = (
    Check(kind="constant_column", title="Columns that say nothing", find=constant_columns),
    Check(kind="id_column", title="Columns that only name the row", find=id_columns),
    Check(kind="missing_values", title="Columns that are mostly empty", find=missing_values),
    Check(kind="disguised_missing", title="Values that stand for missing", find=disguised_missing),
    Check(kind="mixed_types", title="Numbers and words in one column", find=mixed_types),
    Check(kind="whitespace_case", title="Spaces, upper and lower case", find=whitespace_case),
    Check(kind="near_duplicate_categories", title="Nearly equal categories", find=near_duplicate_categories),
    Check(kind="infinities", title="Infinite numbers", find=infinities),
    Check(kind="outliers", title="Numbers far away from all others", find=outliers),
    Check(kind="duplicate_columns", title="Columns that say the same", find=duplicate_columns),
    Check(kind="empty_rows", title="Empty rows", find=empty_rows),
    Check(kind="extra_rows", title="Rows that hold no data", find=extra_rows),
    Check(kind="duplicate_rows", title="Equal rows", find=duplicate_rows),
    Check(kind="few_rows", title="Enough rows", find=few_rows),
    Check(kind="wide_table", title="More columns than rows", find=wide_table),
    Check(kind="personal_data", title="Personal data", find=personal_data),
    Check(kind="missing_labels", title="Rows without a label", find=missing_labels, needs="target"),
    Check(kind="rare_labels", title="Rare labels", find=rare_labels, needs="target"),
    Check(
        kind="conflicting_labels", title="Equal rows, other labels", find=conflicting_labels, needs="target"
    ),
    Check(kind="imbalance", title="One label nearly everywhere", find=imbalance, needs="target"),
    Check(kind="small_test", title="Rows that judge", find=small_test, needs="target"),
    Check(kind="type_differs", title="Types of the test rows", find=type_differs, needs="test"),
    Check(kind="unseen_categories", title="Categories never seen", find=unseen_categories, needs="test"),
    Check(
        kind="row_order",
        title="Order of the rows",
        find=row_order,
        needs="target",
        slow=True,
    ),
    Check(
        kind="leakage",
        title="Columns that give the answer away",
        find=leakage,
        needs="target",
        slow=True,
    ),
    Check(
        kind="near_duplicate_labels",
        title="Nearly equal labels",
        find=near_duplicate_labels,
        needs="target",
        slow=True,
    ),
    Check(
        kind="structure",
        title="Rows that belong together",
        find=structure,
        needs="target",
        slow=True,
    ),
    Check(
        kind="suspicious_labels",
        title="Labels that look wrong",
        find=suspicious_labels,
        needs="target",
        slow=True,
    ),
    Check(kind="near_duplicates", title="Rows that are nearly equal", find=near_duplicates, slow=True),
    Check(kind="overlap", title="Rows of the test in the table", find=overlap, needs="test", slow=True),
    Check(kind="shift", title="Test rows unlike the table", find=shift, needs="test", slow=True),
)


def check_kinds() -> tuple[str, ...]:
    """Return the keys of all checks."""
    return tuple(check.kind for check in CHECKS)
