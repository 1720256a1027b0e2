"""A workspace's records of its plug-ins: one small file per fact, written atomically, so without locks."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cattrs.errors import BaseValidationError

from litmus_core.errors import UsageError, writing
from litmus_core.plugins._discovery.types import PluginDescription
from litmus_core.plugins._report import PlugInReport
from litmus_core.plugins._trust.digest import SOURCE, digest_of
from litmus_core.plugins._trust.source import PLUGINS, copy_with_siblings, digest_of_file
from litmus_core.runtime import MODULES
from litmus_core.trust import is_signed, signature
from litmus_core.types import Point, from_plain, to_plain

_STATE = ".litmus"


class PlugInState:
    """The state of the plug-ins of the workspace in ``home``. Holds no open files."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home / PLUGINS
        self._records = self.folder / _STATE

    def files(self) -> list[Path]:
        """Return the files that may hold plug-ins: ``plugins/*.py`` except those that start with ``_``."""
        files = self.folder.glob("*.py") if self.folder.is_dir() else ()
        return sorted(path for path in files if not path.name.startswith("_"))

    def last_changed(self) -> tuple[tuple[str, int], ...]:
        """Return when each plug-in file, and each kind of record, last changed.

        While this is the same, finding the plug-ins again gives the same result.
        """
        files = (path for path in self.folder.rglob("*.py") if self._records not in path.parents)
        folders = (self._records / name for name in ("trusted", "checked", "disabled"))
        return tuple(
            sorted((str(path), path.stat().st_mtime_ns) for path in (*files, *folders) if path.exists())
        )

    # Trust

    def trust(self, file: Path) -> str:
        """Trust a file, and the sibling files it imports, as they are now; return their hash.

        A copy is stored, and the copy is what runs. Raises UsageError if it does not parse.
        """
        with tempfile.TemporaryDirectory(prefix="litmus-source-") as scratch:
            copy_with_siblings(file, Path(scratch))
            digest = digest_of(Path(scratch))
            to = self._records / "source" / digest / MODULES
            with writing(to):
                if not to.exists() or digest_of(to) != digest:
                    shutil.rmtree(to, ignore_errors=True)
                    shutil.copytree(scratch, to)
        self._write("trusted", digest, {"file": file.name, "signature": signature(SOURCE, digest)})
        return digest

    def is_trusted(self, digest: str) -> bool:
        """Return whether the user trusts the source with this hash."""
        mark = self._read("trusted", digest)
        return mark is not None and is_signed(str(mark.get("signature", "")), SOURCE, digest)

    def foreign_copies(self) -> tuple[str, ...]:
        """Return the files that someone else trusted and this user does not, and whose copies are intact."""
        return tuple(sorted({name for digest, name in self._trusted_copies() if not self.is_trusted(digest)}))

    def trust_foreign_copies(self) -> None:
        """Trust the copies of files that someone else trusted, as they are now."""
        for digest, name in self._trusted_copies():
            self._write("trusted", digest, {"file": name, "signature": signature(SOURCE, digest)})

    def _trusted_copies(self) -> list[tuple[str, str]]:
        """Return hash and file name of each file that anyone trusted and whose copy is intact."""
        digests = [path.stem for path in sorted((self._records / "trusted").glob("*.json"))]
        complete = [digest for digest in digests if digest_of(self.folder_of(digest) / MODULES) == digest]
        return [
            (digest, str((self._read("trusted", digest) or {}).get("file", digest))) for digest in complete
        ]

    def check_trusted(self, file: Path) -> None:
        """Raise UsageError if a file of the workspace's ``plugins`` is not trusted as it is now."""
        if self.folder.absolute() in file.absolute().parents and not self.is_trusted(digest_of_file(file)):
            raise UsageError(
                f"{PLUGINS}/{file.name} is not trusted, so none of it was run.",
                hint=f"Read it, then: litmus plugins trust {file.name}",
            )

    def source_of(self, digest: str) -> Path:
        """Return the folder with the ``modules`` of a trusted hash; raises UsageError if it was changed."""
        folder = self.folder_of(digest)
        if not self._is_intact(digest):
            raise UsageError(
                "The copy of a trusted plug-in was changed or removed.", hint="Trust its file again."
            )
        return folder

    def _is_intact(self, digest: str) -> bool:
        return self.is_trusted(digest) and digest_of(self.folder_of(digest) / MODULES) == digest

    def folder_of(self, digest: str) -> Path:
        """Return the folder of a trusted hash's copy, whether it exists or not."""
        return self._records / "source" / digest

    # Descriptions and check reports

    def store_description(self, key: str, plugins: Sequence[PluginDescription]) -> None:
        """Store the plug-ins found under a hash (or name and version of an installed package)."""
        self._write("described", key, {"plugins": to_plain(list(plugins))})

    def description(self, key: str) -> tuple[PluginDescription, ...] | None:
        """Return the stored plug-ins; None if there are none, or another Litmus version stored them."""
        document = self._read("described", key)
        try:
            return (
                None if document is None else tuple(from_plain(list[PluginDescription], document["plugins"]))
            )
        except (KeyError, BaseValidationError):
            return None

    def forget(self, key: str) -> None:
        """Forget the plug-ins stored under a hash, whose names become free."""
        self._path("described", key).unlink(missing_ok=True)

    def checking_folder(self, plugin: str) -> Path:
        """Return the folder in which the checks of ``plugin`` (a file's path, or a name) report progress."""
        return self._path("checking", plugin).with_suffix("")

    def descriptions(self) -> dict[str, tuple[PluginDescription, ...]]:
        """Return all stored plug-ins that are trusted and whose copy is intact, by key, oldest first."""
        paths = sorted((self._records / "described").glob("*.json"), key=lambda path: path.stat().st_mtime)
        descriptions_by_file = {path.stem: self.description(path.stem) for path in paths}
        return {
            key: plugins for key, plugins in descriptions_by_file.items() if plugins and self._is_intact(key)
        }

    def store_report(self, key: str, report: PlugInReport) -> None:
        """Store a plug-in's check report; ``key`` is as for its description."""
        self._write("checked", f"{key}-{report.point}-{report.name}", to_plain(report))

    def report(self, key: str, point: Point, name: str) -> PlugInReport | None:
        """Return a plug-in's check report; None if it was not checked."""
        document = self._read("checked", f"{key}-{point}-{name}")
        try:
            return None if document is None else from_plain(PlugInReport, document)
        except BaseValidationError:
            return None

    # Disabled plug-ins

    def disable(self, point: Point, name: str, *, reason: str, key: str = "") -> None:
        """Disable a plug-in; with a ``key`` only that version, so that a fixed one is used."""
        self._write("disabled", f"{point}-{name}", {"reason": reason, "key": key})

    def enable(self, point: Point, name: str) -> None:
        """Enable a disabled plug-in again."""
        self._path("disabled", f"{point}-{name}").unlink(missing_ok=True)

    def disabled_reason(self, point: Point, name: str, *, key: str) -> str:
        """Return why a plug-in is disabled; "" if it is not."""
        document = self._read("disabled", f"{point}-{name}")
        if document is None or document.get("key") not in ("", key):
            return ""
        return str(document.get("reason", "")) or "it was disabled"

    def _path(self, record_kind: str, key: str) -> Path:
        safe = "".join(letter if letter.isalnum() or letter in "-_.=" else "_" for letter in key)
        return self._records / record_kind / f"{safe}.json"

    def _read(self, record_kind: str, key: str) -> dict[str, Any] | None:
        try:
            document = json.loads(self._path(record_kind, key).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        return document if isinstance(document, dict) else None

    def _write(self, record_kind: str, key: str, fact: dict[str, Any]) -> None:
        path = self._path(record_kind, key)
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
            partial.write_text(json.dumps(fact), encoding="utf-8")
            os.replace(partial, path)
