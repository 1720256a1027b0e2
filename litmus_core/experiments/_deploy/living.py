"""Find running endpoints with their last verdicts, test their assertions, and record dead endpoints."""

from __future__ import annotations

from litmus_core.errors import BusyError
from litmus_core.experiments._context import Context
from litmus_core.experiments._deploy.cases import label_values
from litmus_core.experiments._runs.diagnosis import open_predictor
from litmus_core.types import (
    AssertionResult,
    Endpoint,
    EndpointStarted,
    EndpointState,
    EndpointStopped,
    Fact,
    LiveVerdict,
)

_ALIVE: tuple[EndpointState, ...] = ("starting", "answering", "restarting")


def supervised_endpoints(context: Context) -> list[Endpoint]:
    """Return the supervised endpoints; record dead ones, and running ones without a record."""
    from litmus_core.deploy import endpoint_alive
    from litmus_core.deploy import live_endpoints as named_endpoints

    named = named_endpoints(context.workspace)
    stored = {endpoint.id: endpoint for endpoint in context.store.endpoints()}
    ids = {endpoint.id for endpoint in named}
    others = [endpoint for endpoint in stored.values() if endpoint.alive and endpoint.id not in ids]
    # A named endpoint belongs to its home folder: in a copied workspace the process is another's.
    alive = {endpoint.id: not endpoint.name and endpoint_alive(endpoint) for endpoint in others}
    facts: list[Fact] = [
        *(EndpointStarted(endpoint=endpoint) for endpoint in named if endpoint.id not in stored),
        *(EndpointStopped(endpoint_id=id_) for id_, lives in alive.items() if not lives),
    ]
    if facts:
        context.for_litmus().record(*facts)
    return [*named, *(endpoint for endpoint in others if alive[endpoint.id])]


def check_undeployed(context: Context, *model_ids: str) -> None:
    """Raise BusyError while a running endpoint answers with one of these models, or may go to one."""
    from litmus_core.deploy import all_endpoint_stats

    for stats in all_endpoint_stats(context.workspace) if model_ids else ():
        if stats.state not in _ALIVE:
            continue
        for version in stats.versions:
            number, hint = version.number, "Promote another version, or stop that endpoint first."
            model_id = version.bundle_id.partition("-")[0]
            if model_id not in model_ids:
                continue
            if number == stats.version:
                message, hint = f"'{stats.name}' answers with '{model_id}'.", "Stop that endpoint first."
            elif number == stats.previous:
                message = f"A rollback of '{stats.name}' goes back to '{model_id}', its version {number}."
            elif number > stats.version:
                message = f"'{model_id}' waits as version {number} of '{stats.name}'."
            else:
                continue
            raise BusyError(message, hint=f"{hint} Nothing was removed.")


def deployed_models(context: Context) -> dict[str, dict[str, LiveVerdict | None]]:
    """Return the running endpoints by the experiment of their live model, with their last verdicts.

    Nothing is judged: only small files are read.
    """
    from litmus_core.deploy import all_endpoint_stats, stored_verdict

    alive = [stats for stats in all_endpoint_stats(context.workspace) if stats.state in _ALIVE]
    experiments = context.store.experiments_of_bundles(stats.bundle_id for stats in alive)
    deployed: dict[str, dict[str, LiveVerdict | None]] = {}
    for stats in alive:
        experiment_id = experiments.get(stats.bundle_id)
        if experiment_id is not None:
            verdict = stored_verdict(context.workspace, stats.name)
            deployed.setdefault(experiment_id, {})[stats.name] = verdict
    return deployed


def live_assertions(context: Context, name: str) -> tuple[AssertionResult, ...]:
    """Test an experiment's assertions on stored rows of an endpoint with known outcomes."""
    import numpy as np

    from litmus_core.deploy import live_rows, sampled_rows
    from litmus_core.diagnostics import check_assertions
    from litmus_core.metrics import get_metric
    from litmus_core.runtime import to_frame

    live = live_rows(context.workspace, name)
    origin = live.manifest.origin
    task = context.experiment(origin.experiment_id).task
    if not task.assertions:
        return ()
    sampled = sampled_rows(context.workspace, name, live)
    predictor = open_predictor(context, origin.candidate_id)
    truth = label_values(predictor.info, [live.outcomes[place] for place in sampled.places])
    frame, group = to_frame(sampled.rows, predictor.columns), task.needs.group
    return check_assertions(
        task.assertions,
        predictor,
        frame,
        metric=get_metric(task.metric).grouped(frame[group] if group else None),
        truth=truth,
        prediction=live.raw[np.array(sampled.places, dtype=np.int64)],
        target=task.target,
    )
