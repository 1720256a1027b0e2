"""Which AutoGluon models can be compiled, and why others cannot."""

from __future__ import annotations

from litmus_core.engine._families.family import CompiledForm
from litmus_core.engine._families.registry import forms_by_class, obstacles

_NO_COMPILER = "there is no compiler for models of the kind '{kind}'"
ENSEMBLE = "autogluon.core.models.greedy_ensemble.greedy_weighted_ensemble_model.GreedyWeightedEnsembleModel"
_ENSEMBLES = {ENSEMBLE, ENSEMBLE.replace(".GreedyWeighted", ".SimpleWeighted")}
_REUSED = {
    "litmus_core.engine._final.member.FinalMember",
    "litmus_core.engine._warm_start.reused_member.ReusedMember",
    "litmus_core.engine._refine.student.StudentModel",
    "litmus_core.engine._refine.variant.VariantModel",
}


def name_of(cls: type) -> str:
    """Return the class's qualified name."""
    return f"{cls.__module__}.{cls.__qualname__}"


def is_ensemble(cls: type) -> bool:
    """Return whether the class is AutoGluon's weighted ensemble (the model inside the bag)."""
    return name_of(cls) in _ENSEMBLES


def is_compiled_family(cls: type) -> bool:
    """Return whether the class represents reused members of an earlier run, which have other classes."""
    return name_of(cls) in _REUSED


def compiler_of(cls: type) -> CompiledForm | None:
    """Return the compiler of the class's models; None if there is none."""
    return forms_by_class().get(name_of(cls))


def obstacle(cls: type) -> str:
    """Return why the class's models cannot be compiled; "" if they can."""
    if is_ensemble(cls) or compiler_of(cls) is not None:
        return ""
    kind = getattr(cls, "ag_name", None) or cls.__name__
    return obstacles().get(cls.__name__, _NO_COMPILER.format(kind=kind))
