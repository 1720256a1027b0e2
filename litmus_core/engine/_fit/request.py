"""A fit's request: what to fit, from which rows, and until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.cluster import place_of
from litmus_core.data import TimeGap
from litmus_core.engine._catalog.second_models import is_variant, variant_name
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
    """Keys that decide the folds of the (n,) training rows: codes of ``groups``, ``times``.

    A group stays together. In order of time, ``gap`` says which rows are too close to the tested ones.
    Custom folds are ``pairs`` of positions in the table, where the rows have the positions ``places`` (n,).
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
    frame they come from. ``folds`` of 0: models are scored on ``validation``; of k >= 2: each is bagged
    over k folds of ``train``, and there is no ``validation``. ``deadline`` is in time.time() seconds.
    ``algorithms`` are families with custom hyperparameters, all values, besides ``families``. ``custom``
    are custom models, and ``preprocess`` pre-processors, applied in their order; their source is in
    ``folder``/modules. ``compute`` is where models are fitted, with which resources: on Ray, those of one
    fold. ``training`` is the plan's. Its ``without_rows`` are labels of ``train``'s index: with folds these
    rows are scored, but no model learns from them. ``source`` is a model to continue, to compress, or to
    fit again with its settings; it replaces all families and algorithms.
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
        """The task type on whose scale models learn numbers, if there is one."""
        return None if self.task.type.has_classes else self.task.task_type

    @property
    def refined(self) -> CompressionSource | None:
        """The faster variants to make of ``source``; None: its training continues."""
        return None if self.warm_start is None else self.warm_start.refined

    @property
    def warm_start(self) -> WarmStartSource | None:
        """The model whose training continues or that is compressed; None if there is none."""
        return self.source if isinstance(self.source, WarmStartSource) else None

    @property
    def refitted(self) -> RefitSource | None:
        """The model whose settings are fitted again."""
        return self.source if isinstance(self.source, RefitSource) else None

    @property
    def variants(self) -> tuple[Algorithm, ...]:
        """Those of ``algorithms`` that are fitted only if time is left."""
        kind = self.task.problem_type
        return tuple(algorithm for algorithm in self.algorithms if is_variant(algorithm, kind))

    @property
    def variant_names(self) -> tuple[str, ...]:
        """AutoGluon's names of their models."""
        return tuple(map(variant_name, self.variants))

    @property
    def resources(self) -> Resources:
        """The resources for fitting; on Ray those of one fold there, or of one model without folds."""
        return self.compute.train or _ALL_OF_IT

    @property
    def local_resources(self) -> Resources:
        """The resources of this machine; on Ray ``resources`` are those of fits elsewhere."""
        return _ALL_OF_IT if place_of(self.compute.where).on_ray else self.resources

    @property
    def processors(self) -> int | str:
        """The processors that a model may take: as requested, else what is fastest ("auto": all)."""
        return self.local_resources.cpus or (
            "auto" if self.folding.parallel else threads_for(len(self.train))
        )

    @property
    def folding(self) -> Folds:
        """The folds of the rows, fitted in parallel if that is faster and was not decided."""
        if self.folds.parallel is not None:
            return self.folds
        is_faster = is_parallel_faster(len(self.train), self.resources)
        return replace(self.folds, parallel=is_faster and not read_once(self.families))


def with_members(request: FitRequest, members: Mapping[Any, Any]) -> FitRequest:
    """Return a request for faster variants with the members' AutoGluon settings."""
    source = request.warm_start
    if source is None or source.refined is None:
        return request
    return replace(request, source=replace(source, refined=replace(source.refined, members=members)))
