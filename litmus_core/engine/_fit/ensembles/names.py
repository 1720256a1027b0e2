"""AutoGluon's names of ensembles, and our additions to them."""

from __future__ import annotations


def describe_ensemble(model: str) -> str:
    """Return the description in AutoGluon's name of an ensemble; "" without one.

    >>> describe_ensemble("WeightedEnsemble_L2_half the time"), describe_ensemble("WeightedEnsemble_L2")
    ('half the time', '')
    """
    return model.removeprefix("WeightedEnsemble_L").lstrip("0123456789").removeprefix("_")
