"""``train(training=…)``: the models to train, and the steps before, in and after learning."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from litmus_core.experiments._api.arguments.keywords import named_keywords
from litmus_core.experiments._api.preprocessors import pre_parts
from litmus_core.experiments._api.spec import reference_of
from litmus_core.experiments._runs.postprocess_checks import read_parts
from litmus_core.types import CustomModel, PluginRef, RunPlan, TrainingOptions, Tuning


@named_keywords
@dataclass(frozen=True, kw_only=True)
class Training(TrainingOptions):
    """The training of a call of :func:`litmus_core.train`: :class:`TrainingOptions`, models and steps.

    ``models`` are names of families and custom classes (or ``"path/to/file.py:Net"``) that every run trains
    besides its ``algorithm``. ``preprocess`` are custom pre-processors in their order, such as
    ``"tidy.py:Tidy(most=20)"``, a class, or a function of a data frame (docs/guides/pre-processing.md).
    ``tuning`` looks for better hyperparameters in a share of the time. ``postprocess`` are steps for
    predictions, in their order, such as ``"cap(low=0)"``, ``"abstain(below=0.7)"`` or a class
    (docs/guides/post-processing.md).

        Training(balanced=True, tuning=Tuning(n_trials=20), postprocess=["calibrate"])
    """

    models: Sequence[str | type] | str | type = ()
    preprocess: Sequence[str | Callable[..., Any] | PluginRef] | str | Callable[..., Any] | PluginRef = ()
    tuning: Tuning | None = None
    postprocess: Sequence[str | type | PluginRef] | str | type = ()


def plan_of(training: Training | None) -> RunPlan:
    """Return the plan of a run with this training. Raises UsageError or UnknownNameError."""
    options_of = training or Training()
    models = [options_of.models] if isinstance(options_of.models, str | type) else options_of.models
    names = [reference_of(model) for model in models]
    options: dict[str, Any] = {
        field.name: getattr(options_of, field.name) for field in fields(TrainingOptions)
    }
    options["without_rows"] = tuple(sorted(set(options_of.without_rows)))
    return RunPlan(
        families=tuple(name for name in names if ":" not in name),
        models=tuple(CustomModel(reference=name) for name in names if ":" in name),
        preprocess=pre_parts(options_of.preprocess),
        tuning=options_of.tuning,
        postprocess=read_parts(options_of.postprocess),
        training=TrainingOptions(**options),
    )
