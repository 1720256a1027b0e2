"""A small pretrained text encoder as a model family: read, frozen or fine-tuned, compiled.

torch is imported only by the modules that compute with it, when a model is fitted or predicts.
"""

from litmus_core.engine._text_encoder._pretrained import EncoderShape, Pretrained
from litmus_core.engine._text_encoder._settings import DEFAULTS, out_of_range
from litmus_core.engine._text_encoder._source import (
    INSTALL,
    check_encoders,
    has_encoder,
    with_absolute_folders,
)

__all__ = [
    "DEFAULTS",
    "INSTALL",
    "EncoderShape",
    "Pretrained",
    "check_encoders",
    "has_encoder",
    "out_of_range",
    "with_absolute_folders",
]
