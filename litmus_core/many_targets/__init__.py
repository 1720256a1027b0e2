"""Many targets of one table: which they are, one verdict on all of them, and the folder that answers all."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from litmus_core.many_targets._desk import TargetsServer
    from litmus_core.many_targets._files import TARGETS_FILE, bundle_folder, load_targets, write_targets
    from litmus_core.many_targets._judge import JointPredictions, judge_targets
    from litmus_core.many_targets._messages import targets_sentences
    from litmus_core.many_targets._outlook import (
        FEWEST_COMPLETE,
        TargetsOutlook,
        TargetSummary,
        complete_rows,
        read_outlook,
    )
    from litmus_core.many_targets._predictor import TargetsPredictor
    from litmus_core.many_targets._report import TargetLine, TargetsReport
    from litmus_core.many_targets._scores import joint_metric, metrics_of, read_goal
    from litmus_core.many_targets._split import joint_test_rows
    from litmus_core.many_targets._tags import FEWEST, SEPARATORS, TagColumn, TagTable, read_tags, split_tags
    from litmus_core.many_targets._targets import JointTarget, TargetKind, TargetsSpec, read_targets
    from litmus_core.many_targets._texts import say
    from litmus_core.many_targets._thresholds import choose_thresholds

_HOMES = {
    "FEWEST": "_tags",
    "FEWEST_COMPLETE": "_outlook",
    "SEPARATORS": "_tags",
    "TARGETS_FILE": "_files",
    "TagColumn": "_tags",
    "TargetSummary": "_outlook",
    "TargetsOutlook": "_outlook",
    "complete_rows": "_outlook",
    "metrics_of": "_scores",
    "read_outlook": "_outlook",
    "split_tags": "_tags",
    "JointPredictions": "_judge",
    "TagTable": "_tags",
    "JointTarget": "_targets",
    "TargetKind": "_targets",
    "TargetLine": "_report",
    "TargetsPredictor": "_predictor",
    "TargetsReport": "_report",
    "TargetsServer": "_desk",
    "TargetsSpec": "_targets",
    "bundle_folder": "_files",
    "choose_thresholds": "_thresholds",
    "joint_metric": "_scores",
    "joint_test_rows": "_split",
    "judge_targets": "_judge",
    "load_targets": "_files",
    "read_goal": "_scores",
    "read_tags": "_tags",
    "read_targets": "_targets",
    "say": "_texts",
    "targets_sentences": "_messages",
    "write_targets": "_files",
}

__all__ = [
    "FEWEST",
    "FEWEST_COMPLETE",
    "SEPARATORS",
    "TARGETS_FILE",
    "JointPredictions",
    "JointTarget",
    "TagColumn",
    "TagTable",
    "TargetKind",
    "TargetLine",
    "TargetSummary",
    "TargetsOutlook",
    "TargetsPredictor",
    "TargetsReport",
    "TargetsServer",
    "TargetsSpec",
    "bundle_folder",
    "choose_thresholds",
    "complete_rows",
    "joint_metric",
    "joint_test_rows",
    "judge_targets",
    "load_targets",
    "metrics_of",
    "read_goal",
    "read_outlook",
    "read_tags",
    "read_targets",
    "say",
    "split_tags",
    "targets_sentences",
    "write_targets",
]


def __getattr__(name: str) -> Any:
    """Import a name on its first use: what answers needs nothing of what trains."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
