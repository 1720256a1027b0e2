"""Features: raw rows of a known schema become the columns that models learn from, the same way every time.

Importing it loads NumPy and nothing heavier; pandas is loaded when rows arrive.
"""

from litmus_core.frame._coerce import coerce
from litmus_core.frame._features import Features
from litmus_core.frame._ngrams import Ngrams, char_ngrams, word_ngrams
from litmus_core.frame._pipeline import FeaturePipeline
from litmus_core.frame._text import RAW_TEXT_SUFFIX

__all__ = ["RAW_TEXT_SUFFIX", "FeaturePipeline", "Features", "Ngrams", "char_ngrams", "coerce", "word_ngrams"]
