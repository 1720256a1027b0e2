"""AutoGluon's names of ensembles, and our additions to them."""

from __future__ import annotations


def describe_ensemble(model: str) -> str:
    """Return what AutoGluon's name of an ensemble says besides that it is one.

    >>> describe_ensemble("WeightedEnsemble_L2_half the time"), describe_ensemble("WeightedEnsemble_L2")
    ('half the time', '')
    """
    return model.removeprefix("WeightedEnsemble_L").lstrip("0123456789").removeprefix("_")
