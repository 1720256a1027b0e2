"""The models and ensembles that a compression run makes of an earlier candidate, stored in its folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from litmus_core.engine._catalog.selection import ENSEMBLE_FAMILY, family_of_algorithm
from litmus_core.engine._fit.ensembles.names import describe_ensemble
from litmus_core.engine._fit.refit import folds_of, is_refit
from litmus_core.engine._run_folder.folder import write_json
from litmus_core.errors import reading
from litmus_core.types import from_plain, to_plain

_FILE = "refined.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A member to make: ``before`` is the folder of the earlier model, ``share`` the part of its trees."""

    name: str
    before: str
    share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """An ensemble to make of variants: (name, weight) each. ``on_all_rows``: of retrained ones."""

    name: str
    weights: tuple[tuple[str, float], ...]
    on_all_rows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenVariant:
    """All variants and ensembles that a compression run makes.

    ``shown`` are variants that are candidates themselves. ``again`` are those to retrain on all rows,
    ``shown_again`` those of them that are then candidates. ``notes`` are messages about parts that could
    not be made.
    """

    variants: tuple[Variant, ...]
    weighings: tuple[Weighing, ...] = ()
    shown: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    shown_again: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def is_shown(chosen: ChosenVariant | None, model: str) -> bool:
    """Return whether a model of a compression run is a candidate, or only part of one."""
    if chosen is None:
        return True
    again, name = is_refit(model), plain_name(model)
    if family_of_algorithm(model) == ENSEMBLE_FAMILY:
        return any(weighing.name == name and weighing.on_all_rows == again for weighing in chosen.weighings)
    return name in (chosen.shown_again if again else chosen.shown)


def plain_name(model: str) -> str:
    """Return the name of the variant or weighting behind AutoGluon's model.

    >>> plain_name("lightgbm-half its trees_BAG_L1_FULL"), plain_name("WeightedEnsemble_L2_fewer models")
    ('lightgbm-half its trees', 'fewer models')
    """
    name = folds_of(model)
    if family_of_algorithm(model) == ENSEMBLE_FAMILY:
        return describe_ensemble(name)
    return name.split("_BAG_")[0]


def write_chosen(folder: Path, chosen: ChosenVariant) -> None:
    """Store a run's variants in its folder."""
    write_json(folder / _FILE, to_plain(chosen))


def read_chosen(folder: Path) -> ChosenVariant | None:
    """Return the variants of the run in ``folder``; None if it compresses nothing."""
    path = folder / _FILE
    if not path.exists():
        return None
    with reading(path):
        return from_plain(ChosenVariant, json.loads(path.read_text(encoding="utf-8")))
