"""What to fit, from which rows, and until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.cluster import place_of
from litmus_core.data import TimeGap
from litmus_core.engine._families.registry import read_once
from litmus_core.engine._fit.warm_start import RefitSource, WarmStartSource
from litmus_core.engine._resources import is_parallel_faster, threads_for
from litmus_core.types import (
    Algorithm,
    Column,
    Compute,
    CustomModel,
    Folds,
    PluginRef,
    Resources,
    Task,
    TrainingOptions,
)

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from litmus_core.engine._fit.compression import CompressionSource
    from litmus_core.engine._folds.splitters import Fold

_ALL_OF_IT, _NO_GAP = Resources(), TimeGap()
_NO_FOLDS, _THIS_MACHINE, _PLAIN = Folds(0), Compute(), TrainingOptions()


@dataclass(frozen=True, kw_only=True)
class FoldKeys:
    """What folds go by, for the (n,) training rows: codes of ``groups`` that stay together, ``times``.

    In order of time ``gap`` says which rows are too close to those that are tested. Of own folds the
    ``pairs`` of positions in the table, and the rows' ``places`` (n,) there.
    """

    groups: NDArray[Any] | None = None
    times: NDArray[np.float64] | None = None
    gap: TimeGap = _NO_GAP
    pairs: Sequence[Fold] = ()
    places: NDArray[np.int64] | None = None


_ANY_ROWS = FoldKeys()


@dataclass(frozen=True, kw_only=True)
class FitRequest:
    """What to fit, where, and until when.

    ``train`` and ``validation`` hold the feature ``columns`` and the task's target, with the index of the
    frame they come from. ``folds`` of 0: models are scored on ``validation``; of k >= 2: each is bagged over
    k folds of ``train``, and there is no ``validation``. ``deadline`` is in time.time() seconds.
    ``algorithms`` are families with custom hyperparameters, all values, beside ``families``; ``custom`` are
    custom models, and ``preprocess`` pre-processors, applied in their order; their source is in
    ``folder``/modules. ``compute`` says where models are fitted, and what that may take of it: on Ray, one
    fold. ``training`` is the plan's, its ``without_rows`` labels of ``train``'s index: these rows are scored
    where there are folds, and not learned from. ``source`` is what is trained further, made faster, or
    fitted again with its settings, in place of all families and algorithms.
    """

    folder: Path
    train: pd.DataFrame
    validation: pd.DataFrame | None
    columns: Sequence[Column]
    task: Task
    deadline: float
    families: tuple[str, ...] = ()
    algorithms: tuple[Algorithm, ...] = ()
    custom: tuple[CustomModel, ...] = ()
    preprocess: tuple[PluginRef, ...] = ()
    folds: Folds = _NO_FOLDS
    fold_keys: FoldKeys = _ANY_ROWS
    compute: Compute = _THIS_MACHINE
    training: TrainingOptions = _PLAIN
    source: WarmStartSource | RefitSource | None = None

    @property
    def scale(self) -> PluginRef | None:
        """The task type on whose scale models learn numbers, where there is one."""
        return None if self.task.type.has_classes else self.task.task_type

    @property
    def refined(self) -> CompressionSource | None:
        """The faster variants to make of ``source``; None: it is trained further."""
        return None if self.warm_start is None else self.warm_start.refined

    @property
    def warm_start(self) -> WarmStartSource | None:
        """The model that is trained further; None where nothing is, or where it is fitted again."""
        return self.source if isinstance(self.source, WarmStartSource) else None

    @property
    def refitted(self) -> RefitSource | None:
        """The model whose settings are fitted again."""
        return self.source if isinstance(self.source, RefitSource) else None

    @property
    def resources(self) -> Resources:
        """What fitting may take; on Ray what one fold takes there, or one model without folds."""
        return self.compute.train or _ALL_OF_IT

    @property
    def taken_here(self) -> Resources:
        """What fitting may take of this machine; on Ray ``resources`` are what is fitted elsewhere takes."""
        return _ALL_OF_IT if place_of(self.compute.where).on_ray else self.resources

    @property
    def processors(self) -> int | str:
        """The processors that a model may take: as asked for, else what pays ("auto": all there are)."""
        return self.taken_here.cpus or ("auto" if self.folding.parallel else threads_for(len(self.train)))

    @property
    def folding(self) -> Folds:
        """How rows are folded, where they are; side by side where that pays and nobody said otherwise."""
        if self.folds.parallel is not None:
            return self.folds
        pays = is_parallel_faster(len(self.train), self.resources)
        return replace(self.folds, parallel=pays and not read_once(self.families))


def with_members(request: FitRequest, members: Mapping[Any, Any]) -> FitRequest:
    """Return a request for faster variants with what AutoGluon is told of them."""
    source = request.warm_start
    if source is None or source.refined is None:
        return request
    return replace(request, source=replace(source, refined=replace(source.refined, members=members)))
