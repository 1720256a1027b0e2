"""Tables: import, rows, profiles, proposals for a task, its checks, its split and its baselines."""

from litmus_core.data._baselines import baselines
from litmus_core.data._cells import as_text
from litmus_core.data._duckdb import identifier, text_literal
from litmus_core.data._fixes.apply import FixPreview, mend, preview_fix, rows_left
from litmus_core.data._import import import_table
from litmus_core.data._labels.class_labels import as_labels
from litmus_core.data._labels.target_transform import (
    answers_of,
    as_asked,
    different_answers,
    know_run_task_type,
    read_answers,
)
from litmus_core.data._memory import free_gb
from litmus_core.data._metric_checks import check_metric
from litmus_core.data._profile.order_leak import follows_row_order, may_follow
from litmus_core.data._profile.profile import profile
from litmus_core.data._profile.profile_types import ColumnProfile, Histogram, Profile, ValueCount
from litmus_core.data._profile.target_association import Group, Relation, Relations, relations
from litmus_core.data._profile.univariate_score import Question, as_numbers
from litmus_core.data._read import count_values, query_rows, read_rows, read_some_rows
from litmus_core.data._row_pages import Page, page_of
from litmus_core.data._sampling import Drawn, as_drawn, bytes_per_row, draw_rows
from litmus_core.data._sources import FILE_KINDS
from litmus_core.data._split.overlap import Apart, find_apart
from litmus_core.data._split.split import Parts, group_codes, parts_sentence, split, validation_fraction
from litmus_core.data._suggestions import positive_of, suggest
from litmus_core.data._task_checks import check_task
from litmus_core.data._task_types import is_own_task_type, scale_of, task_types
from litmus_core.data._time.calendar_columns import (
    find_calendar,
    moments,
    names_a_cohort,
    names_a_things_year,
    times_of,
)
from litmus_core.data._time.ordered_texts import TextOrder, text_order
from litmus_core.data._time.timestamp_numbers import holds_moments, may_count, names_time
from litmus_core.data._types.semantic import kind_of_texts, looks_like_id
from litmus_core.data._versions.append import append_rows, correct_labels
from litmus_core.data._versions.content_hash import content_hash
from litmus_core.data._versions.continuation import check_newer, newest_after
from litmus_core.data._versions.diff import difference
from litmus_core.data._versions.lineage import rows_of, unmended

__all__ = [
    "FILE_KINDS",
    "Apart",
    "ColumnProfile",
    "Drawn",
    "FixPreview",
    "Group",
    "Histogram",
    "Page",
    "Parts",
    "Profile",
    "Question",
    "Relation",
    "Relations",
    "TextOrder",
    "ValueCount",
    "answers_of",
    "append_rows",
    "as_asked",
    "as_drawn",
    "as_labels",
    "as_numbers",
    "as_text",
    "baselines",
    "bytes_per_row",
    "check_metric",
    "check_newer",
    "check_task",
    "content_hash",
    "correct_labels",
    "count_values",
    "difference",
    "different_answers",
    "draw_rows",
    "find_apart",
    "find_calendar",
    "follows_row_order",
    "free_gb",
    "group_codes",
    "holds_moments",
    "identifier",
    "import_table",
    "is_own_task_type",
    "kind_of_texts",
    "know_run_task_type",
    "looks_like_id",
    "may_count",
    "may_follow",
    "mend",
    "moments",
    "names_a_cohort",
    "names_a_things_year",
    "names_time",
    "newest_after",
    "page_of",
    "parts_sentence",
    "positive_of",
    "preview_fix",
    "profile",
    "query_rows",
    "read_answers",
    "read_rows",
    "read_some_rows",
    "relations",
    "rows_left",
    "rows_of",
    "scale_of",
    "split",
    "suggest",
    "task_types",
    "text_literal",
    "text_order",
    "times_of",
    "unmended",
    "validation_fraction",
]
