"""Runs a trained model on raw rows, and loads bundles. Importing it loads nothing heavier than NumPy."""

from litmus_core.runtime._bundle import (
    PIPELINE,
    Bundle,
    load_bundle,
    read_manifest,
    read_sealed,
    verified_folder,
)
from litmus_core.runtime._code import MODEL_FOLDER, MODULES, use_modules
from litmus_core.runtime._csv import CsvChunk, CsvTable
from litmus_core.runtime._csv_rows import CsvRows, find_rows
from litmus_core.runtime._decide import decide
from litmus_core.runtime._dialect import MAX_COLUMNS, Dialect, find_dialect, find_header, shown_delimiter
from litmus_core.runtime._encoding import Text, largest_unpacked, open_text, swollen, unpack_gzip
from litmus_core.runtime._executors import ExecutorKind, current_versions, executor_kind, register_executor
from litmus_core.runtime._files import chunk_rows, is_parquet, open_table
from litmus_core.runtime._golden import GOLDEN, Golden, json_rows, same_answers
from litmus_core.runtime._info import Label, ModelInfo, label_text
from litmus_core.runtime._manifest import CERTIFICATE, FORMAT, KIND, MANIFEST, SEAL, FileEntry, Manifest
from litmus_core.runtime._parquet import ParquetChunk, ParquetTable
from litmus_core.runtime._predictor import Executor, FeatureExecutor, Pipeline, Predictor
from litmus_core.runtime._seal import Sealed, seal_folder
from litmus_core.runtime._steps import STEPS, steps_here

__all__ = [
    "CERTIFICATE",
    "FORMAT",
    "GOLDEN",
    "KIND",
    "MANIFEST",
    "MAX_COLUMNS",
    "MODEL_FOLDER",
    "MODULES",
    "PIPELINE",
    "SEAL",
    "STEPS",
    "Bundle",
    "CsvChunk",
    "CsvRows",
    "CsvTable",
    "Dialect",
    "Executor",
    "ExecutorKind",
    "FeatureExecutor",
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
    "find_header",
    "find_rows",
    "is_parquet",
    "json_rows",
    "label_text",
    "largest_unpacked",
    "load_bundle",
    "open_table",
    "open_text",
    "read_manifest",
    "read_sealed",
    "register_executor",
    "same_answers",
    "seal_folder",
    "shown_delimiter",
    "steps_here",
    "swollen",
    "unpack_gzip",
    "use_modules",
    "verified_folder",
]
