"""Trainings of guides, kept for the same training of a session: of script and notebook one is carried out.

The key is all that a training depends on: the experiment, the plan, the rows, and how many runs and looks its
workspace has seen; the code is one within a session, and within the folder that later runs of the same code
share. A run that names another one's models, or has onlookers, is carried out always. Who asks while another
process trains the same waits for it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import pickle
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

FOLDER = "WARM_TRAINED"  # in the settings of who may be given another one's training: where they are kept
KEPT = "WARM_KEPT"  # in the settings of a session that can keep them for later runs: where, in its stead
_ID = re.compile(r"\b(?:run|ex|dv|ds|ho|bd)_[0-9a-f]{6,}\b")
_FACTS, _DIGEST = "facts.pkl", "digest"
_OF_THE_PROCESS = ("worker.log", "worker.lock")

_log = logging.getLogger(__name__)


def keep_trainings(train: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return the stages ``train(context)`` of a run with what they wrote and reported kept."""

    @wraps(train)
    def trained(context: Any) -> Any:
        key = _key(context) if FOLDER in os.environ else ""
        if not key:
            return train(context)
        kept = Path(os.environ.get(KEPT) or os.environ[FOLDER]) / key
        kept.mkdir(parents=True, exist_ok=True)
        with (kept / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return _given(context, kept) if _is_whole(kept) else _kept(context, kept, train)

    return trained


def _key(context: Any) -> str:
    """Return a name of all that the training depends on; "" for one that depends on more."""
    from litmus_core.types import CandidateTested, RunQueued, to_plain

    if context.plan.hooks or context.plan.postprocess:  # whose files are called by the run
        return ""
    experiment = to_plain(replace(context.experiment, created_at=""))
    seen = len(list(context.journal.events(types=[RunQueued, CandidateTested])))
    told = json.dumps([experiment, to_plain(context.plan), context.number, seen], sort_keys=True)
    told = told.replace(str(context.workspace.path.parent), "here")
    versions = context.versions()
    for each in _ids(context):
        version = versions.get(each)
        rows = "" if version is None else repr((version.content_hash, version.columns, version.lineage.fixes))
        told = told.replace(each, f"<{rows}>")
    return "" if _ID.search(told) else hashlib.sha256(told.encode()).hexdigest()[:16]


def _ids(context: Any) -> list[str]:
    """Return the ids of the run, its experiment and its tables, which differ from training to training."""
    task = context.experiment.task
    tables = (task.dataset_version_id, task.validation_version_id, task.test_version_id)
    return [context.run_id, context.experiment.id, *filter(None, tables)]


def _kept(context: Any, kept: Path, train: Callable[[Any], Any]) -> Any:
    facts: list[Any] = []
    others = [*_OF_THE_PROCESS, *(each.name for each in context.folder.iterdir())]

    def report(fact: Any) -> None:
        facts.append(fact)
        context.report(fact)

    ended = train(replace(context, report=report))
    if ended.status == "finished":

        def left_out(folder: str, _: list[str]) -> list[str]:
            return others if Path(folder) == context.folder else []  # below it, all is the training's

        shutil.rmtree(kept / "run", ignore_errors=True)
        shutil.copytree(context.folder, kept / "run", ignore=left_out, symlinks=True)
        (kept / _FACTS).write_bytes(pickle.dumps((_ids(context), facts, ended)))
        (kept / _DIGEST).write_text(_digest(kept))
    return ended


def _is_whole(kept: Path) -> bool:
    """Return whether a training is there as it was kept: later runs may find it cut short, or changed."""
    return (kept / _DIGEST).exists() and (kept / _DIGEST).read_text(errors="replace") == _digest(kept)


def _digest(kept: Path) -> str:
    told = hashlib.sha256()
    for each in (kept / _FACTS, *sorted((kept / "run").rglob("*"))):
        told.update(str(each.relative_to(kept)).encode())
        if each.is_file():
            told.update(hashlib.sha256(each.read_bytes()).digest())
    return told.hexdigest()


def _given(context: Any, kept: Path) -> Any:
    from litmus_core.jobs import final_folders
    from litmus_core.trust import sign_files

    _log.info("The same training was carried out before: %s", kept)
    told = (kept / _FACTS).read_bytes()
    pairs = list(zip(pickle.loads(told)[0], _ids(context), strict=True))
    shutil.copytree(kept / "run", context.folder, symlinks=True, dirs_exist_ok=True)
    for path in context.folder.rglob("*.json"):
        path.write_bytes(_renamed(path.read_bytes(), pairs))
    for path in final_folders(context.folder):  # named after their candidate, and signed on their own
        sign_files(path.rename(path.with_name(_renamed(path.name.encode(), pairs).decode())))
    _, facts, ended = pickle.loads(_renamed(told, pairs))
    for fact in facts:
        context.report(fact)
    return ended


def _renamed(told: bytes, pairs: list[tuple[str, str]]) -> bytes:
    for before, now in pairs:
        told = told.replace(before.encode(), now.encode())  # as long as it: pickles say how long words are
    return told
