"""Find the source of custom code, copy it into a run's folder, and hash it."""

from __future__ import annotations

import ast
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import metadata
from importlib.machinery import PathFinder
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

from litmus_core.errors import TrainingError, UsageError, writing
from litmus_core.plugins._trust.digest import digest_of
from litmus_core.plugins._trust.signatures import sign_modules
from litmus_core.types import CustomModel, PluginRef

CodePart = TypeVar("CodePart", CustomModel, PluginRef)

PLUGINS = "plugins"  # the workspace's folder of plug-ins
_FORM = "Write MODULE:CLASS or FILE.py:CLASS, such as my_models:SlowForest."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """The module to import; ``root`` is the folder to import it from, None for an installed one."""

    module: str
    name: str
    reference: str
    root: Path | None


def copy_parts(
    parts: Sequence[CodePart], *, base: Path, to: Path, home: Path | None = None
) -> tuple[CodePart, ...]:
    """Copy the parts' modules, and the sibling files they import, into the folder ``to``.

    Names are looked up in ``base``, then on Python's path; names that start with ``plugins/`` only in the
    workspace's folder ``home``. Installed packages are not copied, and built-in parts (whose reference has no
    colon) are unchanged. Nothing is imported. Pass all parts of a run in one call: their hash covers
    everything in ``to`` afterwards. Raises UsageError, with file and line, for invalid parts.
    """
    sources = [
        _find(_with_full_path(part.reference, home), base) if _is_custom(part) else None for part in parts
    ]
    _refuse_duplicates(
        [source for part, source in zip(parts, sources, strict=True) if isinstance(part, CustomModel)]
    )
    for one in sources:
        if one is not None and one.root is not None:
            _copy_with_siblings(one.module.partition(".")[0], one.root, to)
    digest = _sign_copy(to)
    return tuple(
        part
        if source is None
        else replace(
            part,
            reference=source.reference,
            module=source.module,
            name=source.name,
            sha256="" if source.root is None else digest,
        )
        for part, source in zip(parts, sources, strict=True)
    )


def _sign_copy(to: Path) -> str:
    """Return the hash of the copied source, signed by the user who copied it; of an empty folder if none."""
    return sign_modules(to) if to.is_dir() else digest_of(to)


def _is_custom(part: CustomModel | PluginRef) -> bool:
    return isinstance(part, CustomModel) or ":" in part.reference


def _with_full_path(reference: str, home: Path | None) -> str:
    """Return a reference that starts with ``plugins/`` with its full path: it is the workspace's file."""
    where, _, name = reference.strip().rpartition(":")
    if home is None or not where.startswith(f"{PLUGINS}/"):
        return reference
    return f"{home / where}:{name}"


def digest_of_file(path: Path) -> str:
    """Return the SHA-256 of a Python file and the sibling files it imports, the same as for a copy.

    Raises UsageError, with the line, if it does not parse.
    """
    with tempfile.TemporaryDirectory(prefix="litmus-source-") as scratch:
        copy_with_siblings(path, Path(scratch))
        return digest_of(Path(scratch))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugInSource:
    """A Python file and the sibling files it imports: each one's text by name, and their hash."""

    texts: tuple[tuple[str, str], ...]
    sha256: str


def read_source(path: Path) -> PlugInSource:
    """Return the source of a file, itself first; raises UsageError if it does not parse."""
    with tempfile.TemporaryDirectory(prefix="litmus-source-") as scratch:
        folder = Path(scratch)
        copy_with_siblings(path, folder)
        files = sorted(folder.rglob("*.py"), key=lambda entry: (entry != folder / path.name, entry))
        return PlugInSource(
            texts=tuple(
                (file.relative_to(folder).as_posix(), file.read_text(encoding="utf-8", errors="replace"))
                for file in files
            ),
            sha256=digest_of(folder),
        )


