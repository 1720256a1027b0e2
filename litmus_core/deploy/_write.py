"""Writing a bundle: staged beside its target, replayed, and only then put in place."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.deploy._readme import readme, requirements
from litmus_core.errors import BundleError, UsageError, writing
from litmus_core.runtime import (
    GOLDEN,
    MODEL_FOLDER,
    PIPELINE,
    Golden,
    Manifest,
    Predictor,
    Sealed,
    json_rows,
    load_bundle,
    seal_folder,
)
from litmus_core.types import BundleRecord

if TYPE_CHECKING:
    import pandas as pd

_ZIP_LEVEL = 1  # trees shrink little more at higher levels, and take several times as long


def write_bundle(
    predictor: Predictor,
    draft: Manifest,
    *,
    save_weights: Callable[[Path], None],
    golden: pd.DataFrame,
    to: Path,
    zipped: bool,
) -> BundleRecord:
    """Write ``predictor`` as a bundle at ``to`` and return its record.

    ``save_weights`` gets the path of the bundle's model folder, which does not exist yet. The finished
    bundle is loaded once and must answer the ``golden`` rows (at least one; raw features by name) as
    ``predictor`` does. ``to`` appears whole or not at all. Raises UsageError when something is there
    already or nothing can be written there, BundleError when the copy answers otherwise.
    """
    target = to.expanduser().absolute()
    _refuse_existing(target)
    if len(golden) == 0:
        raise UsageError("A bundle needs at least one example row.", hint="Give some rows of real data.")
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".partial", dir=target.parent))
        try:
            folder = work / "bundle"
            sealed = _stage(folder, predictor, draft, save_weights=save_weights, golden=golden)
            _replay(folder)
            staged = _zip(folder, work / "bundle.zip") if zipped else folder
            _put(staged, target)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return BundleRecord(
        id=draft.id,
        candidate_id=draft.candidate_id,
        run_id=draft.run_id,
        experiment_id=draft.experiment_id,
        path=str(target),
        n_bytes=_size(target),
        sha256=sealed.sha256,
        created_at=draft.created_at,
    )


def _stage(
    folder: Path,
    predictor: Predictor,
    draft: Manifest,
    *,
    save_weights: Callable[[Path], None],
    golden: pd.DataFrame,
) -> Sealed:
    folder.mkdir()
    save_weights(folder / MODEL_FOLDER)
    names = [column.name for column in predictor.columns]
    rows = json_rows(golden[names])
    kept = Golden(rows=tuple(rows), answers=tuple(predictor.answers(rows)))
    (folder / GOLDEN).write_bytes(kept.to_json())
    (folder / PIPELINE).write_text(json.dumps(predictor.pipeline.state(), indent=1), encoding="utf-8")
    (folder / "README.md").write_text(readme(draft, kept), encoding="utf-8")
    (folder / "requirements.txt").write_text(requirements(draft), encoding="utf-8")
    return seal_folder(folder, draft)


def _replay(folder: Path) -> None:
    """Load the staged bundle as anyone will, and hold its answers against the exported model's."""
    with load_bundle(folder) as bundle:
        problems = bundle.check()
    if problems:
        raise BundleError(
            f"The exported copy does not answer as the model does. {problems[0]}",
            hint="Nothing was written. Please report this.",
        )


def _zip(folder: Path, to: Path) -> Path:
    """Zip a folder; entries are sorted and dated 1980, so that the same files give the same bytes."""
    with zipfile.ZipFile(to, "x", zipfile.ZIP_DEFLATED, compresslevel=_ZIP_LEVEL) as archive:
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            name, is_large = path.relative_to(folder).as_posix(), path.stat().st_size >= 1 << 31
            with path.open("rb") as source, archive.open(name, "w", force_zip64=is_large) as target:
                shutil.copyfileobj(source, target, 1 << 20)
    return to


def _put(staged: Path, target: Path) -> None:
    """Move into place without replacing anything, also when someone else was faster."""
    _refuse_existing(target)
    if staged.is_dir():
        staged.rename(target)
        return
    try:
        os.link(staged, target)
    except FileExistsError:
        _refuse_existing(target)
    except OSError:  # a file system without hard links
        staged.rename(target)


def _refuse_existing(target: Path) -> None:
    if target.exists() or target.is_symlink():
        raise UsageError(
            f"There is already something at {target}.", hint="Choose another name, or remove it first."
        )


def _size(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(each.stat().st_size for each in path.rglob("*") if each.is_file())
