"""AutoGluon's own mixes of models, as the cards of stock."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

_STOCK = {"stock_medium": "default", "stock_good": "light", "stock_best": "zeroshot"}
# What each of AutoGluon's own model keys imports; keys that are not here come with the train extra.
_STOCK_NEEDS = {"NN_TORCH": "torch", "FASTAI": "fastai", "TABM": "tabm", "REALMLP": "pytabkit"}


def stock_settings(key: str) -> dict[Any, list[dict[str, Any]]]:
    """Return what AutoGluon is told for the card ``key``, without models whose library is not here."""
    from autogluon.tabular.configs.hyperparameter_configs import get_hyperparameter_config

    told: dict[Any, list[dict[str, Any]]] = {}
    for model, settings in get_hyperparameter_config(_STOCK[key]).items():
        needs = _STOCK_NEEDS.get(model)
        if needs and find_spec(needs) is None:
            continue
        told[model] = []
        for setting in settings if isinstance(settings, list) else [settings]:
            arguments = dict(setting.get("ag_args", {}))
            told[model].append({**setting, "ag_args": {**arguments, "name_prefix": f"{key}-"}})
    return told
