"""Features: raw rows of a known schema become the columns that models learn from, the same way every time.

Importing it loads NumPy and nothing heavier; pandas is loaded when rows arrive.
"""

from litmus_core.frame._coerce import FINITE_STORAGE, coerce, is_infinite, read_rows
from litmus_core.frame._features import Features
from litmus_core.frame._graph import Graph
from litmus_core.frame._ngrams import Ngrams, char_ngrams, word_ngrams
from litmus_core.frame._pipeline import FeaturePipeline
from litmus_core.frame._raw import RawColumn
from litmus_core.frame._spelling import is_spelled, respell
from litmus_core.frame._text import RAW_TEXT_SUFFIX
from litmus_core.frame._values import stored_as_number

__all__ = [
    "FINITE_STORAGE",
    "RAW_TEXT_SUFFIX",
    "FeaturePipeline",
    "Features",
    "Graph",
    "Ngrams",
    "RawColumn",
    "char_ngrams",
    "coerce",
    "is_infinite",
    "is_spelled",
    "read_rows",
    "respell",
    "stored_as_number",
    "word_ngrams",
]
