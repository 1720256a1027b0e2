"""Each family's hyperparameters and their types, according to its own library."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from litmus_core.engine._families.library import LibraryHyperparameter
from litmus_core.engine._families.registry import FAMILIES
from litmus_core.types import ProblemType

# Libraries' names for files that they read or write, for other machines, and for code.
_OUTSIDE = frozenset(
    [
        "allow_writing_files",
        "callback",
        "callbacks",
        "config",
        "convert_model",
        "convert_model_language",
        "data",
        "forcedbins_filename",
        "forcedsplits_filename",
        "input_borders",
        "input_model",
        "kwargs",
        "local_listen_port",
        "machine_list_filename",
        "machines",
        "monotone_constraints",  # by position among features: Goal(monotone=…) takes names
        "num_machines",
        "output_borders",
        "output_model",
        "output_result",
        "parser_config_file",
        "save_binary",
        "save_snapshot",
        "snapshot_file",
        "snapshot_freq",
        "snapshot_interval",
        "task",
        "time_out",
        "train_dir",
        "valid",
    ]
)

_NOTHING = LibraryHyperparameter(main={}, problem=lambda name, value: "")


@cache
def list_hyperparameters(key: str, problem_type: ProblemType) -> LibraryHyperparameter:
    """Return the hyperparameters of the family ``key``, importing its library; none for a mix of many models.

    Names of files, other machines or code are excluded, since recipes, which are texts that travel, may set
    hyperparameters. So is what AutoGluon sets itself.
    """
    family = FAMILIES.get(key)
    if family is None or family.hyperparameters is None:
        return _NOTHING
    hyperparameters = family.hyperparameters.read(problem_type)
    refused = _OUTSIDE | set(family.hyperparameters.refused)
    main = {alias: name for alias, name in hyperparameters.main.items() if not {alias, name} & refused}
    return replace(hyperparameters, main=main)
