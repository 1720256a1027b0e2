"""The facts that an experiment's report shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from litmus_core.diagnostics import Diagnostics, ReliabilityBin
    from litmus_core.types import (
        ActionList,
        ActionOutcome,
        Candidate,
        CertifiedCost,
        DatasetVersion,
        Experiment,
        Run,
        Verdict,
    )


@dataclass(frozen=True, kw_only=True)
class TrainingFacts:
    """What a run's files say of its training, as far as they are there.

    ``n_rows`` by part (train, validation, test; ``outer`` for outer folds), ``n_folds`` (0: none), the
    ``classes`` that it answers, and the ``versions`` of what trained it.
    """

    n_rows: Mapping[str, int] = field(default_factory=dict)
    n_folds: int | None = None
    classes: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ActionFacts:
    """Actions ``offered`` after the run, ``completed`` ones of the experiment, ``titles`` by run and key."""

    offered: ActionList | None = None
    completed: tuple[ActionOutcome, ...] = ()
    titles: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ProductionFacts:
    """What a million predictions of the chosen model cost, where a certificate has it; a machine's price.

    ``live`` are sentences on how its model fares behind endpoints.
    """

    certified: CertifiedCost | None = None
    per_hour_usd: float | None = None
    live: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ExperimentFacts:
    """An experiment, and the run that its report leads with (None: it has none yet).

    ``candidates`` are that run's models in the leaderboard's order, ``everyone`` those of all runs that are
    over. ``harm`` are sentences on what in the data would
    make the model lie, None where it was not checked. ``code`` is the Python that repeats the run.
    ``sample`` says of how many rows the run is; "" for all.
    """

    experiment: Experiment
    version: DatasetVersion
    runs: tuple[Run, ...]
    run: Run | None = None
    candidates: tuple[Candidate, ...] = ()
    everyone: tuple[Candidate, ...] = ()
    n_evaluations: int = 0
    production: ProductionFacts = ProductionFacts()
    diagnostics: Diagnostics | None = None
    reliability: tuple[ReliabilityBin, ...] = ()
    actions: ActionFacts = field(default_factory=ActionFacts)
    harm: tuple[str, ...] | None = None
    code: str = ""
    sample: str = ""
    training: TrainingFacts = field(default_factory=TrainingFacts)

    @property
    def verdict(self) -> Verdict | None:
        """The run's verdict."""
        return self.run.verdict if self.run else None

    @property
    def chosen(self) -> Candidate | None:
        """The run's chosen model, or its best one if none is chosen yet."""
        return next(iter(self.candidates), None)
