"""The verdict that a gate judges: of an experiment's leading run, of a run, or of a candidate."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from litmus_core.experiments._context import Context
from litmus_core.experiments._runs.comparison.leader import leading_run
from litmus_core.types import CertificateLine, Run
from litmus_core.verdicts import Gate, Requirement, gate_of, gate_of_unjudged, read_requirement

LinesOf = Callable[[str], Sequence[CertificateLine]]


def judged_gate(context: Context, id_: str, requirement: str, *, lines_of: LinesOf) -> Gate:
    """Return the gate of an experiment, a run or a candidate. Raises UsageError if there is no bar.

    ``lines_of`` returns the lines of a judged candidate's certificate that count.
    """
    required = read_requirement(requirement)
    if id_.startswith("ex_"):
        return _of_run(context, leading_run(context, id_), id_, required, lines_of)
    if id_.startswith("run_") and "-" not in id_:
        run = context.run(id_)
        return _of_run(context, run, run.experiment_id, required, lines_of)
    candidate = context.candidate(id_)
    run = context.run(candidate.run_id)
    if run.verdict is not None and run.verdict.candidate_id != candidate.id:
        return gate_of_unjudged(run.verdict, required, candidate_id=candidate.id)
    return _of_run(context, run, run.experiment_id, required, lines_of)


def _of_run(
    context: Context, run: Run | None, experiment_id: str, required: Requirement, lines_of: LinesOf
) -> Gate:
    bar = context.experiment(experiment_id).task.bar
    verdict, missing = (None, ()) if run is None else (run.verdict, run.missing)
    lines = () if bar is None or verdict is None else lines_of(verdict.candidate_id)
    return gate_of(verdict, required, bar=bar, missing=missing, lines=lines)
