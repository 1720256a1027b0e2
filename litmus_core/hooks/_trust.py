"""Whose code may be run: asked once for each hash, and signed with a key that is the person's own.

The marks lie in the workspace, the key outside of it: a workspace that someone else sends, or a mark that
someone writes into it, brings no trust.
"""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

from litmus_core.errors import WorkspaceError


def signature(digest: str) -> str:
    """Return what the person's key says of a hash; makes the key where there is none yet."""
    return hmac.new(_key(), f"trusted\0{digest}".encode(), "sha256").hexdigest()


def is_signed(digest: str, said: str) -> bool:
    """Say whether ``said`` is the person's signature of a hash; makes no key."""
    if not _key_path().exists():
        return False
    return hmac.compare_digest(signature(digest), said)


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
    """Write a new key that only its owner may read; whoever writes one first wins."""
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
