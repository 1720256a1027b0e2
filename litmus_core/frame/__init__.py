"""Features: raw rows of a known schema become the columns that models learn from, the same way every time.

Importing it loads NumPy and nothing heavier; pandas is loaded when rows arrive.
"""

from litmus_core.frame._beside import concat, cut
from litmus_core.frame._choice import Choice
from litmus_core.frame._coded import Code, CodedPipeline, Transform, open_pipeline, settled
from litmus_core.frame._coerce import coerce, is_infinite, read_rows
from litmus_core.frame._digits import OTHER_DIGITS, THEIR_DIGITS, with_own_digits
from litmus_core.frame._distributed import spread
from litmus_core.frame._features import Features
from litmus_core.frame._frame_plan import FramePlan
from litmus_core.frame._graph import Graph
from litmus_core.frame._made import first_difference, made_values
from litmus_core.frame._ngrams import Ngrams, char_ngrams, word_ngrams
from litmus_core.frame._number_forms import (
    BARE,
    CURRENCIES,
    DOLLARS,
    FOOTNOTES,
    LATITUDE,
    LONGITUDE,
    MARKS,
    OF_TOKEN,
    POWER,
    RAISED,
    SHORT,
    NumberForm,
    number_form,
)
from litmus_core.frame._pipeline import FeaturePipeline
from litmus_core.frame._raw import RawColumn
from litmus_core.frame._ready import raw_frame, ready_columns, ready_polars, ready_reader, ready_row
from litmus_core.frame._scalable import ScalableDataFrame
from litmus_core.frame._series import ScalableSeries
from litmus_core.frame._spelling import CODES, is_spelled, respell
from litmus_core.frame._text import RAW_TEXT_SUFFIX
from litmus_core.frame._traced import Traced, made_column, named, trace
from litmus_core.frame._transformer import FrameTransformer
from litmus_core.frame._values import FINITE_STORAGE, says_missing, stored_as_number
from litmus_core.frame._wordpiece import WordPieces

__all__ = [
    "BARE",
    "CODES",
    "CURRENCIES",
    "DOLLARS",
    "FINITE_STORAGE",
    "FOOTNOTES",
    "LATITUDE",
    "LONGITUDE",
    "MARKS",
    "OF_TOKEN",
    "OTHER_DIGITS",
    "POWER",
    "RAISED",
    "RAW_TEXT_SUFFIX",
    "SHORT",
    "THEIR_DIGITS",
    "Choice",
    "Code",
    "CodedPipeline",
    "FeaturePipeline",
    "Features",
    "FramePlan",
    "FrameTransformer",
    "Graph",
    "Ngrams",
    "NumberForm",
    "RawColumn",
    "ScalableDataFrame",
    "ScalableSeries",
    "Traced",
    "Transform",
    "WordPieces",
    "char_ngrams",
    "coerce",
    "concat",
    "cut",
    "first_difference",
    "is_infinite",
    "is_spelled",
    "made_column",
    "made_values",
    "named",
    "number_form",
    "open_pipeline",
    "raw_frame",
    "read_rows",
    "ready_columns",
    "ready_polars",
    "ready_reader",
    "ready_row",
    "respell",
    "says_missing",
    "settled",
    "spread",
    "stored_as_number",
    "trace",
    "with_own_digits",
    "word_ngrams",
]
