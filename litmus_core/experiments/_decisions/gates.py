"""The verdict that a gate judges: of an experiment's leading run, of a run, or of a candidate."""

from __future__ import annotations

from litmus_core.experiments._context import Context
from litmus_core.experiments._runs.comparison.leader import leading_run
from litmus_core.types import Run
from litmus_core.verdicts import Gate, Requirement, gate_of, gate_of_unjudged, read_requirement


def judged_gate(context: Context, id_: str, requirement: str) -> Gate:
    """Return the gate of an experiment, a run or a candidate. Raises UsageError if there is no bar."""
    required = read_requirement(requirement)
    if id_.startswith("ex_"):
        return _of_run(context, leading_run(context, id_), id_, required)
    if id_.startswith("run_") and "-" not in id_:
        run = context.run(id_)
        return _of_run(context, run, run.experiment_id, required)
    candidate = context.candidate(id_)
    run = context.run(candidate.run_id)
    if run.verdict is not None and run.verdict.candidate_id != candidate.id:
        return gate_of_unjudged(run.verdict, required, candidate_id=candidate.id)
    return _of_run(context, run, run.experiment_id, required)


def _of_run(context: Context, run: Run | None, experiment_id: str, required: Requirement) -> Gate:
    bar = context.experiment(experiment_id).task.bar
    verdict, missing = (None, ()) if run is None else (run.verdict, run.missing)
    return gate_of(verdict, required, bar=bar, missing=missing)
