"""Signatures of a run's copied source: it may run only if the user who copied it signed it.

A workspace from someone else holds runs with source signed by another key. No queue, page or command runs
any of it before the user trusts it.
"""

from __future__ import annotations

import json
from pathlib import Path

from litmus_core.errors import UsageError
from litmus_core.plugins._trust.digest import SOURCE, digest_of
from litmus_core.runtime import MODULES
from litmus_core.trust import is_signed, signature

_MARK = ".trusted.json"


def sign_modules(modules: Path) -> str:
    """Record that the user trusts the source in a folder as it is now; return its hash."""
    digest = digest_of(modules)
    (modules / _MARK).write_text(json.dumps({"sha256": digest, "signature": signature(SOURCE, digest)}))
    return digest


def check_signed(folder: Path) -> None:
    """Raise UsageError unless the user trusts the source in ``folder``/modules as it is now.

    They copied it themselves, or it comes from a plug-in that they trusted.
    """
    modules = folder / MODULES
    if not modules.is_dir():
        return
    digest = digest_of(modules)
    signature_path = folder.parent.parent / "trusted" / f"{digest}.json"
    if not _is_signed(modules / _MARK, digest) and not _is_signed(signature_path, digest):
        raise UsageError(
            f"The code that '{folder.name}' keeps was not brought by you, so none of it was run.",
            hint=f"Read {modules}, then: litmus trust {folder.name}",
        )


def _is_signed(mark: Path, digest: str) -> bool:
    try:
        document = json.loads(mark.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(document, dict) and is_signed(str(document.get("signature", "")), SOURCE, digest)