def copy_with_siblings(path: Path, to: Path) -> None:
    """Copy a Python file (or a package's folder), and the sibling files it imports, into ``to``."""
    path = path.absolute()
    if not path.is_dir():
        _find_file(str(path), "_", path.parent)
    _copy_with_siblings(path.stem, path.parent, to)


def copy_next_to(path: Path, to: Path, *, replaces: bool) -> None:
    """Copy a Python file and the sibling files it imports into the folder ``to``, all of them or none.

    Raises UsageError if ``to`` has another file of one of these names that must not be replaced.
    """
    with tempfile.TemporaryDirectory(prefix="litmus-source-") as scratch:
        copy_with_siblings(path, Path(scratch))
        copied = [entry.relative_to(scratch) for entry in sorted(Path(scratch).rglob("*.py"))]
        for name in copied:
            place = to / name
            if not replaces and place.exists() and place.read_bytes() != Path(scratch, name).read_bytes():
                raise UsageError(
                    f"There is another {name} in {to}.",
                    hint="Replace it with --replace, or give this one another name.",
                )
        with writing(to):
            for name in copied:
                (to / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(Path(scratch, name), to / name)


def find_module(module: str, base: Path) -> Path | None:
    """Return the file or package folder of a custom module; None if it is an installed one.

    Looks in ``base``, then on Python's path. Raises UsageError if there is none.
    """
    root = _find(f"{module}:_", base).root
    return None if root is None else _module_path(root, module.partition(".")[0])


def check_unchanged(parts: Sequence[CustomModel | PluginRef], folder: Path) -> None:
    """Raise TrainingError if the source in ``folder`` has changed since the run was queued."""
    copied = {part.sha256 for part in parts if part.sha256}
    if copied and copied != {digest_of(folder)}:
        raise TrainingError(
            "The copied source of your own code was changed or removed after the run was queued.",
            hint="Start the run again; your own files are where they were.",
        )


def copy_module(source: Path, to: Path) -> set[str]:
    """Copy a module's file or a package's folder into ``to``; return the top-level modules it imports.

    Raises UsageError if it does not parse, or if ``to`` has a different file of that name.
    """
    to.mkdir(parents=True, exist_ok=True)
    imported: set[str] = set()
    for path in sorted(source.rglob("*.py")) if source.is_dir() else [source]:
        target = to / path.relative_to(source.parent)
        content = path.read_bytes()
        if target.exists() and target.read_bytes() != content:
            raise UsageError(
                f"Two different files are called '{target.name}': one of them is {path}.",
                hint="Give one of them another name.",
            )
        imported |= set(_imports(path, content))
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return imported


def modules_imported_in(folder: Path) -> set[str]:
    """Return the top-level modules that the Python files in ``folder`` import."""
    return {name for path in folder.rglob("*.py") for name in _imports(path, path.read_bytes())}


def _imports(path: Path, content: bytes) -> Iterator[str]:
    try:
        tree = ast.parse(content)
    except SyntaxError as error:
        raise UsageError(
            f"{path.name} is not valid Python: {error.msg}, in line {error.lineno}.",
            hint=f"Fix line {error.lineno} of {path}.",
        ) from error
    except ValueError as error:  # null bytes
        raise UsageError(f"{path.name} is not a Python file: {error}.", hint="Name a .py file.") from error
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


def _copy_with_siblings(module: str, root: Path, to: Path) -> None:
    done: set[str] = set()
    left = [module]
    while left:
        name = left.pop()
        source = _module_path(root, name)
        if name in done or source is None or name in sys.stdlib_module_names:
            continue
        done.add(name)
        left += sorted(copy_module(source, to) - done)


def _find(reference: str, base: Path) -> _Source:
    where, _, name = reference.strip().rpartition(":")
    if not where or not name.isidentifier():
        raise UsageError(f"'{reference}' names no class.", hint=_FORM)
    if where.endswith(".py") or "/" in where or "\\" in where:
        return _find_file(where, name, base)
    if not all(part.isidentifier() for part in where.split(".")):
        raise UsageError(f"'{where}' cannot be a module's name.", hint=_FORM)
    top = where.partition(".")[0]
    if _module_path(base, top) is not None and not _is_reserved(top):
        return _custom_source(where, name, base)
    root = _on_path(top, base)
    if root is None:
        return _Source(module=where, name=name, reference=f"{where}:{name}", root=None)
    return _custom_source(where, name, root)


def _custom_source(module: str, name: str, root: Path) -> _Source:
    """Return a module under ``root``; its reference is the file's path if it has one."""
    simple = "." not in module and (root / f"{module}.py").is_file()
    reference = f"{(root / module).resolve()}.py:{name}" if simple else f"{module}:{name}"
    return _Source(module=module, name=name, reference=reference, root=root)


def _find_file(where: str, name: str, base: Path) -> _Source:
    path = (base / Path(where).expanduser()).resolve()
    if not path.is_file():
        near = sorted(entry.name for entry in path.parent.glob("*.py")) if path.parent.is_dir() else []
        hint = f" Beside it: {', '.join(near[:10])}." if near else ""
        raise UsageError(f"There is no file {path}.", hint=f"Check its path.{hint}")
    if path.suffix != ".py" or "." in path.stem:
        raise UsageError(f"'{path.name}' cannot be imported.", hint="Call the file NAME.py, without dots.")
    if _is_reserved(path.stem):
        raise UsageError(
            f"'{path.name}' is called like a module of Python or of an installed package.",
            hint="Give the file another name, such as my_models.py.",
        )
    return _Source(module=path.stem, name=name, reference=f"{path}:{name}", root=path.parent)


def _is_reserved(top: str) -> bool:
    return top in sys.stdlib_module_names or top in ("litmus_core", "app") or _is_installed(top)


def _is_installed(top: str) -> bool:
    """Return whether a module lies among installed packages, or one of them claims it.

    ``importlib.metadata.packages_distributions`` could tell too, but reads the lists of all packages' files
    first: 0.3 s in each process that has plug-ins.
    """
    folders, names = _packages(tuple(sys.path))
    return top in names or PathFinder.find_spec(top, list(folders)) is not None


@cache
def _packages(path: tuple[str, ...]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the folders of installed packages, and the modules that packages claim."""
    folders = tuple(
        character for character in path if next(Path(character).glob("*.dist-info"), None) is not None
    )
    named = (
        distribution.read_text("top_level.txt") or ""
        for distribution in metadata.distributions(path=list(folders))
    )
    return folders, frozenset(name for names in named for name in names.split())


def _on_path(top: str, base: Path) -> Path | None:
    """Return the folder on Python's path that holds a custom module; None if it is installed."""
    if _is_reserved(top):
        return None
    try:
        spec = find_spec(top)
    except (ImportError, ValueError):
        spec = None
    if spec is None or spec.origin is None:
        near = sorted(path.stem for path in base.glob("*.py"))
        hint = f" There are: {', '.join(near[:10])}." if near else ""
        raise UsageError(
            f"There is no module '{top}' in {base}, nor is one installed.",
            hint=f"Start from the folder that holds {top}.py, or name the file.{hint}",
        )
    origin = Path(spec.origin)
    return origin.parent.parent if origin.name == "__init__.py" else origin.parent


def _module_path(root: Path, name: str) -> Path | None:
    """Return the package folder or the file of the module ``name`` in ``root``."""
    package, file = root / name, root / f"{name}.py"
    if package.is_dir() and any(package.glob("*.py")):
        return package
    return file if file.is_file() else None


def _refuse_duplicates(sources: Sequence[_Source | None]) -> None:
    names: set[tuple[str, str]] = set()
    for source in sources:
        if source is None:
            continue
        if (source.module, source.name) in names:
            raise UsageError(
                f"The model '{source.module}:{source.name}' is given twice.", hint="Give it once."
            )
        names.add((source.module, source.name))
