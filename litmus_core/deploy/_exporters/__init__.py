"""Other forms of a bundle; a module for each makes it from the finished bundle."""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Protocol

from litmus_core.errors import UnknownNameError, UsageError, writing
from litmus_core.runtime import Bundle, load_bundle

# Name and description; the module of the same name has write(bundle, folder).
_OF_BUNDLES = {
    "docker": "a Docker build context, as a folder or a .tar",
    "mlflow": "an MLflow pyfunc model, as a folder or a .tar",
}
# ONNX is made from the trained model itself: see export_onnx.
FORMS = {**_OF_BUNDLES, "onnx": "a plain ONNX file, named .onnx"}


class _Exporter(Protocol):
    def write(self, bundle: Bundle, folder: Path) -> None: ...


def write_form(bundle: Path, form: str, *, to: Path) -> Path:
    """Write the bundle at ``bundle`` as ``docker`` or ``mlflow``: a folder, or a .tar by its name.

    ``to`` appears complete or not at all. Raises UnknownNameError for another form, UsageError if ``to``
    exists, BundleError for a bundle that the form cannot hold.
    """
    if form not in _OF_BUNDLES:
        raise UnknownNameError(kind="form", name=form, names=["bundle", *_OF_BUNDLES])
    target = to.expanduser().absolute()
    if target.exists() or target.is_symlink():
        raise UsageError(
            f"Something already exists at {target}.", hint="Choose another name, or remove it first."
        )
    exporter: _Exporter = import_module(f"{__name__}._{form}")
    with writing(target), load_bundle(bundle) as loaded:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as work:
            folder = Path(work) / "form"
            folder.mkdir()
            exporter.write(loaded, folder)
            if target.suffix.lower() == ".tar":
                folder = _write_tar(folder, Path(work) / "form.tar")
            shutil.move(folder, target)
    return target


def _write_tar(folder: Path, to: Path) -> Path:
    with tarfile.open(to, "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.add(path, path.name)
    return to
