"""Tables: import, rows, profiles, proposals for a task, its checks, its split and its baselines."""

from litmus_core.data._apart import Apart, find_apart
from litmus_core.data._baselines import baselines
from litmus_core.data._check import check_task
from litmus_core.data._import import import_table
from litmus_core.data._labels import as_labels
from litmus_core.data._page import Page, page_of
from litmus_core.data._profile import profile
from litmus_core.data._profile_types import ColumnProfile, Histogram, Profile, ValueCount
from litmus_core.data._read import read_rows
from litmus_core.data._relations import Group, Relation, Relations, relations
from litmus_core.data._split import Parts, split, validation_fraction
from litmus_core.data._suggest import suggest

__all__ = [
    "Apart",
    "ColumnProfile",
    "Group",
    "Histogram",
    "Page",
    "Parts",
    "Profile",
    "Relation",
    "Relations",
    "ValueCount",
    "as_labels",
    "baselines",
    "check_task",
    "find_apart",
    "import_table",
    "page_of",
    "profile",
    "read_rows",
    "relations",
    "split",
    "suggest",
    "validation_fraction",
]
