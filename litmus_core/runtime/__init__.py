"""Runs a trained model on raw rows, and loads bundles. Importing it loads nothing heavier than NumPy."""

from litmus_core.runtime._bundle import Bundle, load_bundle, read_manifest
from litmus_core.runtime._executors import ExecutorKind, current_versions, executor_kind, register_executor
from litmus_core.runtime._golden import Golden, json_rows
from litmus_core.runtime._info import Label, ModelInfo, label_text
from litmus_core.runtime._manifest import FileEntry, Manifest
from litmus_core.runtime._predictor import Executor, Pipeline, Predictor

__all__ = [
    "Bundle",
    "Executor",
    "ExecutorKind",
    "FileEntry",
    "Golden",
    "Label",
    "Manifest",
    "ModelInfo",
    "Pipeline",
    "Predictor",
    "current_versions",
    "executor_kind",
    "json_rows",
    "label_text",
    "load_bundle",
    "read_manifest",
    "register_executor",
]
