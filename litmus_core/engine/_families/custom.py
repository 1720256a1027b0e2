"""A custom class, from a plug-in or a file: one family that trains any class, isolated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litmus_core.engine._custom import CUSTOM_FAMILY
from litmus_core.engine._families.family import AutoGluonSettings, CompiledForm, ModelFamily

SHARE = 0.4  # of the time then left: a custom model may never finish
# With folds, where a first one that never finishes costs a fifth of it, and where it trains alone.
MOST = 0.8


def _model_class(settings: Mapping[str, Any]) -> type:
    from litmus_core.engine._custom.wrapper import CustomWrapper

    return CustomWrapper


CUSTOM_TRAINING = AutoGluonSettings(
    priority=97,  # someone asked for it, and the run fails without it: only a quick linear model comes first
    seed_name="random_state",
    hyperparameters={"ag.max_time_limit_ratio": SHARE},
    model_class=_model_class,
    takes_weights=False,
)

CUSTOM = ModelFamily(
    key=CUSTOM_FAMILY,
    title="Your own model",
    when="When you know of a model that nobody here has.",
    kind="own code",
    training=CUSTOM_TRAINING,
    compiled=CompiledForm(obstacles={"CustomWrapper": "it is your own code"}),
)
