"""What the checks that every training makes found, kept for all trainings of a session on the same rows.

The key is all that their findings depend on: the rows, the columns, the fixes, the target, and what was
asked; the code is one within a session. Half of a small training's time goes into them, and guides train on
one table again and again. ``litmus check`` and tests of checks make them anew.
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


def keep_checks(
    check: Callable[..., Any], folder: Callable[[], Path], *, always: bool = False
) -> Callable[..., Any]:
    """Return ``check`` with the reports of trainings, which have a deadline, kept in ``folder()``.

    With ``always`` those of pages, too. One that lacks a check for want of time is not kept.
    """

    @wraps(check)
    def checked(workspace: Any, version: Any, *, deadline: float | None = None, **asked: Any) -> Any:
        if deadline is None and not always:
            return check(workspace, version, **asked)
        decides = sorted((name, value) for name, value in asked.items() if name != "on_progress")
        told = (version.name, version.content_hash, version.columns, version.lineage.fixes, decides)
        kept = folder() / hashlib.sha256(repr(told).encode()).hexdigest()
        with suppress(FileNotFoundError):
            digest, found = kept.read_bytes().split(b"\n", 1)
            if digest == _digest(found):
                return replace(pickle.loads(found), dataset_version_id=version.id)
        report = check(workspace, version, deadline=deadline, **asked)
        if not report.not_made:
            kept.parent.mkdir(exist_ok=True)
            new = kept.with_suffix(f".{token_hex(4)}")
            found = pickle.dumps(report)
            new.write_bytes(_digest(found) + b"\n" + found)
            new.replace(kept)
        return report

    return checked


def _digest(found: bytes) -> bytes:
    return hashlib.sha256(found).hexdigest().encode()
