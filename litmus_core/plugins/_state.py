"""What a workspace keeps of its plug-ins: one small file a fact, written whole, so that no lock is needed."""

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
from litmus_core.plugins._digest import SOURCE, digest_of
from litmus_core.plugins._discovery.types import Described
from litmus_core.plugins._report import PlugInReport
from litmus_core.plugins._source import PLUGINS, copy_with_siblings, digest_of_file
from litmus_core.runtime import MODULES
from litmus_core.trust import is_signed, signature
from litmus_core.types import Point, from_plain, to_plain

_STATE = ".litmus"


class PlugInState:
    """The state of the plug-ins of the workspace in the folder ``home``. Holds no open files."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home / PLUGINS
        self._kept = self.folder / _STATE

    def files(self) -> list[Path]:
        """Return the files that may hold plug-ins: ``plugins/*.py`` but those that begin with ``_``."""
        found = self.folder.glob("*.py") if self.folder.is_dir() else ()
        return sorted(path for path in found if not path.name.startswith("_"))

    def as_of(self) -> tuple[tuple[str, int], ...]:
        """Return when each file of plug-ins, and each kind of what is kept of them, changed last.

        While it is the same, finding them again finds the same.
        """
        files = (path for path in self.folder.rglob("*.py") if self._kept not in path.parents)
        kept = (self._kept / what for what in ("trusted", "checked", "disabled"))
        return tuple(
            sorted((str(path), path.stat().st_mtime_ns) for path in (*files, *kept) if path.exists())
        )

    # Trust

    def trust(self, file: Path) -> str:
        """Trust a file, and what it imports from beside it, as they are now; return their hash.

        A copy is kept, and that is what runs. Raises UsageError where it does not parse.
        """
        with tempfile.TemporaryDirectory(prefix="litmus-source-") as scratch:
            copy_with_siblings(file, Path(scratch))
            digest = digest_of(Path(scratch))
            to = self._kept / "source" / digest / MODULES
            with writing(to):
                if not to.exists() or digest_of(to) != digest:
                    shutil.rmtree(to, ignore_errors=True)
                    shutil.copytree(scratch, to)
        self._write("trusted", digest, {"file": file.name, "signature": signature(SOURCE, digest)})
        return digest

    def is_trusted(self, digest: str) -> bool:
        """Say whether the person trusts the source of this hash."""
        mark = self._read("trusted", digest)
        return mark is not None and is_signed(str(mark.get("signature", "")), SOURCE, digest)

    def trusted_by_others(self) -> tuple[str, ...]:
        """Return the files that somebody else trusted, and this person does not, whose copies are whole."""
        return tuple(sorted({name for digest, name in self._marks() if not self.is_trusted(digest)}))

    def trust_what_others_trusted(self) -> None:
        """Trust the copies of what somebody else trusted, as they are now."""
        for digest, name in self._marks():
            self._write("trusted", digest, {"file": name, "signature": signature(SOURCE, digest)})

    def _marks(self) -> list[tuple[str, str]]:
        """Return the hash and file name of what was trusted, by whomever, and whose copy is whole."""
        digests = [path.stem for path in sorted((self._kept / "trusted").glob("*.json"))]
        whole = [each for each in digests if digest_of(self.folder_of(each) / MODULES) == each]
        return [(each, str((self._read("trusted", each) or {}).get("file", each))) for each in whole]

    def check_trusted(self, file: Path) -> None:
        """Raise UsageError where a file of the workspace's ``plugins`` is not trusted as it is now."""
        if self.folder.absolute() in file.absolute().parents and not self.is_trusted(digest_of_file(file)):
            raise UsageError(
                f"{PLUGINS}/{file.name} is not trusted, so nothing of it was run.",
                hint=f"Read it, then: litmus plugins trust {file}",
            )

    def source_of(self, digest: str) -> Path:
        """Return the folder with ``modules`` of a trusted hash; raises UsageError where it was changed."""
        folder = self.folder_of(digest)
        if not self._is_whole(digest):
            raise UsageError(
                "The copy of a trusted plug-in was changed or removed.", hint="Trust its file again."
            )
        return folder

    def _is_whole(self, digest: str) -> bool:
        return self.is_trusted(digest) and digest_of(self.folder_of(digest) / MODULES) == digest

    def folder_of(self, digest: str) -> Path:
        """Return where the copy of a trusted hash lies, whether it is there or not."""
        return self._kept / "source" / digest

    # What it is, and how its checks went

    def keep_description(self, key: str, plugins: Sequence[Described]) -> None:
        """Keep what was found under a hash (or name and version of an installed package)."""
        self._write("described", key, {"plugins": to_plain(list(plugins))})

    def description(self, key: str) -> tuple[Described, ...] | None:
        """Return what was kept; None where there is nothing, or it is not of this Litmus."""
        found = self._read("described", key)
        try:
            return None if found is None else tuple(from_plain(list[Described], found["plugins"]))
        except (KeyError, BaseValidationError):
            return None

    def checking_folder(self, plugin: str) -> Path:
        """Return where the checks of ``plugin`` (a file's place, or a name) say how far they are."""
        return self._path("checking", plugin).with_suffix("")

    def descriptions(self) -> dict[str, tuple[Described, ...]]:
        """Return all that was kept of what is trusted and whose copy is whole, by its key, oldest first."""
        paths = sorted((self._kept / "described").glob("*.json"), key=lambda path: path.stat().st_mtime)
        found = {path.stem: self.description(path.stem) for path in paths}
        return {key: plugins for key, plugins in found.items() if plugins and self._is_whole(key)}

    def keep_report(self, key: str, report: PlugInReport) -> None:
        """Keep how the checks of a plug-in went; ``key`` is as for its description."""
        self._write("checked", f"{key}-{report.point}-{report.name}", to_plain(report))

    def report(self, key: str, point: Point, name: str) -> PlugInReport | None:
        """Return how its checks went; None where they were not made."""
        found = self._read("checked", f"{key}-{point}-{name}")
        try:
            return None if found is None else from_plain(PlugInReport, found)
        except BaseValidationError:
            return None

    # Disabled, and why

    def disable(self, point: Point, name: str, *, reason: str, key: str = "") -> None:
        """Disable a plug-in; with a ``key`` only in that version of it, so that a mended one is asked."""
        self._write("disabled", f"{point}-{name}", {"reason": reason, "key": key})

    def enable(self, point: Point, name: str) -> None:
        """Take that back."""
        self._path("disabled", f"{point}-{name}").unlink(missing_ok=True)

    def why_disabled(self, point: Point, name: str, *, key: str) -> str:
        """Return why it is disabled; "" where it is not."""
        found = self._read("disabled", f"{point}-{name}")
        if found is None or found.get("key") not in ("", key):
            return ""
        return str(found.get("reason", "")) or "it was disabled"

    def _path(self, what: str, key: str) -> Path:
        safe = "".join(letter if letter.isalnum() or letter in "-_.=" else "_" for letter in key)
        return self._kept / what / f"{safe}.json"

    def _read(self, what: str, key: str) -> dict[str, Any] | None:
        try:
            found = json.loads(self._path(what, key).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def _write(self, what: str, key: str, fact: dict[str, Any]) -> None:
        path = self._path(what, key)
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
            partial.write_text(json.dumps(fact), encoding="utf-8")
            os.replace(partial, path)
