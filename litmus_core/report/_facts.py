"""What the report on an experiment is written from."""

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
        DatasetVersion,
        Experiment,
        Run,
        Verdict,
    )


@dataclass(frozen=True, kw_only=True)
class ExperimentFacts:
    """An experiment, and the run that its report leads with (None: it has none yet).

    ``verdict`` is that run's, ``candidates`` are its models in the leaderboard's order. ``cost_usd`` is of a
    million predictions of the chosen one, where a certificate has it. ``offered`` are actions that were
    worked out for the run, ``taken`` those of the experiment that were done; ``titles`` name them by run and
    key. ``harm`` are sentences on what in the data would make the model lie, None where it was not checked.
    ``code`` is the Python that repeats the run. ``sample`` says of how many rows the run is; "" for all.
    """

    experiment: Experiment
    version: DatasetVersion
    runs: tuple[Run, ...]
    run: Run | None = None
    verdict: Verdict | None = None
    candidates: tuple[Candidate, ...] = ()
    n_looks: int = 0
    cost_usd: float | None = None
    diagnostics: Diagnostics | None = None
    reliability: tuple[ReliabilityBin, ...] = ()
    offered: ActionList | None = None
    taken: tuple[ActionOutcome, ...] = ()
    titles: Mapping[tuple[str, str], str] = field(default_factory=dict)
    harm: tuple[str, ...] | None = None
    code: str = ""
    sample: str = ""

    @property
    def chosen(self) -> Candidate | None:
        """The run's chosen model, or its best while none is chosen."""
        return next(iter(self.candidates), None)
