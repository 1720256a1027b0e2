"""Code in bundles: refused unless declared, and importable if native weights need it."""

from __future__ import annotations

import hashlib
import importlib
import sys
import zipfile
from importlib.machinery import FileFinder, SourceFileLoader
from pathlib import Path, PurePosixPath
from typing import Any

from litmus_core.errors import BundleError
from litmus_core.runtime._seal.manifest import Manifest

MODEL_FOLDER = "model"
MODULES = "modules"
STEPS_FOLDER = "postprocess"  # fitted objects of custom steps
_PICKLE_NAMES = {".pkl", ".pickle", ".joblib", ".dill", ".pt", ".pth", ".py", ".pyc", ".so", ".pyd", ".dll"}
_PICKLE_STARTS = tuple(bytes([0x80, protocol]) for protocol in range(2, 6))
FORGED = "Bundles of compiled models hold no code. Do not use this one; ask for another export."


def refuse_code(folder: Path, manifest: Manifest) -> None:
    """Raise BundleError if a bundle declared to run no code contains a pickle or a module."""
    for name in manifest.files:
        top = PurePosixPath(name).parts[0]
        if top in (MODULES, STEPS_FOLDER) or (top == MODEL_FOLDER and _may_run(folder / name)):
            raise BundleError(f"{name} can run code when it is opened, and has no place in it.", hint=FORGED)


def _may_run(path: Path) -> bool:
    """Return whether a file is a pickle or a program, judged by its name, first bytes or zipped members."""
    if path.suffix.lower() in _PICKLE_NAMES:
        return True
    with path.open("rb") as file:
        begins = file.read(4)
    if begins.startswith((*_PICKLE_STARTS, b"\x7fELF")):
        return True
    if not begins.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return any(_member_may_run(archive, name) for name in archive.namelist())
    except zipfile.BadZipFile:
        return True  # not the zip file that it claims to be: no export writes that


def _member_may_run(archive: zipfile.ZipFile, name: str) -> bool:
    """Return whether a member is a pickle, by name or bytes; an array of Python objects is one too."""
    if PurePosixPath(name).suffix.lower() in _PICKLE_NAMES:
        return True
    with archive.open(name) as member:
        begins = member.read(1024)
    return begins.startswith(_PICKLE_STARTS) or (
        begins.startswith(b"\x93NUMPY") and b"|O" in begins.partition(b"\n")[0]
    )


def use_modules(folder: Path) -> None:
    """Make the modules of a verified bundle's ``modules`` folder importable for its pickles.

    The folder comes first on Python's path. Raises BundleError if this process already has a module of the
    same name with other contents: one process cannot hold both.
    """
    modules = folder / MODULES
    if not modules.is_dir():
        return
    tops = sorted(path for path in modules.iterdir() if path.suffix == ".py" or path.is_dir())
    for top in tops:
        _refuse_other_module(top)
    if all(top.stem in sys.modules for top in tops):
        return
    import_source_from(modules)
    importlib.invalidate_caches()
    for top in tops:
        try:
            importlib.import_module(top.stem)
        except ImportError as error:
            raise BundleError(
                f"The bundle's own module '{top.stem}' cannot be imported: {error}.",
                hint="Install what the bundle's requirements.txt names.",
            ) from error


def import_source_from(modules: Path) -> None:
    """Put a folder first on Python's path; only its ``.py`` files are imported from it.

    Compiled files and libraries beside them are ignored, and nothing is written: a bundle stays as it was
    signed, and only signed source runs.
    """

    def finder(path: str) -> FileFinder:
        if not Path(path).is_relative_to(modules):
            raise ImportError(path)  # leave it to other finders
        return FileFinder(path, (_Uncached, [".py"]))

    sys.path_hooks.insert(0, finder)
    sys.path.insert(0, str(modules))


class _Uncached(SourceFileLoader):
    def path_stats(self, path: str) -> Any:
        """Report that there is no compiled file."""
        raise OSError(path)

    def set_data(self, path: str, data: Any, *, _mode: int = 0o666) -> None:
        """Write no compiled file beside the source."""


def _refuse_other_module(top: Path) -> None:
    loaded = sys.modules.get(top.stem)
    origin = getattr(loaded, "__file__", None)
    if loaded is None:
        return
    ours = top / "__init__.py" if top.is_dir() else top
    if not ours.exists() or origin is None:
        return
    if not Path(origin).exists() or _digest(Path(origin)) != _digest(ours):
        raise BundleError(
            f"This process already has another module '{top.stem}' than the bundle's.",
            hint="Load the bundle in a process of its own: litmus serve does.",
        )


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
