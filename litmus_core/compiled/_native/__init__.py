"""The inner loops of compiled models as machine code, where there is a build for this processor."""

from litmus_core.compiled._native._facts import NativeFacts, check_within, field
from litmus_core.compiled._native._function import Function, function
from litmus_core.compiled._native._library import SOURCE, build_path, source_mark, unavailable_reason

__all__ = [
    "SOURCE",
    "Function",
    "NativeFacts",
    "build_path",
    "check_within",
    "field",
    "function",
    "source_mark",
    "unavailable_reason",
]
