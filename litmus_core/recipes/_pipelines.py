"""Named pipelines: algorithms with their hyperparameters, and their pre- and post-processing steps."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, get_args

from litmus_core.builtin_preprocessors import MODULE as OWN_COLUMNS
from litmus_core.engine import check_algorithms, check_space, get_model_family
from litmus_core.errors import LitmusError
from litmus_core.plugins import is_installed_plugin, read_part
from litmus_core.recipes._file.fields import (
    flag,
    number,
    one_of,
    read_fields,
    read_items,
    read_named,
    read_pairs,
    text,
    unknown,
)
from litmus_core.recipes._file.problems import problem_at, problem_from
from litmus_core.recipes._node import Node
from litmus_core.runtime import parameters_of
from litmus_core.types import (
    TRAINING_FLAGS,
    Algorithm,
    FoldKind,
    Folds,
    Hyperparameter,
    PluginRef,
    Point,
    ProblemType,
    Pruner,
    RunPlan,
    Sampler,
    Scalar,
    Space,
    TrainingOptions,
    Tuning,
)

_PLAIN = TrainingOptions()
_PLUGIN = re.compile(r"plugins/[A-Za-z_][A-Za-z0-9_]*\.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineStep:
    """A pipeline: model families, algorithms with hyperparameters, processing steps, tuning and folds."""

    name: str
    words: str = ""
    families: tuple[str, ...] = ()
    algorithms: tuple[Algorithm, ...] = ()
    preprocess: tuple[PluginRef, ...] = ()
    postprocess: tuple[PluginRef, ...] = ()
    tuning: Tuning | None = None
    folds: Folds | None = None
    training: TrainingOptions = _PLAIN

    @property
    def shared_settings(self) -> tuple[Any, ...]:
        """The settings that all pipelines of one run must share."""
        return self.preprocess, self.postprocess, self.tuning, self.folds, self.training


def plan_of(pipelines: Sequence[PipelineStep]) -> RunPlan:
    """Return the plan of a run that trains these pipelines, which have the same :attr:`shared_settings`."""
    first = pipelines[0]
    families = dict.fromkeys(key for pipeline in pipelines for key in pipeline.families)
    algorithms = dict.fromkeys(algorithm for pipeline in pipelines for algorithm in pipeline.algorithms)
    return RunPlan(
        families=tuple(families),
        algorithms=tuple(algorithms),
        preprocess=first.preprocess,
        postprocess=first.postprocess,
        tuning=first.tuning,
        training=first.training,
        folds=first.folds,
    )


def read_pipelines(node: Node | None, problems: Sequence[ProblemType]) -> dict[str, PipelineStep]:
    """Return the pipelines by name; each inherits the fields of the pipeline that its ``like`` names."""
    if node is None:
        return {}
    values = read_named(
        node, lambda name, _, value: _read_fields(name, value, problems), subject="the pipelines"
    )
    places = {name: value for name, _, value in read_pairs(node, subject="the pipelines")}
    return {name: _build_pipeline(name, values, places, path=()) for name in values}


def _read_fields(name: str, node: Node, problems: Sequence[ProblemType]) -> dict[str, Any]:
    fields_of = {
        "like": text,
        "words": text,
        "algorithms": lambda items: read_items(
            items, lambda one: _algorithm(one, problems), subject="algorithms"
        ),
        "pre": lambda items: read_parts(items, "preprocess"),
        "post": lambda items: read_parts(items, "postprocess"),
        "tune": read_tuning,
        "folds": read_folds,
        **dict.fromkeys(TRAINING_FLAGS, flag),
    }
    values = read_fields(node, fields_of, subject=f"the pipeline '{name}'")
    if "algorithms" not in values and "like" not in values:
        raise problem_at(
            node, f"The pipeline '{name}' trains nothing.", "Give it algorithms, or like: ANOTHER."
        )
    return values


def _build_pipeline(
    name: str,
    fields_by_name: Mapping[str, dict[str, Any]],
    places: Mapping[str, Node],
    *,
    path: tuple[str, ...],
) -> PipelineStep:
    local_fields = fields_by_name[name]
    base = PipelineStep(name=name)
    if "like" in local_fields:
        pairs = read_pairs(places[name], subject="a pipeline")
        at = next(value for field, _, value in pairs if field == "like")
        if local_fields["like"] in (*path, name):
            way = " is like ".join([*path, name, local_fields["like"]])
            raise problem_at(at, f"Pipelines go in a loop: {way}.", "Write one of them out.")
        if local_fields["like"] not in fields_by_name:
            raise unknown(
                at,
                local_fields["like"],
                [one for one in fields_by_name if one != name],
                kind="pipeline called",
            )
        base = _build_pipeline(local_fields["like"], fields_by_name, places, path=(*path, name))
    algorithms = local_fields.get("algorithms")
    changes: dict[str, Any] = {"name": name}
    if algorithms is not None:
        changes["families"] = tuple(algorithm for algorithm in algorithms if isinstance(algorithm, str))
        changes["algorithms"] = tuple(algorithm for algorithm in algorithms if not isinstance(algorithm, str))
    for field, ours in (("words", "words"), ("pre", "preprocess"), ("post", "postprocess")):
        if field in local_fields:
            changes[ours] = local_fields[field]
    changes |= {
        ours: local_fields[field]
        for field, ours in (("tune", "tuning"), ("folds", "folds"))
        if field in local_fields
    }
    options = {name: local_fields[name] for name in TRAINING_FLAGS if name in local_fields}
    changes["training"] = replace(base.training, **options)
    return replace(base, **changes)


def pipeline_called(node: Node, pipelines: Mapping[str, PipelineStep]) -> PipelineStep:
    """Return the pipeline of this name, or the model family as a pipeline."""
    from litmus_core.engine import model_families

    name = text(node)
    if name in pipelines:
        return pipelines[name]
    keys = [family.key for family in model_families()]
    if name not in keys:
        raise unknown(node, name, [*pipelines, *keys], kind="pipeline called")
    return PipelineStep(name=name, families=(name,))


def _algorithm(node: Node, problems: Sequence[ProblemType]) -> str | Algorithm:
    if not isinstance(node.value, dict):
        key = text(node)
        return Algorithm(key=_trusted(node, key)) if ":" in key else _family(node, key)
    pairs = read_pairs(node, subject="an algorithm")
    if len(pairs) != 1:
        raise problem_at(node, "Each algorithm stands alone.", "Write '- lightgbm: {num_leaves: 31}'.")
    key, at, values = pairs[0]
    if ":" in key:
        _trusted(at, key)
    else:
        _family(at, key)
    hyperparameters = read_named(
        values, lambda name, _, value: _hyperparameter(name, value, key), subject=f"what {key} is given"
    )
    algorithm = Algorithm(key=key, hyperparameters=tuple(hyperparameters.values()))
    _check(algorithm, at, problems)
    return algorithm


def _check(algorithm: Algorithm, node: Node, problems: Sequence[ProblemType]) -> None:
    """Raise Wrong if no task type of the recipe knows these hyperparameters."""
    messages: list[LitmusError] = []
    for kind in problems or get_args(ProblemType):
        try:
            check_algorithms((algorithm,), kind, is_tuned=True)
        except LitmusError as error:
            messages.append(error)
        else:
            if not problems:
                return
    if messages:
        raise problem_from(node, messages[0])


def _family(node: Node, key: str) -> str:
    try:
        return get_model_family(key).key
    except LitmusError as error:
        raise problem_from(node, error) from None


def _hyperparameter(name: str, node: Node, key: str) -> Hyperparameter:
    if isinstance(node.value, list) and ":" not in key:
        raise problem_at(
            node, f"{name} is a list.", "Give one value, or {choices: [a, b]} to look among them."
        )
    if isinstance(node.value, list):
        return Hyperparameter(name=name, value=read_items(node, _scalar, subject=name))
    if not isinstance(node.value, dict):
        return Hyperparameter(name=name, value=node.value)
    space_fields = {
        "low": number(),
        "high": number(),
        "log": flag,
        "integer": flag,
        "choices": lambda items: read_items(items, _scalar, subject="choices"),
    }
    space = Space(**read_fields(node, space_fields, subject=f"the space of {name}"))
    try:
        check_space(f"'{name}' ({key})", space)
    except LitmusError as error:
        raise problem_from(node, error) from None
    return Hyperparameter(name=name, space=space)


def _scalar(node: Node) -> Scalar:
    if isinstance(node.value, list | dict):
        raise problem_at(node, "A choice is one value.", "Write [gini, entropy].")
    return node.value


def read_parts(node: Node, point: Point) -> tuple[PluginRef, ...]:
    """Return the pre- or post-processing steps in a list of texts."""
    return read_items(node, lambda item: _part(item, point), subject="the list of steps")


def _part(node: Node, point: Point) -> PluginRef:
    try:
        part = read_part(point, text(node))
        if point == "postprocess" and ":" not in part.reference:
            parameters_of(part)
    except LitmusError as error:
        raise problem_from(node, error) from None
    if ":" in part.reference:
        _trusted(node, part.reference)
    elif point == "preprocess":
        hint = "Name a plug-in of the workspace: plugins/FILE.py:Class(most=20)."
        raise problem_at(node, f"There is no pre-processor '{part.reference}'.", hint)
    return part


def _trusted(node: Node, reference: str) -> str:
    """Return a reference that a recipe may use: Litmus' column steps, or a plug-in of the workspace.

    People exchange recipes. A plug-in runs only once its file is trusted here; anything else that Python can
    import, such as ``os:system`` or any file on the disk, would run without consent. Raises Wrong.
    """
    where, _, name = reference.rpartition(":")
    if where == OWN_COLUMNS or is_installed_plugin(reference):
        return reference
    if _PLUGIN.fullmatch(where) and name.isidentifier():
        return reference
    raise problem_at(
        node,
        f"A recipe cannot run '{reference}': it may name only models and steps of Litmus, and plug-ins.",
        "Add the file as a plug-in (litmus plugins add FILE.py), and name it plugins/FILE.py:Class.",
    )


def read_tuning(node: Node) -> Tuning:
    """Read the tuning settings."""
    values = read_fields(node, tuning_fields(), subject="tuning")
    return tuning_of(values)


def tuning_fields() -> dict[str, Any]:
    """Return the fields of the tuning settings."""
    return {
        "trials": number(1, 10_000, integer=True),
        "share": number(0.05, 0.9),
        "sampler": one_of(*get_args(Sampler), kind="sampler called"),
        "pruner": one_of(*get_args(Pruner), kind="pruner called"),
        "keep": number(1, 20, integer=True),
    }


def tuning_of(values: Mapping[str, Any]) -> Tuning:
    """Return the tuning for these fields."""
    ours = {"trials": "n_trials", "share": "time_share"}
    names = {field.name for field in fields(Tuning)}
    settings = {ours.get(name, name): value for name, value in values.items()}
    return Tuning(**{name: value for name, value in settings.items() if name in names})


def read_folds(node: Node) -> Folds:
    """Read a number of folds, or a group of fields with more settings."""
    if not isinstance(node.value, dict):
        return Folds(number(2, 50, integer=True)(node))
    fold_fields = {
        "n": number(2, 50, integer=True),
        "kind": one_of(
            *(kind for kind in get_args(FoldKind) if kind != "custom"), kind="kind of folds called"
        ),
        "column": text,
        "repeats": number(1, 50, integer=True),
        "outer": number(0, 20, integer=True),
        "gap": number(0, 10_000_000, integer=True),
        "embargo": text,
    }
    values = read_fields(node, fold_fields, subject="the folds")
    return Folds(values.pop("n", 5), **values)
