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
        Certificate,
        CertifiedCost,
        DatasetVersion,
        Experiment,
        Run,
        Verdict,
    )


@dataclass(frozen=True, kw_only=True)
class TrainingFacts:
    """Facts about a run's training, as far as its files have them.

    ``n_rows`` is by part: train, validation, test, and ``outer`` for outer folds. ``n_folds`` is 0 without
    folds. ``classes`` are those that the model predicts; ``versions`` are of the training libraries.
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
    """The certified cost of a million predictions of the chosen model, if known, and a machine's price.

    ``certificate`` is the model's, None if it has none. ``live`` are sentences on how the model does
    behind endpoints.
    """

    certified: CertifiedCost | None = None
    per_hour_usd: float | None = None
    certificate: Certificate | None = None
    live: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ExperimentFacts:
    """An experiment, and the run that its report leads with (None if it has no run yet).

    ``candidates`` are the models of that run in the leaderboard's order, ``all_candidates`` those of all
    finished runs. ``harm`` are sentences on what in the data would mislead the model, None if it was not
    checked. ``code`` is the Python code that repeats the run. ``sample`` says how many rows the run used, ""
    if it used all.
    """

    experiment: Experiment
    version: DatasetVersion
    runs: tuple[Run, ...]
    run: Run | None = None
    candidates: tuple[Candidate, ...] = ()
    all_candidates: tuple[Candidate, ...] = ()
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
