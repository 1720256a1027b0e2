"""Runs a trained model on raw rows, and loads bundles. Importing it loads nothing heavier than NumPy."""

from litmus_core.runtime._bundle import MODEL_FOLDER, PIPELINE, Bundle, load_bundle, read_manifest
from litmus_core.runtime._csv import CsvChunk, CsvTable
from litmus_core.runtime._csv_rows import CsvRows, find_rows
from litmus_core.runtime._decide import decide
from litmus_core.runtime._dialect import MAX_COLUMNS, Dialect, find_dialect
from litmus_core.runtime._encoding import Text, open_text
from litmus_core.runtime._executors import ExecutorKind, current_versions, executor_kind, register_executor
from litmus_core.runtime._files import chunk_rows, is_parquet, open_table
from litmus_core.runtime._golden import GOLDEN, Golden, json_rows
from litmus_core.runtime._info import Label, ModelInfo, label_text
from litmus_core.runtime._manifest import FORMAT, KIND, FileEntry, Manifest
from litmus_core.runtime._parquet import ParquetChunk, ParquetTable
from litmus_core.runtime._predictor import Executor, Pipeline, Predictor
from litmus_core.runtime._seal import Sealed, seal_folder

__all__ = [
    "FORMAT",
    "GOLDEN",
    "KIND",
    "MAX_COLUMNS",
    "MODEL_FOLDER",
    "PIPELINE",
    "Bundle",
    "CsvChunk",
    "CsvRows",
    "CsvTable",
    "Dialect",
    "Executor",
    "ExecutorKind",
    "FileEntry",
    "Golden",
    "Label",
    "Manifest",
    "ModelInfo",
    "ParquetChunk",
    "ParquetTable",
    "Pipeline",
    "Predictor",
    "Sealed",
    "Text",
    "chunk_rows",
    "current_versions",
    "decide",
    "executor_kind",
    "find_dialect",
    "find_rows",
    "is_parquet",
    "json_rows",
    "label_text",
    "load_bundle",
    "open_table",
    "open_text",
    "read_manifest",
    "register_executor",
    "seal_folder",
]
