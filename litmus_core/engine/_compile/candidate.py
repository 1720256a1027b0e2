"""Compile a candidate: its models, level by level, as one plan of steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from litmus_core.compiled import Plan, PlanStep, Source, write_plan
from litmus_core.engine._autogluon.trainer_folder import quiet, trainer_of
from litmus_core.engine._compile.classes import compiler_of, is_compiled_family, is_ensemble, obstacle
from litmus_core.engine._compile.inputs import Inputs
from litmus_core.engine._compile.trees import TreeMember
from litmus_core.engine._fit.refit import FULL
from litmus_core.engine._preprocess import reason_not_compiled
from litmus_core.engine._run_folder.folder import read_model_info
from litmus_core.errors import NotCompilableError
from litmus_core.task_types import get_task_type
from litmus_core.types import ProblemType

# From the (step id, model) pairs of a level's members to the steps that compute them, under these ids.
TreeSteps = Callable[[Sequence[tuple[str, TreeMember]]], list[PlanStep]]


def compilable(folder: Path, model: str) -> str:
    """Return why the model in a run's folder cannot be compiled; "" if no reason is known.

    Looks only at the kinds of its models and opens none, so :func:`compile_candidate` may still find a
    reason. Raises NotFoundError if there is no such model.
    """
    return reason_not_compiled(folder) or _obstacles(trainer_of(folder, model), model)


def compile_candidate(folder: Path, model: str, to: Path) -> None:
    """Write ``model`` of a run's folder into ``to`` as a compiled model, which needs no AutoGluon.

    It predicts like the native model: probabilities to within 1e-6, values to within 1e-6 of their size.
    Raises NotCompilableError with the reason if a part of it needs its own library, NotFoundError if there is
    no such model.
    """
    from litmus_core.engine._compile._tree_steps import tree_steps

    write_plan(_plan(folder, model, tree_steps), to)


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateParts:
    """The parts of a model, for writers of other forms than the compiled one.

    ``plan`` has a step of the kind ``tree`` for each member made of trees, whose trees are in ``trees`` by
    the step's id; all other steps are a compiled model's.
    """

    plan: Plan
    trees: Mapping[str, TreeMember]


def parts_of(folder: Path, model: str) -> CandidateParts:
    """Return the parts of ``model`` of a run's folder; raises as :func:`compile_candidate` does."""
    trees: dict[str, TreeMember] = {}

    def tree_steps(members: Sequence[tuple[str, TreeMember]]) -> list[PlanStep]:
        trees.update(members)
        return [PlanStep(id=name, kind="tree") for name, _ in members]

    return CandidateParts(plan=_plan(folder, model, tree_steps), trees=trees)


def _plan(folder: Path, model: str, tree_steps: TreeSteps) -> Plan:
    info = read_model_info(folder)
    trainer = trainer_of(folder, model)
    reason = reason_not_compiled(folder) or _obstacles(trainer, model)
    if reason:
        raise NotCompilableError(reason)
    builder = _Builder(
        Inputs.of(folder), info["problem_type"], max(1, len(info["classes"])), tree_steps=tree_steps
    )
    with quiet():
        for level, is_read in _levels(trainer, model):
            builder.add_level([(name, trainer.load_model(name)) for name in level], is_read=is_read)
    return builder.plan(model)


def _obstacles(trainer: Any, model: str) -> str:
    needed = trainer.get_minimum_model_set(model)
    inner = trainer.get_models_attribute_dict("type_inner", models=needed)
    kinds = (
        _reused_class(trainer, name) if is_compiled_family(kind) else kind for name, kind in inner.items()
    )
    return "; ".join(sorted({reason for reason in map(obstacle, kinds) if reason}))


def _reused_class(trainer: Any, name: str) -> type:
    """Return the class of a reused member's folds, which their bag does not record."""
    bag = trainer.load_model(name)
    return type(bag.load_child(bag.models[0]))


