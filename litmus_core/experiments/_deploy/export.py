"""From a candidate to a bundle and a scored file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from litmus_core.errors import BundleError, BusyError, NotFoundError
from litmus_core.experiments._runs.diagnosis import run_data
from litmus_core.store import FileLock
from litmus_core.types import BundleExported, BundleRecord, Run

if TYPE_CHECKING:
    import pandas as pd

    from litmus_core.deploy import Form
    from litmus_core.experiments._studio import Studio

_GOLDEN_ROWS = 50
_LOCK = "export.lock"
_PATIENCE_S = 600.0


def export(
    studio: Studio, candidate_id: str, *, to: Path | str | None, zipped: bool, form: Form
) -> BundleRecord:
    """Write the candidate as a bundle with rows of its data as examples, and record it.

    They are validation rows; a run with folds has none apart, and gives rows it was trained on. Exports of
    a run wait for each other.
    """
    candidate = studio.candidate(candidate_id)
    with run_held(studio, candidate.run_id):
        return _export(studio, candidate_id, to=to, zipped=zipped, form=form)


def _export(
    studio: Studio, candidate_id: str, *, to: Path | str | None, zipped: bool, form: Form
) -> BundleRecord:
    from litmus_core.deploy import Origin, export_bundle

    candidate = studio.candidate(candidate_id)
    run = studio.run(candidate.run_id)
    experiment = studio.experiment(run.experiment_id)
    rows = _golden(studio, run)
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
    record = replace(record, form=form)
    kept = replace(record, path=studio.workspace.relative(record.path))
    studio.record(BundleExported(bundle=kept))
    return record


def own_bundle(studio: Studio, candidate_id: str) -> BundleRecord:
    """Return the newest bundle that the workspace keeps of a candidate; exported where it keeps none.

    Bundles that were written elsewhere, or in a form that somebody asked for, are meant for something else.
    """
    for bundle in studio.bundles():
        if bundle.candidate_id == candidate_id and bundle.form == "auto" and _is_kept(studio, bundle):
            return bundle
    return studio.export(candidate_id)


def _is_kept(studio: Studio, bundle: BundleRecord) -> bool:
    path = Path(bundle.path)
    return path.exists() and path.resolve().parent == studio.workspace.bundles.resolve()


def export_onnx(studio: Studio, candidate_id: str, *, to: Path | str) -> Path:
    """Write the candidate as a plain ONNX file, held against rows of its data."""
    from litmus_core.deploy import export_onnx as write

    candidate = studio.candidate(candidate_id)
    with run_held(studio, candidate.run_id):
        run = studio.run(candidate.run_id)
        return write(
            studio.workspace.run_dir(run.id),
            candidate,
            studio.experiment(run.experiment_id),
            rows=_golden(studio, run),
            to=Path(to),
        )


@contextmanager
def run_held(studio: Studio, run_id: str, *, patience_s: float = _PATIENCE_S) -> Iterator[None]:
    """Keep a run's files for oneself: exports of a run wait for each other, and nobody deletes it meanwhile.

    Raises BusyError where someone else has them for longer than ``patience_s``, NotFoundError where the run,
    or its folder, is gone.
    """
    folder = studio.workspace.run_dir(run_id)
    if not folder.exists():
        raise NotFoundError(kind="folder of run", id=run_id, hint="Its files were removed; train it again.")
    with FileLock(folder / _LOCK) as lock:
        if not lock.acquire(timeout_s=patience_s):
            raise BusyError(
                f"{studio.run(run_id).title} is being exported.",
                hint="Wait until that is done. Nothing was changed.",
            )
        studio.run(run_id)  # it may have been deleted meanwhile
        yield


def _golden(studio: Studio, run: Run) -> pd.DataFrame:
    data = run_data(studio, run)
    part: Literal["validation", "train"] = "validation" if len(data.index("validation")) else "train"
    rows = data.features(part)
    return rows.sample(n=min(_GOLDEN_ROWS, len(rows)), random_state=0).sort_index()


def _free_path(studio: Studio, experiment: str, candidate_id: str, *, zipped: bool) -> Path:
    """Return a path in the workspace that nothing is at: the same candidate may be exported again."""
    stem, suffix = f"{_words(experiment)}-{candidate_id}", ".zip" if zipped else ""
    names = chain([stem], (f"{stem}-{again}" for again in count(2)))
    paths = (studio.workspace.bundles / f"{name}{suffix}" for name in names)
    return next(path for path in paths if not path.exists())


def _words(name: str) -> str:
    words = "".join(letter if letter.isalnum() else "-" for letter in name.lower())
    return "-".join(part for part in words.split("-") if part)[:60]


def slug(name: str) -> str:
    """Return an experiment's name as an endpoint may have it; "" when no plain letter is left of it."""
    return _words("".join(letter if letter.isascii() else "-" for letter in name))[:50].strip("-")


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
