"""Tables: import, rows, profiles, task suggestions and checks, splits and baselines."""

from litmus_core.data._baselines import baselines, converted_constant
from litmus_core.data._duckdb import identifier, text_literal
from litmus_core.data._fixes.apply import FixPreview, apply_fixes, preview_fix, surviving_rows
from litmus_core.data._fixes.effect import FixEffect, fix_effect
from litmus_core.data._fixes.texts import fix_title
from litmus_core.data._import import import_table
from litmus_core.data._import_progress import ImportProgress
from litmus_core.data._labels.class_labels import as_labels
from litmus_core.data._labels.target_transform import (
    distinct_labels,
    labels_of,
    read_labels,
    register_task_type,
    with_task_target,
)
from litmus_core.data._memory import free_gb
from litmus_core.data._metric_checks import check_metric
from litmus_core.data._profile.order_leak import follows_row_order, may_follow
from litmus_core.data._profile.profile import profile
from litmus_core.data._profile.profile_types import (
    ColumnProfile,
    DateRange,
    Histogram,
    NumberFigures,
    Profile,
    TextFigures,
    ValueCount,
)
from litmus_core.data._profile.score_scales import ScoreScale
from litmus_core.data._profile.target_association import Group, Relation, Relations, relations
from litmus_core.data._profile.univariate_score import UnivariateScorer, as_numbers
from litmus_core.data._quick_folds import QuickReference, quick_reference, quick_score_in_folds
from litmus_core.data._rows.cells import as_text
from litmus_core.data._rows.pages import Page, page_of
from litmus_core.data._rows.read import check_names, count_values, query_rows, read_rows, read_some_rows
from litmus_core.data._rows.sampling import TableSample, bytes_per_row, restrict_to_sample, sample_rows
from litmus_core.data._sources import FILE_KINDS, rows_file
from litmus_core.data._split.gap import TimeGap, gap_text, time_gap
from litmus_core.data._split.notes import unlabelled_note, whole_groups_note
from litmus_core.data._split.overlap import SplitOverlap, find_split_overlap
from litmus_core.data._split.split import (
    SplitParts,
    group_codes,
    parts_sentence,
    split,
    validation_fraction,
)
from litmus_core.data._suggestions import default_positive_class, suggest
from litmus_core.data._target_facts import target_facts
from litmus_core.data._task_checks import check_task
from litmus_core.data._task_types import is_custom_task_type, scale_of, task_types
from litmus_core.data._time.calendar_columns import (
    find_calendar,
    moments,
    names_cohort,
    names_year_of_a_thing,
    times_of,
)
from litmus_core.data._time.ordered_texts import TextOrder, text_order
from litmus_core.data._time.timestamp_numbers import holds_moments, may_count, names_time
from litmus_core.data._types.semantic import kind_in_unit, kind_of_texts, looks_like_id, names_rows
from litmus_core.data._versions.append import append_rows, correct_labels
from litmus_core.data._versions.content_hash import content_hash
from litmus_core.data._versions.continuation import check_newer, newest_version
from litmus_core.data._versions.diff import difference
from litmus_core.data._versions.lineage import rows_of, without_fixes

__all__ = [
    "FILE_KINDS",
    "ColumnProfile",
    "DateRange",
    "FixEffect",
    "FixPreview",
    "Group",
    "Histogram",
    "ImportProgress",
    "NumberFigures",
    "Page",
    "Profile",
    "QuickReference",
    "Relation",
    "Relations",
    "ScoreScale",
    "SplitOverlap",
    "SplitParts",
    "TableSample",
    "TextFigures",
    "TextOrder",
    "TimeGap",
    "UnivariateScorer",
    "ValueCount",
    "append_rows",
    "apply_fixes",
    "as_labels",
    "as_numbers",
    "as_text",
    "baselines",
    "bytes_per_row",
    "check_metric",
    "check_names",
    "check_newer",
    "check_task",
    "content_hash",
    "converted_constant",
    "correct_labels",
    "count_values",
    "default_positive_class",
    "difference",
    "distinct_labels",
    "find_calendar",
    "find_split_overlap",
    "fix_effect",
    "fix_title",
    "follows_row_order",
    "free_gb",
    "gap_text",
    "group_codes",
    "holds_moments",
    "identifier",
    "import_table",
    "is_custom_task_type",
    "kind_in_unit",
    "kind_of_texts",
    "labels_of",
    "looks_like_id",
    "may_count",
    "may_follow",
    "moments",
    "names_cohort",
    "names_rows",
    "names_time",
    "names_year_of_a_thing",
    "newest_version",
    "page_of",
    "parts_sentence",
    "preview_fix",
    "profile",
    "query_rows",
    "quick_reference",
    "quick_score_in_folds",
    "read_labels",
    "read_rows",
    "read_some_rows",
    "register_task_type",
    "relations",
    "restrict_to_sample",
    "rows_file",
    "rows_of",
    "sample_rows",
    "scale_of",
    "split",
    "suggest",
    "surviving_rows",
    "target_facts",
    "task_types",
    "text_literal",
    "text_order",
    "time_gap",
    "times_of",
    "unlabelled_note",
    "validation_fraction",
    "whole_groups_note",
    "with_task_target",
    "without_fixes",
]
