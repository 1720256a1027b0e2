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
class ExperimentFacts:
    """An experiment, and the run that its report leads with (None: it has none yet).

    ``verdict`` is that run's, ``candidates`` are its models in the leaderboard's order, ``everyone`` those
    of all runs that are over. ``cost`` is of a million predictions of the chosen one, where a certificate
    has it; ``price_per_hour_usd`` is of a deployment environment. ``offered`` are actions that were
    worked out for the run, ``taken`` those of the experiment that were done; ``titles`` name them by run and
    key. ``harm`` are sentences on what in the data would make the model lie, None where it was not checked.
    ``code`` is the Python that repeats the run. ``sample`` says of how many rows the run is; "" for all.

    Of the run's files, as far as they are there: ``n_rows`` by part (train, validation, test), ``n_folds``
    (0: none), the ``classes`` that it answers, and the ``versions`` of what trained it.
    """

    experiment: Experiment
    version: DatasetVersion
    runs: tuple[Run, ...]
    run: Run | None = None
    verdict: Verdict | None = None
    candidates: tuple[Candidate, ...] = ()
    everyone: tuple[Candidate, ...] = ()
    n_looks: int = 0
    cost: CertifiedCost | None = None
    price_per_hour_usd: float | None = None
    diagnostics: Diagnostics | None = None
    reliability: tuple[ReliabilityBin, ...] = ()
    offered: ActionList | None = None
    taken: tuple[ActionOutcome, ...] = ()
    titles: Mapping[tuple[str, str], str] = field(default_factory=dict)
    harm: tuple[str, ...] | None = None
    code: str = ""
    sample: str = ""
    n_rows: Mapping[str, int] = field(default_factory=dict)
    n_folds: int | None = None
    classes: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def chosen(self) -> Candidate | None:
        """The run's chosen model, or its best one if none is chosen yet."""
        return next(iter(self.candidates), None)
