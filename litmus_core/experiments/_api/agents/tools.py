"""What an agent can do in a workspace: check, train, improve, predict and read verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litmus_core.errors import BusyError, UsageError
from litmus_core.experiments._api.agents.budget import EvaluationBudget
from litmus_core.experiments._api.handles.handle import TrainingHandle
from litmus_core.experiments._api.train import train
from litmus_core.experiments._api.training import Training
from litmus_core.experiments._studio import Studio
from litmus_core.text import format_number
from litmus_core.types import Action, Compute, Run, to_plain

MOST_ROWS = 1_000
_MOST_WAIT_S = 50.0  # clients give a call up after a minute


@dataclass(frozen=True, slots=True)
class AgentTools:
    """Tools over one workspace. Each returns facts as JSON takes them, or raises a LitmusError.

    No tool reads a file, an address or code: tables are those that people imported, and models those that
    Litmus has or that people trusted. A training takes ``most_minutes`` at most.
    """

    studio: Studio
    budget: EvaluationBudget
    most_minutes: float

    def tables(self) -> dict[str, Any]:
        """List the tables of the workspace with their columns. Start here."""
        tables = [
            {
                "name": version.name,
                "version": version.id,
                "n_rows": version.n_rows,
                "columns": {column.name: column.kind for column in version.columns},
                "evaluations": self._evaluations(version.id),
            }
            for version in self.studio.datasets.list()
        ]
        return {"tables": tables}

    def check(self, table: str, target: str) -> dict[str, Any]:
        """List the problems of a table that would mislead a model of ``target``, the most harmful first."""
        from litmus_core.checks import evidence_sentences, finding_sentence

        version = self.studio.datasets.named(table)
        report = self.studio.checks.run(version.id, target=target)
        problems = [
            {
                "severity": finding.severity,
                "columns": finding.columns,
                "problem": finding_sentence(finding),
                "evidence": evidence_sentences(finding),
            }
            for finding in report.findings
        ]
        return {"table": table, "target": target, "problems": problems}

    def train(
        self,
        table: str,
        target: str,
        goal: str | None = None,
        minutes: float = 2.0,
        models: list[str] | None = None,
    ) -> dict[str, Any]:
        """Start training models of a column of a table; the verdict follows from ``verdict(run)``.

        ``goal`` is a bar such as "roc_auc>=0.9", or a metric. ``models`` are names such as "lightgbm"; by
        default Litmus chooses. It uses one of the table's test-set evaluations. The answer says for how
        many ``minutes`` it may train: no longer than the person who started this server allows.
        """
        for model in models or ():
            if not model.replace("_", "").isalnum():
                raise UsageError(f"'{model}' is not the name of a model.", hint="Leave models out.")
        version = self.studio.datasets.named(table)
        limit = Compute(time_limit_s=60.0 * min(minutes, self.most_minutes))
        with self.budget.one(version.id):
            handle = train(
                version,
                target,
                goal=goal,
                training=Training(models=models) if models else None,
                compute=limit,
                workspace=self.studio.workspace.path,
            )
            handle.studio.close()
        return {**self.verdict(handle.run_id, wait_s=0), **self._minutes(minutes)}

    def verdict(self, run: str, wait_s: float = 30.0) -> dict[str, Any]:
        """Return how far a run is, or how it ended: its verdict in words, score and interval.

        The interval allows for how often the test rows were scored. Waits for ``wait_s`` seconds at most.
        """
        try:
            ended = self.studio.runs.wait(run, timeout_s=min(max(wait_s, 0.1), _MOST_WAIT_S))
        except BusyError:
            ended = self.studio.runs.get(run)
        experiment = self.studio.experiments.get(ended.experiment_id)
        return {
            "run": ended.id,
            "status": ended.status,
            "message": ended.message,
            **_judgement(ended),
            "evaluations": self._evaluations(experiment.task.dataset_version_id),
        }

    def improve(self, run: str, action: str | None = None) -> dict[str, Any]:
        """List what would improve a run, with the gain to expect, or start the listed ``action`` by its key.

        An action that trains uses one of the table's test-set evaluations, and has as many minutes as a
        training at most.
        """
        from litmus_core.advice import action_list_sentence

        if action is None:
            listed = self.studio.actions.list(run)
            facts = [_action(one) for one in listed.actions]
            return {"run": run, "sentence": action_list_sentence(listed), "actions": facts}
        task = self.studio.experiments.of_run(run).task
        with self.budget.one(task.dataset_version_id):
            chosen = self.studio.actions.find(run, action)
            started = self.studio.actions.apply(run, action, most_s=60.0 * self.most_minutes)
        return {**self.verdict(started.id, wait_s=0), **self._minutes(self._limit_s(run, chosen) / 60.0)}

    def predict(self, run: str, rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
        """Predict rows by a run's chosen model; each is an object with one value per column.

        The ``notes`` beside the ``predictions`` name columns of many rows unlike what the model learned.
        """
        if len(rows) > MOST_ROWS:
            raise UsageError(
                f"{len(rows):,} rows are more than the {MOST_ROWS:,} of one call.",
                hint="Send fewer, or score a file with: litmus predict",
            )
        predictor = TrainingHandle(self.studio, run).best.predictor()
        predictions, notes = predictor.with_notes(predictor.predict_raw, rows)
        return {"predictions": predictor.labels(predictions).tolist(), "notes": list(notes)}

    def _limit_s(self, run: str, action: Action | None) -> float:
        if action is None or action.plan is None or action.plan.compute.time_limit_s is None:
            return self.studio.experiments.of_run(run).task.time_limit_s
        return action.plan.compute.time_limit_s

    def _minutes(self, requested: float) -> dict[str, Any]:
        """Return for how long a run may train, and a note if that is less than ``requested``."""
        most = self.most_minutes
        if requested <= most:
            return {"minutes": requested}
        note = (
            f"It trains for {format_number(most)} minutes at most, not {format_number(requested)}: "
            f"the person who started this server allows no more."
        )
        return {"minutes": most, "note": note}

    def _evaluations(self, version_id: str) -> dict[str, int]:
        return {"used": self.budget.used(version_id), "allowed": self.budget.most}


def _judgement(run: Run) -> dict[str, Any]:
    """Return a run's verdict as facts and as a sentence; nothing before there is one."""
    from litmus_core.verdicts import grade_of, verdict_sentence

    if run.verdict is None:
        return {}
    score = run.verdict.score
    return {
        "verdict": verdict_sentence(run.verdict),
        "grade": None if run.verdict.bar is None else grade_of(run.verdict).word,
        "outcome": run.verdict.outcome,
        "bar": None if run.verdict.bar is None else str(run.verdict.bar),
        "score": {
            "metric": score.metric,
            "value": score.value,
            "low": score.low if run.verdict.low is None else run.verdict.low,
            "high": score.high if run.verdict.high is None else run.verdict.high,
            "n_rows": score.n_rows,
        },
    }


def _action(action: Action) -> dict[str, Any]:
    from litmus_core.advice import action_sentence, action_title

    return {
        "key": action.key,
        "title": action_title(action),
        "sentence": action_sentence(action),
        "gain": to_plain(action.gain),
        "minutes": action.cost.minutes,
        "starts_here": action.plan is not None,
    }