def _levels(trainer: Any, model: str) -> list[tuple[list[str], bool]]:
    """Return the models that ``model`` uses; those of a level read only outputs of earlier levels.

    Each level comes with whether models other than ensembles read its outputs.
    """
    depth: dict[str, int] = {}
    for name in trainer._construct_model_pred_order([model]):
        depth[name] = 1 + max((depth[base] for base in trainer.get_base_model_names(name)), default=-1)
    inner = trainer.get_models_attribute_dict("type_inner", models=list(depth))
    last = max(level for name, level in depth.items() if not is_ensemble(inner[name]))
    return [
        ([name for name in depth if depth[name] == level], level < last)
        for level in range(max(depth.values()) + 1)
    ]


@dataclass(slots=True)
class _Member:
    """One separately fitted model (a fold's, or a whole one), and its step's id."""

    id: str
    model: Any
    inputs: Inputs


@dataclass(slots=True)
class _Builder:
    """Collects steps; ``outputs`` are the steps with the models' outputs, by the models' names.

    ``reads`` are the columns that tree models were trained with; ``all_read``: others read all available
    columns.
    """

    inputs: Inputs
    problem_type: ProblemType
    n_classes: int
    tree_steps: TreeSteps
    steps: list[PlanStep] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)
    reads: set[str] = field(default_factory=set)
    all_read: bool = False

    def plan(self, model: str) -> Plan:
        """Return the plan whose output is ``model``'s."""
        if self.steps[-1].id != self.outputs[model]:
            raise ValueError(f"the last step is not '{model}'")
        return Plan(
            problem_type=self.problem_type,
            n_classes=self.n_classes if get_task_type(self.problem_type).has_classes else 1,
            steps=_without_picks(self.steps),
            unread=() if self.all_read else self.inputs.unread_by(self.reads),
        )

    def add_level(self, models: Sequence[tuple[str, Any]], *, is_read: bool) -> None:
        """Add models that read features and outputs of earlier models; others may read theirs."""
        bags = [self._members(f"m{len(self.outputs) + at}", model) for at, (_, model) in enumerate(models)]
        in_trees = [member for bag in bags for member in bag if _in_trees(member.model)]
        self._add_trees(in_trees, is_read=is_read)
        for (name, model), bag in zip(models, bags, strict=True):
            folds = [self._add_member(member) for member in bag]
            self.outputs[name] = self._add_bag(model, bag, folds)

    def _members(self, id: str, model: Any) -> list[_Member]:  # noqa: A002 - the field's own word
        if not hasattr(model, "models"):
            return [_Member(id, model, self.inputs)]
        inputs = self.inputs.with_outputs(self._stacked_columns(model))
        children = [model.load_child(item) for item in model.models]
        return [_Member(f"{id}.{at}", child, inputs) for at, child in enumerate(children)]

    def _output_of(self, name: str) -> str:
        """Return the step of a base model; an ensemble on all rows still names the models with folds."""
        return self.outputs[name if name in self.outputs else f"{name}{FULL}"]

    def _stacked_columns(self, model: Any) -> dict[str, Source]:
        """Return the columns that a stacked model makes of its base models' outputs."""
        columns = iter(model.stack_columns if getattr(model, "stack_column_prefix_lst", None) else ())
        sources: dict[str, Source] = {}
        for prefix in getattr(model, "stack_column_prefix_lst", None) or ():
            base = self.outputs[model.stack_column_prefix_to_model_map[prefix]]
            for place in range(model.num_pred_cols_per_model):
                sources[next(columns)] = (base, place)
        return sources

    def _add_trees(self, members: Sequence[_Member], *, is_read: bool) -> None:
        """Add the members made of trees, which share a step, except those with their own columns."""
        pairs: list[tuple[str, TreeMember]] = [
            (item.id, replace(_compile_member(item), is_read=is_read)) for item in members
        ]
        shared = [pair for pair in pairs if pair[1].before is None]
        if shared:
            self.steps += self.tree_steps(shared)
        for name, member in pairs:
            if member.before is not None:
                self.steps += [member.before, *self.tree_steps([(name, member)])]

    def _add_member(self, member: _Member) -> str:
        """Add a member's step, unless the trees' step computes it, and return the id of its output."""
        if _in_trees(member.model):
            self.reads |= set(columns_of(member.model))
            return member.id
        self.all_read = self.all_read or not is_ensemble(type(member.model))
        if is_ensemble(type(member.model)):
            self.steps.append(self._ensemble(member))
        else:
            compiled = _compile_member(member)
            ids = {step.id for step in self.steps}  # members with the same weights share steps
            self.steps += [
                step
                for step in (compiled if isinstance(compiled, list) else [compiled])
                if step.id not in ids
            ]
        output = member.id
        if member.model.normalize_pred_probas and get_task_type(self.problem_type).has_classes:
            output = self._append(output, "off_edges")
        return self._add_calibration(output, member.model)

    def _add_bag(self, model: Any, bag: Sequence[_Member], folds: Sequence[str]) -> str:
        """Add the combination of a bag's folds."""
        if not hasattr(model, "models"):
            return folds[0]
        output = folds[0]
        if len(folds) > 1:
            output = bag[0].id.rsplit(".", 1)[0]
            self.steps.append(PlanStep(id=output, kind="mean", of=tuple(folds)))
        return self._add_calibration(output, model)

    def _ensemble(self, member: _Member) -> PlanStep:
        model = member.model
        return PlanStep(
            id=member.id,
            kind="weighted",
            of=tuple(self._output_of(name) for name in model.base_model_names),
            arrays={"weights": np.asarray(model.weights_, dtype=np.float64)},
        )

    def _add_calibration(self, output: str, model: Any) -> str:
        if model.temperature_scalar is None:
            if model.conformalize is not None:
                raise NotCompilableError("its answers are shifted to fit quantiles")
            return output
        return self._append(output, "temperature", temperature=float(model.temperature_scalar))

    def _append(self, output: str, kind: str, **settings: float) -> str:
        self.steps.append(PlanStep(id=f"{output}.{kind}", kind=kind, of=(output,), settings=settings))
        return f"{output}.{kind}"


