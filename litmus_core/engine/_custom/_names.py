"""What models of one's own are called among AutoGluon's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from litmus_core.types import CustomModel

CUSTOM_CARD = "custom"


def model_names(models: Sequence[CustomModel]) -> tuple[str, ...]:
    """Return AutoGluon's name for each: the card, then the class; its module too where that is not enough.

    >>> model_names([CustomModel(reference="a:Net", module="a", name="Net")])
    ('custom-Net',)
    """
    often = Counter(model.name for model in models)
    plain = [
        model.name if often[model.name] == 1 else f"{model.name} of {model.module.replace('.', ' ')}"
        for model in models
    ]
    return tuple(f"{CUSTOM_CARD}-{name}" for name in plain)
