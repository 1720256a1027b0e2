"""Who owns a workspace: its record is signed by its creator, or by a user who trusts the sender."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

from litmus_core.errors import UntrustedError, writing
from litmus_core.trust._key import is_signed, signature

TRUSTED = "trusted.json"
_RECORD = "journal.db"  # a folder with this file is a workspace
_CODE_FOLDERS = ("runs", "bundles", "scorings", "endpoints")
_WORKSPACE = "workspace"  # what the key signs


def sign_workspace(home: Path, identity: str) -> None:
    """Record that this user created the workspace in ``home``, or trusts it.

    ``identity`` is its journal's id.
    """
    path = home / TRUSTED
    partial = path.with_name(f"{TRUSTED}.{secrets.token_hex(4)}")
    mark = {"journal": identity, "signature": signature(_WORKSPACE, identity)}
    with writing(path):
        partial.write_text(json.dumps(mark), encoding="utf-8")
        partial.replace(path)


def sign_new_workspace(home: Path, identity: str) -> None:
    """Sign a workspace whose journal was just created, unless someone put code there before."""
    if not any(
        entry for name in _CODE_FOLDERS if (home / name).is_dir() for entry in (home / name).iterdir()
    ):
        sign_workspace(home, identity)


def is_workspace_signed(home: Path, identity: str | None = None) -> bool:
    """Return whether this user created or trusts the workspace in ``home`` (journal id ``identity``)."""
    try:
        mark = json.loads((home / TRUSTED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    if not isinstance(mark, dict):
        return False
    signed = str(mark.get("journal", ""))
    is_ours = is_signed(str(mark.get("signature", "")), _WORKSPACE, signed)
    return is_ours and identity in (None, signed)


def check_home(path: Path) -> None:
    """Raise UntrustedError if ``path`` is in someone else's workspace that is not trusted."""
    home = foreign_home(path)
    if home is not None:
        raise foreign_error(home)


def foreign_home(path: Path) -> Path | None:
    """Return the untrusted workspace of someone else that ``path`` is in; None if there is none."""
    above = (path.absolute(), *path.absolute().parents)
    return next(
        (folder for folder in above if (folder / _RECORD).exists() and not is_workspace_signed(folder)), None
    )


def foreign_error(home: Path) -> UntrustedError:
    """Return the error for something in a foreign workspace that must not run."""
    return UntrustedError(
        f"The workspace {home} was not made by you on this computer, so none of it is run.",
        hint=f"Reading works. If you trust whoever sent it: litmus trust --workspace {home}",
    )
