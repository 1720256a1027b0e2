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


def keep_checks(check: Callable[..., Any], folder: Callable[[], Path]) -> Callable[..., Any]:
    """Return ``check`` with the reports of trainings, which have a deadline, kept in ``folder()``.

    One that lacks a check for want of time is not kept.
    """

    @wraps(check)
    def checked(workspace: Any, version: Any, *, deadline: float | None = None, **asked: Any) -> Any:
        if deadline is None:
            return check(workspace, version, **asked)
        told = (version.name, version.content_hash, version.columns, version.fixes, sorted(asked.items()))
        kept = folder() / hashlib.sha256(repr(told).encode()).hexdigest()
        with suppress(OSError):
            return replace(pickle.loads(kept.read_bytes()), dataset_version_id=version.id)
        report = check(workspace, version, deadline=deadline, **asked)
        if not report.not_made:
            kept.parent.mkdir(exist_ok=True)
            new = kept.with_suffix(f".{token_hex(4)}")
            new.write_bytes(pickle.dumps(report))
            new.replace(kept)
        return report

    return checked
