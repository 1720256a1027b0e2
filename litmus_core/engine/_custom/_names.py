"""AutoGluon's names for custom models."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from litmus_core.text import value_text
from litmus_core.types import CustomModel

CUSTOM_FAMILY = "custom"
_UNSAFE = re.compile(r"[^A-Za-z0-9_.=, +-]")
_LONGEST = 60


def model_names(models: Sequence[CustomModel]) -> tuple[str, ...]:
    """Return AutoGluon's name for each: the family, then the class; also its module if that is ambiguous.

    >>> model_names([CustomModel(reference="a:Net", module="a", name="Net")])
    ('custom-Net',)
    >>> model_names([CustomModel(reference="a:Net", module="a", name="Net", parameters=(("k", 3),))])
    ('custom-Net, k=3',)
    """
    classes = {(model.module, model.name) for model in models}
    often = Counter(name for _, name in classes)
    names: list[str] = []
    for model in models:
        plain = model.name if often[model.name] == 1 else f"{model.name} of {model.module.replace('.', ' ')}"
        settings = "".join(f", {name}={value_text(value)}" for name, value in model.parameters)
        wanted = f"{CUSTOM_FAMILY}-{plain}{_UNSAFE.sub(' ', settings)[:_LONGEST]}"
        same = sum(name.partition(" no. ")[0] == wanted for name in names)
        names.append(f"{wanted} no. {same + 1}" if same else wanted)
    return tuple(names)
