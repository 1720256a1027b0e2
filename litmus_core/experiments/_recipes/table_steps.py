"""Steps of recipes that change the table. A new experiment continues, since a task never changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from litmus_core.errors import LitmusError
from litmus_core.experiments._context import Context
from litmus_core.experiments._data.checks import ChecksService
from litmus_core.experiments._data.datasets import DatasetsService
from litmus_core.experiments._data.fixes import FixesService
from litmus_core.experiments._data.removal import undo_append
from litmus_core.experiments._names import name_with_version
from litmus_core.experiments._recipes.results import StepDone
from litmus_core.experiments._recipes.walk_state import followed_recipe
from litmus_core.experiments._runs.experiments import ExperimentsService
from litmus_core.recipes import Step
from litmus_core.types import DatasetVersion, Fix, StepApplied


@dataclass(frozen=True, slots=True)
class TableSteps:
    """Takes the steps of recipes that change the table."""

    context: Context
    datasets: DatasetsService
    checks: ChecksService
    fixes: FixesService
    experiments: ExperimentsService

    def fix(self, experiment_id: str, step: Step) -> StepDone:
        """Check the table and apply safe fixes; without any, the experiment continues unchanged."""
        task = self.context.experiment(experiment_id).task
        report = self.checks.run(
            task.dataset_version_id, target=task.target, test_version_id=task.test_version_id
        )
        fixes = self.fixes.safe(report)
        n_left = len(
            [
                finding
                for finding in report.findings
                if finding.severity == "harmful" and finding.fix not in fixes
            ]
        )
        left = (
            f" {n_left} harmful finding{'s are' if n_left != 1 else ' is'} left to look at." if n_left else ""
        )
        if not fixes:
            message = f"Nothing there is safe to fix.{left}"
            self.context.record(
                StepApplied(experiment_id=experiment_id, number=step.number, note="done", message=message)
            )
            return StepDone(experiment_id=experiment_id, step=step, message=message)
        from litmus_core.data import fix_title

        version = self.fixes.apply(task.dataset_version_id, fixes)
        message = f"Fixed:  {'; '.join(fix_title(fix) for fix in fixes)}.{left}"
        try:
            return self._continue_on(experiment_id, step, version, message, fixes=fixes)
        except LitmusError as error:  # fewer labels are another kind of question
            error.hint = (
                f"The fixes are in version {version.version}. Train on it: {version.id}. "
                f"Or pass over this step: litmus recipes apply {experiment_id} --skip"
            )
            raise

    def grow(self, experiment_id: str, step: Step, rows: Path | str) -> StepDone:
        """Append the requested rows, and continue with them; if that fails, the table stays."""
        task = self.context.experiment(experiment_id).task
        before = self.context.dataset(task.dataset_version_id)
        version = self.datasets.append_rows(before.id, rows)
        message = (
            f"{version.n_rows - before.n_rows:,} rows were added to the {before.n_rows:,} that there were."
        )
        notes = [note for note in version.notes if note not in before.notes][1:]  # the first says how many
        try:
            return self._continue_on(experiment_id, step, version, " ".join([message, *notes]))
        except Exception as error:
            undo_append(self.context, version)
            if notes and isinstance(error, LitmusError):
                error.hint = f"{' '.join(notes)} Correct the file, then add its rows again."
            raise

    def _continue_on(
        self,
        experiment_id: str,
        step: Step,
        version: DatasetVersion,
        sentence: str,
        *,
        fixes: Sequence[Fix] = (),
    ) -> StepDone:
        """Create the experiment that continues with ``version``; earlier steps count as done.

        It has the same task, except for columns and split changed by ``fixes``. After new rows it starts from
        the first step, since the earlier steps are worth repeating.
        """
        before = self.context.experiment(experiment_id)
        left_out = {name for fix in fixes if fix.kind == "leave_out" for name in fix.columns}
        features = tuple(name for name in before.task.features if name not in left_out)
        splits = [fix.split for fix in fixes if fix.split is not None]
        split = splits[-1] if splits else before.task.split
        if fixes:
            split = replace(split, grown_from=())  # positions before rows were removed
        task = replace(before.task, dataset_version_id=version.id, features=features, split=split)
        fact = followed_recipe(self.context, experiment_id)
        if fact is None:
            raise ValueError("whoever takes a step follows a recipe")
        name = name_with_version(before.name, version.version)
        created = self.experiments.create(task, name=name, group=before.group)
        begins_at = step.number + 1 if step.kind == "check data" else 1
        self.context.record(
            replace(fact, experiment_id=created.id, came_from=experiment_id, begins_at=begins_at),
            StepApplied(
                experiment_id=experiment_id,
                number=step.number,
                note="done",
                message=sentence,
                moved_to=created.id,
            ),
        )
        return StepDone(
            experiment_id=created.id,
            step=step,
            message=f"{sentence} It goes on with version {version.version}: {created.id}.",
        )
