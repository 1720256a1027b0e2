"""Write a bundle: stage it beside its target, replay it, and only then move it into place."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.deploy._bundles.container import compose, dockerfile
from litmus_core.deploy._bundles.model_card import Origin, markdown, page
from litmus_core.deploy._bundles.modules import bring_modules, top_modules
from litmus_core.deploy._bundles.readme import readme
from litmus_core.deploy._bundles.requirements import WHEELS, requirements
from litmus_core.deploy._bundles.wheel import base_wheel
from litmus_core.deploy._certificates.replay import replay_in_process
from litmus_core.errors import BundleError, UsageError, writing
from litmus_core.plugins import modules_imported_in
from litmus_core.runtime import (
    GOLDEN,
    INTERVALS,
    MODEL_FOLDER,
    MODULES,
    PIPELINE,
    POST,
    STEPS_FOLDER,
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

    from litmus_core.runtime import Calibration

_ZIP_LEVEL = 1  # trees shrink little more at higher levels, and take several times as long


def write_bundle(
    predictor: Predictor,
    draft: Manifest,
    *,
    save_weights: Callable[[Path], None],
    golden: pd.DataFrame,
    to: Path,
    zipped: bool,
    origin: Origin | None = None,
    modules: Path | None = None,
    calibration: Calibration | None = None,
) -> BundleRecord:
    """Write ``predictor`` as a bundle to ``to`` and return its record.

    ``save_weights`` gets the path of the bundle's model folder, which does not exist yet; ``modules`` is
    where the source of custom models is stored, if any; ``calibration`` is for intervals. The finished bundle
    is loaded once and must predict the ``golden`` rows (at least one; raw features by name) as ``predictor``
    does. ``to`` appears complete or not at all. Raises UsageError if it exists or cannot be written,
    BundleError if the copy predicts differently.
    """
    target = to.expanduser().absolute()
    refuse_existing(target)
    if len(golden) == 0:
        raise UsageError("A bundle needs at least one example row.", hint="Give some rows of real data.")
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".partial", dir=target.parent))
        try:
            folder = work / "bundle"
            folder.mkdir()
            if calibration is not None:
                (folder / INTERVALS).write_text(calibration.to_json(), encoding="utf-8")
            origin = replace(origin or Origin(), calibration=calibration)
            sealed = _stage(folder, predictor, draft, save_weights, golden, origin, modules)
            _replay(folder, is_isolated=modules is not None and (folder / MODULES).is_dir())
            staged = _zip(folder, work / "bundle.zip") if zipped else folder
            put(staged, target)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return BundleRecord(
        id=draft.id,
        candidate_id=draft.origin.candidate_id,
        run_id=draft.origin.run_id,
        experiment_id=draft.origin.experiment_id,
        path=str(target),
        n_bytes=_size(target),
        sha256=sealed.sha256,
        created_at=draft.created_at,
    )


def _stage(
    folder: Path,
    predictor: Predictor,
    draft: Manifest,
    save_weights: Callable[[Path], None],
    golden: pd.DataFrame,
    origin: Origin,
    modules: Path | None,
) -> Sealed:
    save_weights(folder / MODEL_FOLDER)
    names = [column.name for column in predictor.columns]
    rows = json_rows(golden[names])
    example = Golden(rows=tuple(rows), predictions=tuple(predictor.predict_records(rows)))
    (folder / GOLDEN).write_bytes(example.to_json())
    _write_steps(folder, predictor)
    texts = {
        PIPELINE: json.dumps(predictor.pipeline.state(), indent=1),
        "README.md": readme(draft, example),
        "MODEL_CARD.md": markdown(draft, origin),
        "model_card.html": page(draft, origin),
        "Dockerfile": dockerfile(draft),
        "compose.yaml": compose(draft),
        "requirements.txt": _write_code(folder, draft, modules),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return seal_folder(folder, draft)


def _write_steps(folder: Path, predictor: Predictor) -> None:
    """Write the post-processing steps, if any, into the folder."""
    if predictor.post is None:
        return
    (folder / POST).write_text(json.dumps(predictor.post.state(), indent=1), encoding="utf-8")
    for name, content in predictor.post.files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _write_code(folder: Path, draft: Manifest, modules: Path | None) -> str:
    """Put the base package's wheel, and custom modules, into the folder; return requirements.txt."""
    wheel = base_wheel()
    (folder / WHEELS).mkdir()
    (folder / WHEELS / wheel.name).write_bytes(wheel.content)
    tops = (*top_modules(folder / MODEL_FOLDER), *top_modules(folder / STEPS_FOLDER))
    bring_modules(tops, folder, stored=modules)
    needed = {*tops, *modules_imported_in(folder / MODULES)}
    if draft.has_own_steps:
        needed.add("pandas")  # their rows are passed as a frame
    return requirements(draft, wheel_version=wheel.version, modules=sorted(needed))


def _replay(folder: Path, *, is_isolated: bool) -> None:
    """Load the staged bundle as a user would, and compare its predictions with the exported model's.

    ``is_isolated`` is for a bundle with custom modules: this process may have imported another version.
    """
    if is_isolated:
        problems = replay_in_process(folder)
    else:
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
        for path in sorted(entry for entry in folder.rglob("*") if entry.is_file()):
            name, is_large = path.relative_to(folder).as_posix(), path.stat().st_size >= 1 << 31
            with path.open("rb") as source, archive.open(name, "w", force_zip64=is_large) as target:
                shutil.copyfileobj(source, target, 1 << 20)
            archive.getinfo(name).external_attr = 0o644 << 16  # not 0600: any user may serve it
    return to


def put(staged: Path, target: Path) -> None:
    """Move into place without replacing anything, even in a race."""
    refuse_existing(target)
    if staged.is_dir():
        staged.rename(target)
        return
    try:
        os.link(staged, target)
    except FileExistsError:
        refuse_existing(target)
    except OSError:  # a file system without hard links
        staged.rename(target)


def refuse_existing(target: Path) -> None:
    """Raise UsageError if ``target`` exists."""
    if target.exists() or target.is_symlink():
        raise UsageError(
            f"Something already exists at {target}.", hint="Choose another name, or remove it first."
        )


def _size(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(entry.stat().st_size for entry in path.rglob("*") if entry.is_file())
