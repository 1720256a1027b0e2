"""What is found of a table before training, kept for all of a session that ask the same of its rows.

These are the checks that every training makes, the one that decides how rows are split, and the simple models
that are quoted. The key is all that they depend on: the rows, the columns, the fixes, and what was asked; the
code is one within a session. Half of a small training's time goes into them, and guides train on one table
again and again. ``litmus check`` and tests of checks make them anew.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import wraps
from pathlib import Path
from secrets import token_hex
from typing import Any

_OF_SPLITS = ("structure",)


def keep_checks(
    check: Callable[..., Any], folder: Callable[[], Path], *, always: bool = False
) -> Callable[..., Any]:
    """Return ``check`` with the reports of trainings, which have a deadline, kept in ``folder()``.

    That of splits is kept, too, and with ``always`` those of pages. One that lacks a check for want of time
    is not.
    """

    @wraps(check)
    def checked(workspace: Any, version: Any, *, deadline: float | None = None, **asked: Any) -> Any:
        if deadline is None and not always and asked.get("kinds") != _OF_SPLITS:
            return check(workspace, version, **asked)
        decides = sorted((name, value) for name, value in asked.items() if name != "on_progress")
        kept = folder() / _named((_rows(version), decides))
        if (report := _read(kept)) is None:
            report = check(workspace, version, deadline=deadline, **asked)
            if not report.not_made:
                _write(kept, report)
        return replace(report, dataset_version_id=version.id)

    return checked


def keep_fits(fit: Callable[..., Any], folder: Callable[[], Path]) -> Callable[..., Any]:
    """Return what fits simple models for a question, with what it found kept in ``folder()``."""

    @wraps(fit)
    def fitted(workspace: Any, version: Any, task: Any, *, validation: Any = None, test: Any = None) -> Any:
        asked = replace(task, dataset_version_id="", validation_version_id=None, test_version_id=None)
        tables = [each and _rows(each) for each in (version, validation, test)]
        kept = folder() / _named((fit.__name__, tables, asked))
        if (found := _read(kept)) is None:
            found = fit(workspace, version, task, validation=validation, test=test)
            _write(kept, found)
        return found

    return fitted


def _rows(version: Any) -> tuple[Any, ...]:
    return version.name, version.content_hash, version.columns, version.lineage.fixes


def _named(told: Any) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _read(kept: Path) -> Any:
    """Return what was kept, as it was; None where it was not, or is damaged."""
    with suppress(FileNotFoundError):
        digest, found = kept.read_bytes().split(b"\n", 1)
        if digest == _digest(found):
            return pickle.loads(found)
    return None


def _write(kept: Path, found: Any) -> None:
    kept.parent.mkdir(exist_ok=True)
    new = kept.with_suffix(f".{token_hex(4)}")
    pickled = pickle.dumps(found)
    new.write_bytes(_digest(pickled) + b"\n" + pickled)
    new.replace(kept)


def _digest(found: bytes) -> bytes:
    return hashlib.sha256(found).hexdigest().encode()
