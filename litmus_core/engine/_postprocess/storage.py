"""The post-processing steps of a run's candidates, stored in its folder.

post/CANDIDATE/postprocess.json   fitted steps
post/CANDIDATE/postprocess/       fitted objects of custom steps
post/CANDIDATE/answers.npy        predictions of the scored rows; steps that learn did so from the other half
post/CANDIDATE/report.json        the effect of the steps
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from litmus_core.engine._postprocess.plugins import open_custom_step
from litmus_core.engine._run_folder.folder import read_model_info, write_json
from litmus_core.errors import NotFoundError, reading
from litmus_core.runtime import POST, ModelInfo, Post
from litmus_core.types import Candidate, PluginRef, PostReport, from_plain, to_plain


def _candidate_folder(folder: Path, candidate_id: str) -> Path:
    return folder / "post" / candidate_id


def store_post(folder: Path, report: PostReport, post: Post, predictions: NDArray[np.float64]) -> None:
    """Store a candidate's steps in a run's folder atomically."""
    place = _candidate_folder(folder, report.candidate_id)
    partial = place.with_name(f"{place.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for name, content in post.files().items():
        (partial / name).parent.mkdir(parents=True, exist_ok=True)
        (partial / name).write_bytes(content)
    write_json(partial / POST, post.state())
    write_json(partial / "report.json", to_plain(report))
    np.save(partial / "answers.npy", predictions, allow_pickle=False)
    shutil.rmtree(place, ignore_errors=True)
    partial.rename(place)


def store_report(folder: Path, report: PostReport) -> None:
    """Rewrite a candidate's report."""
    write_json(_candidate_folder(folder, report.candidate_id) / "report.json", to_plain(report))


def post_of(folder: Path, candidate: Candidate, *, here: bool = False) -> Post | None:
    """Return a candidate's steps; None if it has none.

    Custom ones run in a process of their own, or (``here``) in this one, as in production. Raises
    NotFoundError if their files are missing.
    """
    return open_post(folder, candidate.id, here=here) if candidate.postprocess else None


def open_post(folder: Path, candidate_id: str, *, here: bool = False) -> Post:
    """Return the steps stored under a candidate's id, as :func:`post_of` does."""
    place = _candidate_folder(folder, candidate_id)
    if not (place / POST).exists():
        raise NotFoundError(
            kind="steps after", id=candidate_id, hint="Its files were removed; train it again."
        )
    columns = ModelInfo.of(read_model_info(folder)).columns

    def open_step(reference: str, state: Any) -> Any:
        part = PluginRef(point="postprocess", reference=reference, module=state["module"], name=state["name"])
        return open_custom_step(folder, place, part, state, columns=columns, here=here)

    with reading(place / POST):
        state = json.loads((place / POST).read_text(encoding="utf-8"))
    return Post.from_state(state, open_custom=open_step)


def post_predictions(folder: Path, candidate_id: str) -> NDArray[np.float64]:
    """Return a candidate's predictions of the run's scored rows, in order."""
    path = _candidate_folder(folder, candidate_id) / "answers.npy"
    with reading(path):
        predictions: NDArray[np.float64] = np.load(path, allow_pickle=False)
        return predictions


def post_report(folder: Path, candidate_id: str) -> PostReport | None:
    """Return the report on a candidate's steps; None if it has none."""
    path = _candidate_folder(folder, candidate_id) / "report.json"
    if not path.exists():
        return None
    with reading(path):
        return from_plain(PostReport, json.loads(path.read_text(encoding="utf-8")))
