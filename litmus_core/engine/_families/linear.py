"""AutoGluon's linear model: ridge regression of values, logistic regression of classes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from litmus_core.compiled import PlanStep
from litmus_core.engine._compile.first_layer import Array, FirstLayer, add_skewed, imputed
from litmus_core.engine._compile.inputs import Inputs, compact
from litmus_core.engine._explain.parts import linear_parts
from litmus_core.engine._families.family import (
    AutoGluonSettings,
    AutomaticChoice,
    CompiledForm,
    FamilyHyperparameters,
    FamilyLibrary,
    ModelFamily,
    SearchSpace,
)
from litmus_core.engine._families.library import (
    LibraryHyperparameter,
    check_types,
    read_constraints,
    same_names,
    sklearn_values,
    type_of_default,
)
from litmus_core.engine._families.spaces import floats
from litmus_core.engine._model_output import MODEL_OUTPUTS
from litmus_core.errors import NotCompilableError
from litmus_core.task_types import get_task_type
from litmus_core.types import ProblemType, Scalar


def compile_linear(name: str, model: Any, inputs: Inputs) -> PlanStep:
    """Return the step of an AutoGluon ``LinearModel``."""
    learned = model.model
    weights = np.atleast_2d(learned.coef_).T
    layer = FirstLayer(np.atleast_1d(learned.intercept_))
    transformers = model._pipeline.transformers_
    for part, transformer, columns in transformers:
        coefficients = weights[model._pipeline.output_indices_[part]]
        if len(columns) and part not in ("remainder",):
            _add(layer, part, transformer, list(columns), coefficients, inputs)
    settings = {**layer.settings, "link": {"kind": MODEL_OUTPUTS.of(model.problem_type).link}}
    return PlanStep(id=name, kind="dense", settings=settings, arrays=compact(layer.arrays))


def _add(
    layer: FirstLayer, part: str, transformer: Any, columns: Sequence[str], weights: Array, inputs: Inputs
) -> None:
    if part == "cats":
        _add_categories(layer, transformer.named_steps["generator"].encoder_, columns, weights, inputs)
    elif part == "cont":
        imputer, scaler = transformer.named_steps["imputer"], transformer.named_steps["scaler"]
        names, fill = imputed(imputer, columns)
        layer.numbers(inputs.sources(names), weights, center=scaler.mean_, scale=scaler.scale_, fill=fill)
    elif part == "bool":
        scaler = transformer.named_steps["scaler"]
        layer.flags(inputs.sources(columns), weights, center=scaler.mean_, scale=scaler.scale_)
    elif part == "skew":
        add_skewed(layer, transformer, columns, weights, inputs)
    else:
        raise NotCompilableError(f"its columns go through a step called '{part}'")


def _add_categories(
    layer: FirstLayer, encoder: Any, columns: Sequence[str], weights: Array, inputs: Inputs
) -> None:
    """Call the encoder with every code, instead of reimplementing it."""
    hot = np.asarray(encoder.transform_ohe(inputs.trial(columns)).todense(), dtype=np.float64)
    tables, start = [], 0
    for name, values in zip(columns, encoder._ohe.categories_, strict=True):
        stop = start + len(values)
        tables.append(hot[: inputs.n_codes(name), start:stop] @ weights[start:stop])
        start = stop
    layer.categories(inputs.sources(columns), tables)


def _read_hyperparameters(problem_type: ProblemType) -> LibraryHyperparameter:
    from autogluon.tabular.models.lr.hyperparameters.parameters import get_param_baseline
    from sklearn.linear_model import LogisticRegression, Ridge

    has_classes = get_task_type(problem_type).has_classes
    estimator = LogisticRegression if has_classes else Ridge
    kinds = {name: type_of_default(value) for name, value in get_param_baseline().items()}
    of_autogluon = {name: float if kind is int else kind for name, kind in kinds.items()}
    constrained = read_constraints(estimator._parameter_constraints)
    by_type = check_types(of_autogluon)

    def problem(name: str, value: Scalar) -> str:
        return by_type(name, value) if name in of_autogluon else constrained.problem(name, value)

    return LibraryHyperparameter(main=same_names([*of_autogluon, *constrained.main]), problem=problem)


def _penalty_of_classes(name: str, value: Scalar, problem_type: ProblemType) -> str:
    """Refuse other penalties than L2, which AutoGluon ignores."""
    is_other = isinstance(value, str) and value.lower() != "l2"
    if name != "penalty" or not get_task_type(problem_type).has_classes or not is_other:
        return ""
    return "is L2 for classes (for L1 give l1_ratio=1.0 and solver='saga')"


LINEAR = ModelFamily(
    key="linear",
    title="Linear model",
    when="When effects simply add up, or an answer must be quick and easy to explain.",
    about=(
        "It gives each column a weight and adds up. Each frequent category has a weight of its "
        "own. The weights say what moves an answer."
    ),
    kind="linear",
    aliases=("lr", "linearmodel", "linearregression", "logistic", "ridge", "logisticregression"),
    chosen=AutomaticChoice(rank=10, cells_per_s=300_000, quick_rows=20_000),
    training=AutoGluonSettings(model="LR", priority=90, seed_name="random_state"),
    hyperparameters=FamilyHyperparameters(
        read=_read_hyperparameters,
        choices={"penalty": ("L1", "L2"), "proc.impute_strategy": ("median", "mean", "most_frequent")},
        problem=_penalty_of_classes,
    ),
    space=SearchSpace(
        meanings={
            "C": (
                "How freely weights may grow. Smaller values keep them near zero, which helps with few rows."
            ),
        },
        hyperparameters=(floats("C", 0.001, 1000.0, log=True, default=1.0),),
        starts=({"C": 0.1}, {"C": 10.0}),
    ),
    compiled=CompiledForm(
        contributions=linear_parts,
        compile=compile_linear,
        classes=("autogluon.tabular.models.lr.lr_model.LinearModel",),
    ),
    library=FamilyLibrary(packages=("scikit-learn",), module="sklearn", values=sklearn_values),
)
