"""Features: turn raw rows of a known schema into the columns that models learn from, always in the same way.

Importing it loads only NumPy; pandas is loaded when rows arrive.
"""

from litmus_core.frame._encoders.encoder import encoding_of
from litmus_core.frame._encoders.ngrams import Ngrams, char_ngrams, word_ngrams
from litmus_core.frame._encoders.text import RAW_TEXT_SUFFIX
from litmus_core.frame._encoders.wordpiece import WordPieces
from litmus_core.frame._frame_methods.dummies import get_dummies
from litmus_core.frame._functions.bins import concat, cut
from litmus_core.frame._functions.constructors import merge
from litmus_core.frame._functions.parsing import to_datetime, to_numeric
from litmus_core.frame._graph import Graph
from litmus_core.frame._layouts.distributed import transform_parquet
from litmus_core.frame._layouts.frame_plan import FramePlan
from litmus_core.frame._layouts.selection import Choice
from litmus_core.frame._layouts.table_formats import (
    check_plain_folder,
    logged_table_error,
    table_format,
    table_format_of,
)
from litmus_core.frame._pipeline.features import Features
from litmus_core.frame._pipeline.function_step import FunctionStep, is_frame_function
from litmus_core.frame._pipeline.pipeline import FeaturePipeline
from litmus_core.frame._pipeline.preprocess import (
    raw_frame,
    ready_columns,
    ready_polars,
    ready_reader,
)
from litmus_core.frame._pipeline.python_steps import (
    Code,
    CodedPipeline,
    Transform,
    checked_result,
    open_pipeline,
)
from litmus_core.frame._pipeline.raw_column import RawColumn
from litmus_core.frame._pipeline.runner import column_reader
from litmus_core.frame._pipeline.traced_steps import Traced, derived_column, named, trace
from litmus_core.frame._pipeline.transformer import FrameTransformer
from litmus_core.frame._series.series import ScalableSeries
from litmus_core.frame._symbolic.frame import SymbolicDataFrame
from litmus_core.frame._symbolic.pandas_results import first_mismatch, values_from_pandas
from litmus_core.frame._symbolic.scalable_frame import ScalableDataFrame
from litmus_core.frame._values.category_codes import MISSING_TEXTS, category_codes
from litmus_core.frame._values.coercion import coerce, is_infinite, read_rows
from litmus_core.frame._values.compound_units import COMPOUND_UNITS, CompoundUnit, compound_unit_of
from litmus_core.frame._values.digits import FRACTIONS, OTHER_DIGITS, THEIR_DIGITS, with_ascii_digits
from litmus_core.frame._values.formats import (
    CODES,
    DURATIONS,
    GERMAN,
    GERMAN_DATE,
    GERMAN_MONTHS,
    LISTS,
    SHORTEST_FOLDED,
    cell_fixes,
    codes_of_width,
    codes_width,
    has_source_format,
    holds_durations,
    is_fixed,
    list_text,
    to_plain_format,
)
from litmus_core.frame._values.number_formats import (
    ABOUT,
    ANY_OF,
    AT_LEAST,
    FLAGS,
    FOOTNOTES,
    FROM,
    GLUED,
    LIMITS,
    MARKS,
    ONWARDS,
    PLUS_THEN,
    RAISED,
    SECOND,
    SPREAD,
    TERMS,
    UNDER_ONE,
    NumberForm,
    number_form,
)
from litmus_core.frame._values.number_units import (
    ANY_CASE,
    BARE,
    CURRENCIES,
    DOLLARS,
    LATITUDE,
    LEDGER,
    LONGITUDE,
    OF_TOKEN,
    POWER,
    POWERS_OF_MONEY,
    POWERS_TOGETHER,
    SHORT,
    TIMES_TEN,
    begins_code,
    powers_with,
)
from litmus_core.frame._values.quantities import IN, family_of
from litmus_core.frame._values.raw_values import describe_format, says_missing, stored_as_number

__all__ = [
    "ABOUT",
    "ANY_CASE",
    "ANY_OF",
    "AT_LEAST",
    "BARE",
    "CODES",
    "COMPOUND_UNITS",
    "CURRENCIES",
    "DOLLARS",
    "DURATIONS",
    "FLAGS",
    "FOOTNOTES",
    "FRACTIONS",
    "FROM",
    "GERMAN",
    "GERMAN_DATE",
    "GERMAN_MONTHS",
    "GLUED",
    "IN",
    "LATITUDE",
    "LEDGER",
    "LIMITS",
    "LISTS",
    "LONGITUDE",
    "MARKS",
    "MISSING_TEXTS",
    "OF_TOKEN",
    "ONWARDS",
    "OTHER_DIGITS",
    "PLUS_THEN",
    "POWER",
    "POWERS_OF_MONEY",
    "POWERS_TOGETHER",
    "RAISED",
    "RAW_TEXT_SUFFIX",
    "SECOND",
    "SHORT",
    "SHORTEST_FOLDED",
    "SPREAD",
    "TERMS",
    "THEIR_DIGITS",
    "TIMES_TEN",
    "UNDER_ONE",
    "Choice",
    "Code",
    "CodedPipeline",
    "CompoundUnit",
    "FeaturePipeline",
    "Features",
    "FramePlan",
    "FrameTransformer",
    "FunctionStep",
    "Graph",
    "Ngrams",
    "NumberForm",
    "RawColumn",
    "ScalableDataFrame",
    "ScalableSeries",
    "SymbolicDataFrame",
    "Traced",
    "Transform",
    "WordPieces",
    "begins_code",
    "category_codes",
    "cell_fixes",
    "char_ngrams",
    "check_plain_folder",
    "checked_result",
    "codes_of_width",
    "codes_width",
    "coerce",
    "column_reader",
    "compound_unit_of",
    "concat",
    "cut",
    "derived_column",
    "describe_format",
    "encoding_of",
    "family_of",
    "first_mismatch",
    "get_dummies",
    "has_source_format",
    "holds_durations",
    "is_fixed",
    "is_frame_function",
    "is_infinite",
    "list_text",
    "logged_table_error",
    "merge",
    "named",
    "number_form",
    "open_pipeline",
    "powers_with",
    "raw_frame",
    "read_rows",
    "ready_columns",
    "ready_polars",
    "ready_reader",
    "says_missing",
    "stored_as_number",
    "table_format",
    "table_format_of",
    "to_datetime",
    "to_numeric",
    "to_plain_format",
    "trace",
    "transform_parquet",
    "values_from_pandas",
    "with_ascii_digits",
    "word_ngrams",
]
