"""Which experiments' models answer behind endpoints, and what was last judged of them."""

from __future__ import annotations

from litmus_core.experiments._context import Context
from litmus_core.types import EndpointState, LiveVerdict

_ALIVE: tuple[EndpointState, ...] = ("starting", "answering", "restarting")


def deployed_models(context: Context) -> dict[str, dict[str, LiveVerdict | None]]:
    """Return the running endpoints by the experiment of the model that answers, with their last verdicts.

    Nothing is judged: small files are read.
    """
    from litmus_core.deploy import all_endpoint_stats, stored_verdict

    experiments = {bundle.id: bundle.experiment_id for bundle in context.store.bundles()}
    deployed: dict[str, dict[str, LiveVerdict | None]] = {}
    for stats in all_endpoint_stats(context.workspace):
        experiment_id = experiments.get(stats.bundle_id)
        if experiment_id is not None and stats.state in _ALIVE:
            verdict = stored_verdict(context.workspace, stats.name)
            deployed.setdefault(experiment_id, {})[stats.name] = verdict
    return deployed
