"""Which of AutoGluon's models can be compiled, and what of the others is in the way."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

_HOME = "litmus_core.engine._compile"
_NO_COMPILER = "there is no compiler for models of the kind '{kind}'"


@dataclass(frozen=True, slots=True)
class CompiledFamily:
    """The module and function that compile a class; ``trees``: it gives a member of the trees' step.

    ``named``: it is told the member's name, for a step of its own before.
    """

    module: str
    function: str
    trees: bool = False
    named: bool = False

    @property
    def is_there(self) -> bool:
        """Say whether the module is."""
        return find_spec(f"{_HOME}.{self.module}") is not None

    def compiler(self) -> Any:
        """Return the function."""
        return getattr(import_module(f"{_HOME}.{self.module}"), self.function)


# By the class itself: a subclass may do anything.
_FAMILIES = {
    "autogluon.tabular.models.lr.lr_model.LinearModel": CompiledFamily("_linear", "compile_linear"),
    "autogluon.tabular.models.tabular_nn.torch.tabular_nn_torch.TabularNeuralNetTorchModel": CompiledFamily(
        "_network", "compile_network"
    ),
    "litmus_core.engine._text_models.linear.TextLinearModel": CompiledFamily("_text", "compile_text"),
    "litmus_core.engine._text_models.nearest.TextNearestModel": CompiledFamily(
        "_text_nearest", "compile_nearest"
    ),
    "litmus_core.engine._text_encoder.model.EncoderModel": CompiledFamily("_encoder", "compile_encoder"),
    "autogluon.tabular.models.lgb.lgb_model.LGBModel": CompiledFamily(
        "_lightgbm", "compile_lightgbm", trees=True
    ),
    "autogluon.tabular.models.xgboost.xgboost_model.XGBoostModel": CompiledFamily(
        "_xgboost", "compile_xgboost", trees=True
    ),
    "litmus_core.engine._autogluon.xgboost_categories.XGBoostCategoriesModel": CompiledFamily(
        "_xgboost", "compile_xgboost", trees=True
    ),
    "autogluon.tabular.models.catboost.catboost_model.CatBoostModel": CompiledFamily(
        "_catboost", "compile_catboost", trees=True, named=True
    ),
    "autogluon.tabular.models.rf.rf_model.RFModel": CompiledFamily("_forest", "compile_forest", trees=True),
    "autogluon.tabular.models.xt.xt_model.XTModel": CompiledFamily("_forest", "compile_forest", trees=True),
}
ENSEMBLE = "autogluon.core.models.greedy_ensemble.greedy_weighted_ensemble_model.GreedyWeightedEnsembleModel"
_ENSEMBLES = {ENSEMBLE, ENSEMBLE.replace(".GreedyWeighted", ".SimpleWeighted")}
_CARRIED = {
    "litmus_core.engine._warm_start.reused_member.ReusedMember",
    "litmus_core.engine._refine.student.StudentModel",
    "litmus_core.engine._refine.variant.VariantModel",
}
_REASONS = {
    "CustomWrapper": "it is your own code",
    "KNNModel": "K-nearest neighbours keeps all training rows, and holds every new row against each of them",
    "NNFastAiTabularModel": "its network is fastai's, for which there is no compiler",
    "TabMModel": "its network is TabM's, for which there is no compiler",
    "RealMLPModel": "its network is RealMLP's, for which there is no compiler",
    "MitraModel": "Mitra reads the training rows again for every answer",
    "TabICLModel": "TabICL reads the training rows again for every answer",
    "TabPFNMixModel": "TabPFN reads the training rows again for every answer",
    "EBMModel": "there is no compiler for explainable boosting machines",
    "PrepLGBModel": "it makes columns of its own inside each fold",
}


def name_of(cls: type) -> str:
    """Return the class' whole name."""
    return f"{cls.__module__}.{cls.__qualname__}"


def is_ensemble(cls: type) -> bool:
    """Say whether the class is AutoGluon's weighted ensemble (the model inside the bag)."""
    return name_of(cls) in _ENSEMBLES


def is_compiled_family(cls: type) -> bool:
    """Say whether the class stands for members of an earlier run, which became models of other classes."""
    return name_of(cls) in _CARRIED


def family_of(cls: type) -> CompiledFamily | None:
    """Return what compiles models of the class; None where nothing does."""
    family = _FAMILIES.get(name_of(cls))
    return family if family is not None and family.is_there else None


def obstacle(cls: type) -> str:
    """Return why models of the class cannot be compiled, in words; "" where they can."""
    if is_ensemble(cls) or family_of(cls) is not None:
        return ""
    kind = getattr(cls, "ag_name", None) or cls.__name__
    return _REASONS.get(cls.__name__, _NO_COMPILER.format(kind=kind))
