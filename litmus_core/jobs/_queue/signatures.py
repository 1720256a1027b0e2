"""Signatures of queue entries by the user who added them; entries of anybody else start nothing."""

from __future__ import annotations

import hashlib
import json

from litmus_core.errors import UntrustedError, writing
from litmus_core.store import Workspace
from litmus_core.trust import is_signed, signature
from litmus_core.types import RunQueued, from_plain, to_plain

_MARK = ".queued.json"
_QUEUED = "queued"  # the subject of the signature


def sign_queued(workspace: Workspace, fact: RunQueued) -> None:
    """Record that this user requested the run as in ``fact``."""
    mark = workspace.run_dir(fact.run_id) / _MARK
    with writing(mark):
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.write_text(json.dumps({"signature": signature(_QUEUED, _digest(fact))}), encoding="utf-8")


def is_queue_row_trusted(workspace: Workspace, fact: RunQueued) -> bool:
    """Return whether this user, or someone they trust, requested the run as in ``fact``."""
    try:
        mark = json.loads((workspace.run_dir(fact.run_id) / _MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    claim = str(mark.get("signature", "")) if isinstance(mark, dict) else ""
    return is_signed(claim, _QUEUED, _digest(fact))


def check_queued(workspace: Workspace, fact: RunQueued) -> None:
    """Raise UntrustedError unless :func:`is_queue_row_trusted`."""
    if not is_queue_row_trusted(workspace, fact):
        raise UntrustedError(
            f"'{fact.run_id}' was put into the queue by somebody else, so none of it was run.",
            hint=f"If you trust whoever did that: litmus trust {fact.run_id}",
        )


def _digest(fact: RunQueued) -> str:
    # In the journal's form, which reads 8 back as 8.0 where any number is allowed.
    restored = from_plain(RunQueued, json.loads(json.dumps(to_plain(fact))))
    plain = to_plain(restored, with_defaults=False)
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
