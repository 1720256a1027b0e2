"""The sample tables that come with a checkout, for a first try in one click."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.errors import NotFoundError, UnknownNameError

if TYPE_CHECKING:
    from litmus_core.experiments._studio import Studio
    from litmus_core.types import Run

_FOLDER = Path(__file__).resolve().parents[3] / "sample_data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A small real table with a question that it answers."""

    name: str
    title: str
    description: str
    path: Path
    target: str
    license: str
    source: str


def samples() -> tuple[Sample, ...]:
    """Return the samples of this checkout; none when Litmus was installed without them."""
    listing = _FOLDER / "samples.json"
    if not listing.exists():
        return ()
    return tuple(
        Sample(
            name=each["name"],
            title=each["title"],
            description=each["description"],
            path=_FOLDER / each["file"],
            target=each["target"],
            license=each["license"],
            source=each["source"],
        )
        for each in json.loads(listing.read_text(encoding="utf-8"))
    )


def sample(name: str) -> Sample:
    """Return one sample by name."""
    known = {each.name: each for each in samples()}
    if not known:
        raise NotFoundError(
            kind="sample", id=name, hint="Samples come with a checkout of Litmus; import a file of your own."
        )
    if name not in known:
        raise UnknownNameError(kind="sample", name=name, known=known)
    return known[name]


def start(studio: Studio, name: str, *, time_limit_s: float) -> Run:
    """Import a sample (once), set its task and start a run of it."""
    from litmus_core.experiments._tasks import make_task

    chosen = sample(name)
    version = studio.import_data(chosen.path, name=chosen.title)
    task = make_task(studio.workspace, version, chosen.target, time_limit_s=time_limit_s)
    return studio.start_run(studio.create_experiment(task, name=chosen.title).id)
