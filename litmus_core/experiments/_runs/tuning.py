"""Tuning trials of a run, and the importance of hyperparameters."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from litmus_core.experiments._context import Context
from litmus_core.types import Trial


@dataclass(frozen=True, slots=True)
class TuningService:
    """The tuning trials of a workspace."""

    context: Context

    def trials(self, run_id: str) -> list[Trial]:
        """Return a run's tuning trials, grouped by algorithm; empty without tuning."""
        self.context.store.run(run_id)
        return self.context.store.trials(run_id)

    def importances(self, run_id: str) -> dict[str, dict[str, float]]:
        """Return by algorithm the share (0 to 1) of the trials' variance that each hyperparameter explains.

        Algorithms with too few trials are left out.
        """
        from litmus_core.engine import importances

        seed = self.context.store.experiment(self.context.store.run(run_id).experiment_id).task.seed
        importances_of = {
            algorithm: importances(list(trials), seed=seed)
            for algorithm, trials in groupby(self.trials(run_id), key=lambda trial: trial.algorithm)
        }
        return {algorithm: shares for algorithm, shares in importances_of.items() if shares}
