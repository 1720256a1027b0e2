"""What is asked to be fitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from litmus_core.cluster import place_of
from litmus_core.engine._families.registry import read_once
from litmus_core.engine._resources import pays_side_by_side, threads_for
from litmus_core.types import Algorithm, Column, CustomModel, KFold, Part, Resources, Task

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from litmus_core.engine._fit.compression import Refined
    from litmus_core.engine._fit.warm_start import WarmStartSource

_ALL_OF_IT = Resources()


@dataclass(frozen=True, kw_only=True)
class FitRequest:
    """What to fit, where, and until when.

    ``train`` and ``validation`` hold the feature ``columns`` and the task's target, with the index of the
    frame they come from. ``folds`` 0: models are scored on ``validation``; k >= 2: each is bagged over k
    folds of ``train`` (``groups`` (n,) keeps rows together), and there is no ``validation``. ``kfold`` says
    more about the folds, and ``times`` (n,) put rows into the order of time. ``deadline`` is in time.time()
    seconds. ``algorithms`` are cards with hyperparameters of one's own, all values, beside ``cards``;
    ``custom`` are models of one's own, and ``preprocess`` pre-processors, applied in their order, whose
    source lies in ``folder``/modules. ``n_cpus`` and ``resources`` are what fitting may take; None: all that
    AutoGluon finds; ``on`` is where models are fitted, and where that is Ray, they are what one fold takes.
    ``carried`` is what is gone on with, in place of all cards and algorithms; ``task_type``
    is the task's kind of question, as a part of the run. Where faster variants of ``carried`` are made,
    ``refined`` says of which kind, and ``members`` is what AutoGluon is told of them. ``balanced`` makes each
    class weigh the same in learning; rows of ``train`` whose labels are ``not_learned`` are scored where
    there are folds, and not learned from. ``stack``: of folds, trees learn once more, from the columns and
    what all models answered to the rows that their folds left out.
    """

    folder: Path
    train: pd.DataFrame
    validation: pd.DataFrame | None
    columns: Sequence[Column]
    task: Task
    cards: tuple[str, ...]
    folds: int
    deadline: float
    groups: NDArray[Any] | None = None
    n_cpus: int | None = None
    custom: tuple[CustomModel, ...] = ()
    preprocess: tuple[Part, ...] = ()
    algorithms: tuple[Algorithm, ...] = ()
    kfold: KFold | None = None
    times: NDArray[np.float64] | None = None
    resources: Resources = _ALL_OF_IT
    on: str = "here"
    carried: WarmStartSource | None = None
    task_type: Part | None = None
    refined: Refined | None = None
    members: Mapping[Any, Any] = field(default_factory=dict)
    balanced: bool = False
    not_learned: tuple[int, ...] = ()
    stack: bool = False

    @property
    def scale(self) -> Part | None:
        """The kind of question whose scale models learn numbers on, where there is one."""
        return self.task_type if self.task.problem_type == "regression" else None

    @property
    def taken_here(self) -> Resources:
        """What fitting may take of this machine; on Ray ``resources`` are what is fitted elsewhere takes."""
        return _ALL_OF_IT if place_of(self.on).on_ray else self.resources

    @property
    def processors(self) -> int | str:
        """The processors that a model may take: as asked for, else what pays ("auto": all there are)."""
        asked = self.n_cpus or self.taken_here.cpus
        return asked or ("auto" if self.folding.parallel else threads_for(len(self.train)))

    @property
    def folding(self) -> KFold:
        """How rows are folded, where they are; side by side where that pays and nobody said otherwise."""
        pays = pays_side_by_side(len(self.train), self.resources)
        return self.kfold or KFold(self.folds, parallel=pays and not read_once(self.cards))
