"""Whether the copied source of a run may be run here: whoever had it copied signed it.

A workspace that someone else sends holds runs with source of theirs, signed with a key that is not the
person's. Nothing of it is run, by a queue, a page or a command, before the person says so.
"""

from __future__ import annotations

import json
from pathlib import Path

from litmus_core.errors import UsageError
from litmus_core.plugins._digest import SOURCE, digest_of
from litmus_core.runtime import MODULES
from litmus_core.trust import is_signed, signature

_MARK = ".trusted.json"


def sign_modules(modules: Path) -> str:
    """Write down that the person trusts the source in a folder as it is now; return its hash."""
    digest = digest_of(modules)
    (modules / _MARK).write_text(json.dumps({"sha256": digest, "signature": signature(SOURCE, digest)}))
    return digest


def check_signed(folder: Path) -> None:
    """Raise UsageError unless the person trusts the source in ``folder``/modules as it is now.

    It was copied by them from where they named it, or from a plug-in that they trusted.
    """
    modules = folder / MODULES
    if not modules.is_dir():
        return
    digest = digest_of(modules)
    kept_plugin = folder.parent.parent / "trusted" / f"{digest}.json"
    if not _is_signed(modules / _MARK, digest) and not _is_signed(kept_plugin, digest):
        raise UsageError(
            f"The code that '{folder.name}' keeps was not brought by you, so nothing of it was run.",
            hint=f"Read {modules}, then: litmus trust {folder.name}",
        )


def _is_signed(mark: Path, digest: str) -> bool:
    try:
        said = json.loads(mark.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(said, dict) and is_signed(str(said.get("signature", "")), SOURCE, digest)
