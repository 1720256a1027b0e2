"""The manifest: a bundle's model, the versions it was made with, and the hash of every file in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from litmus_core.errors import BundleError
from litmus_core.runtime._info import ModelInfo
from litmus_core.runtime._postprocess import is_custom_step
from litmus_core.types import (
    FinalModel,
    LatencyFigure,
    PluginRef,
    Score,
    Task,
    Verdict,
    from_plain,
    to_plain,
)

FORMAT = 3  # for bundles with post-processing: older readers would ignore it
PLAIN_FORMAT = 2
KIND = "litmus bundle"
MANIFEST = "manifest.json"
SEAL = "manifest.sha256"
CERTIFICATE = "certificate.json"  # issued after the seal, and not covered by it


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """One file of a bundle: SHA-256 in hex and size in bytes."""

    sha256: str
    n_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleOrigin:
    """The model in a bundle, and the run that trained it."""

    experiment_id: str = ""
    run_id: str = ""
    candidate_id: str = ""
    model: str = ""
    family_kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleResults:
    """The model's results: scores, the verdict if it is its run's chosen model, and measured latency.

    ``final``: the model has learned from more rows than the model that was scored and judged.
    """

    validation: Score | None = None
    test: Score | None = None
    verdict: Verdict | None = None
    latency: tuple[LatencyFigure, ...] = ()
    final: FinalModel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All of ``manifest.json``, formats 1 to 3. See docs/bundle.md.

    ``signature`` describes inputs and outputs. ``executor`` names the executor of the weights,
    ``native_reason`` why they are stored in their library's format, ``trust`` the trust that loading needs.
    ``versions`` hold ``python``, ``litmus`` and the executor's packages. ``files`` has every file but the
    manifest and its seal, by its path with ``/``. ``postprocess`` are the post-processing steps.
    """

    format: int
    kind: str
    id: str
    name: str
    created_at: str
    executor: str
    signature: ModelInfo
    versions: dict[str, str]
    files: dict[str, FileEntry]
    native_reason: str = ""
    trust: str = ""
    origin: BundleOrigin = BundleOrigin()
    task: Task | None = None
    results: BundleResults = BundleResults()
    postprocess: tuple[PluginRef, ...] = ()

    @property
    def has_own_steps(self) -> bool:
        """Whether a post-processing step is a custom class, so that predicting runs the bundle's code."""
        return any(is_custom_step(part) for part in self.postprocess)

    def to_json(self) -> bytes:
        """Return the file's bytes: UTF-8, indented, keys in a fixed order, no NaN."""
        return (
            json.dumps(to_plain(self), indent=2, ensure_ascii=False, allow_nan=False).encode("utf-8") + b"\n"
        )

    @classmethod
    def from_json(cls, content: bytes) -> Manifest:
        """Read the file's bytes; raises BundleError for an invalid or newer manifest."""
        try:
            plain = json.loads(content)
        except ValueError as error:
            raise BundleError("The bundle's manifest.json is damaged.", hint=EXPORT_AGAIN) from error
        if not isinstance(plain, dict) or plain.get("kind") != KIND:
            raise BundleError("This is not a Litmus bundle: its manifest.json is of another kind.")
        _check_format(plain.get("format"), plain.get("versions"))
        try:
            return from_plain(cls, plain)
        except Exception as error:  # cattrs raises groups of each field's errors
            raise BundleError(
                "The bundle's manifest.json lacks what a bundle needs.", hint=EXPORT_AGAIN
            ) from error


EXPORT_AGAIN = "Copy it again from where it was exported, or export the model again."


def _check_format(number: Any, versions: Any) -> None:
    if not isinstance(number, int) or number < 1:
        raise BundleError("The bundle's manifest.json names no format.", hint=EXPORT_AGAIN)
    if number > FORMAT:
        written_by = versions.get("litmus", "") if isinstance(versions, dict) else ""
        by = f" by Litmus {written_by}" if written_by else " by a newer Litmus"
        raise BundleError(
            f"The bundle is of format {number}, written{by}; this Litmus reads up to format {FORMAT}.",
            hint="Update Litmus here, or export the model again with this version.",
        )
