"""The user's key and its signatures: the key lies outside every workspace, and never travels with one."""

from __future__ import annotations

import hmac
import json
import os
import secrets
from pathlib import Path

from litmus_core.errors import WorkspaceError


def signature(purpose: str, *facts: str) -> str:
    """Return the signature of ``facts`` for ``purpose`` by the user's key; creates the key if needed.

    A signature for one purpose is not valid for another.
    """
    return hmac.new(_key(), json.dumps([purpose, *facts]).encode(), "sha256").hexdigest()


def is_signed(claim: str, purpose: str, *facts: str) -> bool:
    """Return whether ``claim`` is the user's signature of ``facts`` for ``purpose``; creates no key."""
    if not _key_path().exists():
        return False
    return hmac.compare_digest(signature(purpose, *facts).encode(), claim.encode())


def _key_path() -> Path:
    home = os.environ.get("XDG_CONFIG_HOME")
    return (Path(home) if home else Path.home() / ".config") / "litmus" / "trust.key"


def _key() -> bytes:
    path = _key_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        return path.read_bytes()
    except OSError as error:
        raise WorkspaceError(
            f"The key that trust is signed with cannot be kept at {path}: {error.strerror}.",
            hint="Set XDG_CONFIG_HOME to a folder of your own that you may write to.",
        ) from error


def _make(path: Path) -> None:
    """Write a new key that only its owner can read; the first process to write one wins."""
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(32))
    try:
        os.link(partial, path)
    except FileExistsError:
        pass
    finally:
        partial.unlink()
