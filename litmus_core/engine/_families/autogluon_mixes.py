"""AutoGluon's own mixes of models, its presets, for comparison."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from litmus_core.engine._families.family import CompiledForm, FamilyLibrary, ModelFamily

# The module that each of AutoGluon's own model keys imports; other keys come with the train extra.
_IMPORTS = {"NN_TORCH": "torch", "FASTAI": "fastai", "TABM": "tabm", "REALMLP": "pytabkit"}
# Why models of classes that only these mixes train cannot be compiled, by the class's name.
_OBSTACLES = {
    "KNNModel": "K-nearest neighbours keeps all training rows, and compares each new row with all of them",
    "NNFastAiTabularModel": "its network is fastai's, for which there is no compiler",
    "TabMModel": "its network is TabM's, for which there is no compiler",
    "RealMLPModel": "its network is RealMLP's, for which there is no compiler",
    "MitraModel": "Mitra reads the training rows again for each answer",
    "TabICLModel": "TabICL reads the training rows again for each answer",
    "TabPFNMixModel": "TabPFN reads the training rows again for each answer",
    "EBMModel": "there is no compiler for explainable boosting machines",
    "PrepLGBModel": "it makes columns of its own inside each fold",
}
UNWEIGHED = ("FASTAI",)  # AutoGluon's keys of models in the mixes that ignore sample weights


def preset_settings(family: ModelFamily) -> dict[Any, list[dict[str, Any]]]:
    """Return AutoGluon's settings for a mix, without models whose library is not installed."""
    from autogluon.tabular.configs.hyperparameter_configs import get_hyperparameter_config

    settings_of: dict[Any, list[dict[str, Any]]] = {}
    for model, settings in get_hyperparameter_config(family.preset).items():
        needs = _IMPORTS.get(model)
        if needs and find_spec(needs) is None:
            continue
        settings_of[model] = []
        for setting in settings if isinstance(settings, list) else [settings]:
            arguments = dict(setting.get("ag_args", {}))
            settings_of[model].append({**setting, "ag_args": {**arguments, "name_prefix": f"{family.key}-"}})
    return settings_of


_AUTOGLUON = FamilyLibrary(packages=("autogluon.tabular",))
_COMPILED = CompiledForm(obstacles=_OBSTACLES)

STOCK_MEDIUM = ModelFamily(
    key="stock_medium",
    title="AutoGluon's own mix, medium",
    when="To compare with what AutoGluon does by itself; large and slow to answer.",
    about=(
        "AutoGluon trains and combines its own list of models. Litmus judges the result as it "
        "judges every model. The single models cannot be set."
    ),
    kind="stock",
    preset="default",
    compiled=_COMPILED,
    library=_AUTOGLUON,
)
STOCK_GOOD = ModelFamily(
    key="stock_good",
    title="AutoGluon's own mix, good",
    when="Like medium with smaller forests; meant for folds (set them to 5 or 8).",
    about=(
        "AutoGluon trains and combines its own list of models. Litmus judges the result as it "
        "judges every model. The single models cannot be set."
    ),
    kind="stock",
    preset="light",
    compiled=_COMPILED,
    library=_AUTOGLUON,
)
STOCK_BEST = ModelFamily(
    key="stock_best",
    title="AutoGluon's own mix, best",
    when="About a hundred models, for an hour or more with folds; very large and slow to answer.",
    about=(
        "AutoGluon trains and combines its own list of models. Litmus judges the result as it "
        "judges every model. The single models cannot be set."
    ),
    kind="stock",
    preset="zeroshot",
    compiled=_COMPILED,
    library=_AUTOGLUON,
)
