"""Choices for ensembles: a candidate's members, whole and with fewer trees, and their predictions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.engine._autogluon.trainer_folder import quiet, trainer_of
from litmus_core.engine._catalog.selection import family_of_algorithm, title_of
from litmus_core.engine._custom import CUSTOM_FAMILY
from litmus_core.engine._fit.target_scale import open_scale
from litmus_core.engine._refine._trees import cut, n_rounds
from litmus_core.engine._run_folder.folder import ScoredRows, read_model_info, read_rows, read_target
from litmus_core.engine._run_folder.models import class_columns, predictions_of
from litmus_core.engine._warm_start import members_of
from litmus_core.types import ProblemType

SHARES_OF_TREES = (0.5, 0.25, 0.125)
_FEWEST_ROUNDS = 4  # left in a cut model
Predictions = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Student:
    """``model`` of the run's folder learned from a candidate. ``narrow``: it reads fewer raw columns."""

    folder: Path
    model: str
    narrow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolEntry:
    """A member with a ``share`` of its trees, and its ``predictions`` for the scored rows: (n, k) or (n,).

    It is in a run's ``folder``. ``n_folds`` is its number of folds (0: a single model), ``again`` whether it
    can be retrained on all rows. ``narrow``: a student of fewer columns, which is worthless in combination
    with others.
    """

    folder: Path
    member: str
    share: float
    predictions: Predictions
    n_folds: int
    again: bool
    is_student: bool = False
    narrow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TeacherPool:
    """All options, the ``truth`` (n,) of the scored rows, and notes on omitted members."""

    entries: tuple[PoolEntry, ...]
    truth: NDArray[Any]
    notes: tuple[str, ...] = ()


def pool_of(folder: Path, model: str, students: Sequence[Student] = ()) -> TeacherPool:
    """Return the building blocks of variants: the members of ``model`` of a run's folder, and its students.

    Members without trees only come whole, custom ones not at all. Predictions are of validation rows, or
    out-of-fold ones. Rows of a class that training did not contain, or that no fold tested, are left out.
    """
    rows = read_rows(folder)
    entries: list[PoolEntry] = []
    notes = []
    with quiet():
        trainer = trainer_of(folder, model)
        for member in members_of(folder, model):
            if family_of_algorithm(member.name) == CUSTOM_FAMILY:
                notes.append(f"{title_of(member.name)} is your own code, and was left out.")
                continue
            entries += _entries(folder, trainer, member.name)
        for student in students:
            if not np.array_equal(read_rows(student.folder).index, rows.index):
                raise ValueError("students were scored on other rows than their teacher")
            pool_entries = _entries(student.folder, trainer_of(student.folder, student.model), student.model)
            entries += [
                replace(entry, is_student=True, narrow=student.narrow)
                for entry in pool_entries
                if entry.share == 1.0 or not student.narrow
            ]
    return TeacherPool(entries=tuple(entries), truth=rows.truth[tested_rows(rows)], notes=tuple(notes))


def tested_rows(rows: ScoredRows) -> NDArray[np.bool_]:
    """Return which of a run's rows have predictions by models that know their class."""
    tested = ~rows.unknown & rows.scored
    if rows.folds:
        tested &= (rows.fold.reshape(len(rows.fold), -1) >= 0).all(axis=1)
    return tested


def _entries(folder: Path, trainer: Any, member: str) -> Iterator[PoolEntry]:
    """Yield a model of a run's folder, whole and with fewer trees."""
    rows, target = read_rows(folder), read_target(read_model_info(folder))
    tested = tested_rows(rows)
    loaded = trainer.load_model(member)
    predictions = predictions_of(trainer, member, folder=folder, rows=rows, target=target)[tested]
    entry = PoolEntry(
        folder=folder,
        member=member,
        share=1.0,
        predictions=predictions,
        n_folds=len(getattr(loaded, "models", ())),
        again=_can_retrain(loaded),
    )
    yield entry
    for share, cut_predictions in _cut_predictions(trainer, loaded, rows, target.problem_type, folder):
        yield replace(entry, share=share, predictions=cut_predictions[tested])


def _can_retrain(loaded: Any) -> bool:
    """Return whether a bag can become one model on all rows: not one reused from elsewhere."""
    from litmus_core.engine._refine.variant import VariantModel
    from litmus_core.engine._warm_start.reused_member import ReusedMember

    if len(getattr(loaded, "models", ())) < 2 or loaded._child_type in (ReusedMember, VariantModel):
        return False
    return bool(loaded._get_tags_child().get("can_refit_full", False))


def _cut_predictions(
    trainer: Any, loaded: Any, rows: ScoredRows, problem_type: ProblemType, folder: Path
) -> Iterator[tuple[float, Predictions]]:
    """Yield (share of the trees, predictions of all scored rows) for each share that leaves enough trees."""
    children = children_of(loaded)
    fewest = min(map(n_rounds, children))
    shares = [share for share in SHARES_OF_TREES if share * fewest >= _FEWEST_ROUNDS]
    if not shares:
        return
    features = trainer.load_X() if rows.folds else trainer.load_X_val()
    for share in shares:  # from the most trees on, each cut from the previous one
        for child in children:
            cut(child, share * _relative_share(shares, share))
        predictions = teacher_predictions(children, features, rows, problem_type)
        if len(predictions.shape) == 2 and predictions.shape[1] > 2:
            predictions = predictions / predictions.sum(axis=1, keepdims=True)
        scale = open_scale(folder)
        yield share, predictions if scale is None else scale.decode(predictions)


def children_of(loaded: Any) -> list[Any]:
    """Return the models of a bag's folds, or the one model."""
    return [loaded.load_child(model) for model in loaded.models] if hasattr(loaded, "models") else [loaded]


def teacher_predictions(
    children: list[Any], features: Any, rows: ScoredRows, problem_type: ProblemType
) -> Predictions:
    """Return predictions of all scored rows by ``children`` that did not learn from them; others are zero."""
    if rows.folds:
        return _of_folds(children, features, rows, problem_type)
    return _of_validation(children[0], features, rows, problem_type)


def _relative_share(shares: Sequence[float], share: float) -> float:
    """Return the share to which it was already cut."""
    place = shares.index(share)
    return 1.0 if place == 0 else 1.0 / shares[place - 1]


def _of_validation(model: Any, features: Any, rows: ScoredRows, problem_type: ProblemType) -> Predictions:
    predictions = class_columns(np.asarray(model.predict_proba(features)), problem_type)
    combined = np.zeros((len(rows.truth), *predictions.shape[1:]))
    combined[~rows.unknown] = predictions
    return combined


def _of_folds(children: list[Any], features: Any, rows: ScoredRows, problem_type: ProblemType) -> Predictions:
    """Return the mean prediction of the folds that tested each row; rows that none tested are zero."""
    tested_in = rows.fold.reshape(len(rows.fold), -1)
    total: Predictions | None = None
    count = np.zeros(len(rows.truth))
    for number, child in enumerate(children):
        fold_rows = np.flatnonzero((tested_in == number).any(axis=1))
        if not len(fold_rows):
            continue
        predictions = class_columns(np.asarray(child.predict_proba(features.iloc[fold_rows])), problem_type)
        if total is None:
            total = np.zeros((len(rows.truth), *predictions.shape[1:]))
        total[fold_rows] += predictions
        count[fold_rows] += 1
    if total is None:
        return np.zeros(len(rows.truth))
    return total / np.maximum(count, 1).reshape(-1, *(1,) * (total.ndim - 1))
