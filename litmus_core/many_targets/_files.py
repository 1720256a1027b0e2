"""The folder that answers all targets: ``targets.json``, and the bundle of each target beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cattrs.errors import BaseValidationError

from litmus_core.errors import BundleError, writing
from litmus_core.many_targets._predictor import TargetsPredictor
from litmus_core.many_targets._targets import TargetsSpec
from litmus_core.runtime import load_bundle, read_sealed
from litmus_core.types import from_plain, to_plain

TARGETS_FILE = "targets.json"
FORMAT = 1
_EXPORT = "Export it again: litmus targets export."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    """What ``targets.json`` holds: ``bundles`` are pairs of a folder's name and its bundle's hash."""

    format: int
    spec: TargetsSpec
    thresholds: tuple[float, ...]
    bundles: tuple[tuple[str, str], ...]


def bundle_folder(place: int) -> str:
    """Return the name of the folder with the bundle of the target at ``place``."""
    return f"target-{place + 1}"


def write_targets(folder: Path, spec: TargetsSpec, thresholds: Sequence[float]) -> None:
    """Write ``targets.json`` into ``folder``, which holds the bundles by :func:`bundle_folder`."""
    names = [bundle_folder(place) for place in range(len(spec.targets))]
    stored = _Stored(
        format=FORMAT,
        spec=spec,
        thresholds=tuple(thresholds),
        bundles=tuple((name, read_sealed(folder / name).sha256) for name in names),
    )
    body = json.dumps(to_plain(stored), ensure_ascii=False)
    with writing(folder):
        text = json.dumps({"sha256": _hash(body), "body": body}, ensure_ascii=False)
        (folder / TARGETS_FILE).write_text(text, encoding="utf-8")


def load_targets(folder: Path | str) -> TargetsPredictor:
    """Open what answers all targets; raises BundleError where it is damaged, altered, or none.

    It needs what the bundles need: for compiled models NumPy alone.
    """
    path = Path(folder)
    stored = _read(path)
    bundles = [load_bundle(path / name, sha256=sha256) for name, sha256 in stored.bundles]
    return TargetsPredictor(stored.spec, bundles, stored.thresholds)


def _read(path: Path) -> _Stored:
    try:
        outer: dict[str, Any] = json.loads((path / TARGETS_FILE).read_text(encoding="utf-8"))
        body = outer["body"]
        is_whole = outer["sha256"] == _hash(body)
        plain = json.loads(body)
        stored_format = plain["format"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise BundleError(f"'{path}' holds no bundle of many targets.", hint=_EXPORT) from None
    if not is_whole:
        raise BundleError(f"The bundle of many targets in '{path}' was altered.", hint=_EXPORT)
    if stored_format != FORMAT:
        raise BundleError(
            f"The bundle in '{path}' has format {stored_format}; this Litmus reads {FORMAT}.", hint=_EXPORT
        )
    try:
        stored = from_plain(_Stored, plain)
    except (BaseValidationError, ValueError, TypeError, KeyError) as error:
        raise BundleError(f"The bundle in '{path}' is damaged: {error!r}.", hint=_EXPORT) from None
    n_targets = len(stored.spec.targets)
    names = [name for name, _ in stored.bundles]
    if names != [bundle_folder(place) for place in range(n_targets)] or (
        len(stored.thresholds) != (n_targets if stored.spec.kind == "labels" else 0)
    ):
        raise BundleError(f"The bundle in '{path}' lacks a target.", hint=_EXPORT)
    return stored


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