def _without_picks(steps: Sequence[PlanStep]) -> tuple[PlanStep, ...]:
    """Return the steps with combining steps reading the trees' columns directly, without steps in between."""
    picks = {step.id: step for step in steps if step.kind == "trees_part"}
    direct: list[PlanStep] = []
    for step in steps:
        if step.kind in ("mean", "weighted") and any(part in picks for part in step.of):
            columns = [_columns_of(picks[part]) if part in picks else None for part in step.of]
            of = tuple(picks[part].of[0] if part in picks else part for part in step.of)
            step = replace(step, of=of, settings={**step.settings, "columns": columns})
        direct.append(step)
    read = {part for step in direct for part in step.of} | {steps[-1].id}
    return tuple(step for step in direct if step.id in read or step.kind != "trees_part")


def _columns_of(pick: PlanStep) -> int | list[int]:
    start, columns = pick.settings["start"], pick.settings["columns"]
    return start if columns == 1 else [start, start + columns]


def _in_trees(model: Any) -> bool:
    form = compiler_of(type(model))
    return form is not None and form.trees


def _compile_member(member: _Member) -> Any:
    """Return a model's step or steps, output last, or its entry in the trees' step."""
    model = member.model
    form = compiler_of(type(model))
    if form is None or form.compile is None:
        raise NotCompilableError(obstacle(type(model)))
    if model._model_specific_feature_generators not in ("NOTSET", None):
        raise NotCompilableError("it makes columns of its own inside each fold")
    if form.trees:
        named = {"name": member.id} if form.named else {}
        return form.compile(model, member.inputs.sources(columns_of(model)), **named)
    return form.compile(member.id, model, member.inputs)


def columns_of(model: Any) -> list[str]:
    """Return the columns that reach a model's own preprocessing, in order."""
    if model._is_features_in_same_as_ex:
        return list(model.features)
    renamed = getattr(model, "_features_internal_map", None) or {}  # LightGBM forbids some characters
    name_of = {new_name: name for name, new_name in renamed.items()}
    return [name_of.get(name, name) for name in model._features_internal_to_align]
