"""From a candidate to a bundle, a scored file, an endpoint."""

from __future__ import annotations

from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.errors import BundleError
from litmus_core.experiments._diagnosis import run_data
from litmus_core.types import BundleExported, BundleRecord, Endpoint, EndpointStarted, EndpointStopped

if TYPE_CHECKING:
    from litmus_core.deploy import Form
    from litmus_core.experiments._studio import Studio

_GOLDEN_ROWS = 50


def export(
    studio: Studio, candidate_id: str, *, to: Path | str | None, zipped: bool, form: Form
) -> BundleRecord:
    """Write the candidate as a bundle with rows of its data as examples, and record it.

    They are validation rows; a run with folds has none apart, and gives rows it was trained on.
    """
    from litmus_core.deploy import Origin, export_bundle

    candidate = studio.candidate(candidate_id)
    run = studio.run(candidate.run_id)
    experiment = studio.experiment(run.experiment_id)
    data = run_data(studio, run)
    part = "validation" if len(data.index("validation")) else "train"
    rows = data.features(part)  # type: ignore[arg-type]
    rows = rows.sample(n=min(_GOLDEN_ROWS, len(rows)), random_state=0).sort_index()
    target = Path(to) if to is not None else _free_path(studio, experiment.name, candidate.id, zipped=zipped)
    record = export_bundle(
        studio.workspace.run_dir(run.id),
        candidate,
        experiment,
        golden=rows,
        verdict=run.verdict if run.chosen_id == candidate.id else None,
        to=target,
        zipped=zipped,
        form=form,
        origin=Origin(dataset=studio.dataset(experiment.task.dataset_version_id), plan=run.plan),
    )
    studio.record(BundleExported(bundle=record))
    return record


def _free_path(studio: Studio, experiment: str, candidate_id: str, *, zipped: bool) -> Path:
    """Return a path in the workspace that nothing is at: the same candidate may be exported again."""
    words = "".join(letter if letter.isalnum() else "-" for letter in experiment.lower())
    words = "-".join(part for part in words.split("-") if part)[:60]
    stem, suffix = f"{words}-{candidate_id}", ".zip" if zipped else ""
    names = chain([stem], (f"{stem}-{again}" for again in count(2)))
    paths = (studio.workspace.bundles / f"{name}{suffix}" for name in names)
    return next(path for path in paths if not path.exists())


def predict_file(studio: Studio, bundle_id: str, source: Path, to: Path) -> int:
    """Score a file with a recorded bundle."""
    from litmus_core.deploy import predict_file as score
    from litmus_core.runtime import load_bundle

    return score(load_bundle(_path(studio, bundle_id)), source, to)


def _path(studio: Studio, bundle_id: str) -> Path:
    path = Path(studio.store.bundle(bundle_id).path)
    if not path.exists():
        raise BundleError(f"The bundle is no longer at {path}.", hint="Export the model again.")
    return path


def deploy(studio: Studio, bundle_id: str) -> Endpoint:
    """Serve a bundle from a child process, or return the endpoint that already does."""
    from litmus_core.deploy import start_endpoint

    for endpoint in endpoints(studio):
        if endpoint.bundle_id == bundle_id:
            return endpoint
    _path(studio, bundle_id)
    endpoint = start_endpoint(studio.workspace, studio.store.bundle(bundle_id))
    studio.record(EndpointStarted(endpoint=endpoint))
    return endpoint


def endpoints(studio: Studio) -> list[Endpoint]:
    """Return what answers; record what was found dead."""
    from litmus_core.deploy import endpoint_alive

    living: list[Endpoint] = []
    dead: list[Endpoint] = []
    for endpoint in (each for each in studio.store.endpoints() if each.alive):
        (living if endpoint_alive(endpoint) else dead).append(endpoint)
    if dead:
        studio.record(*(EndpointStopped(endpoint_id=endpoint.id) for endpoint in dead))
    return living


def stop(studio: Studio, endpoint_id: str) -> None:
    """Stop an endpoint by its id; one that is already gone is recorded as stopped."""
    from litmus_core.deploy import stop_endpoint
    from litmus_core.errors import NotFoundError

    known = {endpoint.id: endpoint for endpoint in studio.store.endpoints()}
    if endpoint_id not in known:
        raise NotFoundError(kind="endpoint", id=endpoint_id, hint="It is already stopped.")
    stop_endpoint(known[endpoint_id])
    studio.record(EndpointStopped(endpoint_id=endpoint_id))
