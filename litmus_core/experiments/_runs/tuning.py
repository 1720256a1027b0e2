"""What tuning tried in a run, and which hyperparameters made a difference."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from litmus_core.experiments._context import Context
from litmus_core.types import Trial


@dataclass(frozen=True, slots=True)
class TuningService:
    """What tuning tried in the runs of a workspace."""

    context: Context

    def trials(self, run_id: str) -> list[Trial]:
        """Return what tuning tried in a run, one algorithm after the other; empty where it was not tuned."""
        self.context.store.run(run_id)
        return self.context.store.trials(run_id)

    def importances(self, run_id: str) -> dict[str, dict[str, float]]:
        """Return by algorithm what share of the trials' differences each hyperparameter made (0 to 1).

        An algorithm whose trials are too few to tell it from is left out.
        """
        from litmus_core.engine import importances

        seed = self.context.store.experiment(self.context.store.run(run_id).experiment_id).task.seed
        found = {
            algorithm: importances(list(trials), seed=seed)
            for algorithm, trials in groupby(self.trials(run_id), key=lambda trial: trial.algorithm)
        }
        return {algorithm: shares for algorithm, shares in found.items() if shares}
