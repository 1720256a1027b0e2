"""What tests ask of an imported version: how it was read, and its values."""

from __future__ import annotations

from litmus_core.data import read_rows
from litmus_core.store import Workspace
from litmus_core.types import DatasetVersion, Detected


def found(version: DatasetVersion, option: str) -> Detected:
    return next(each for each in version.detected if each.option == option)


def values(workspace: Workspace, version: DatasetVersion, column: str) -> list[object]:
    frame = read_rows(workspace, version)
    return frame[column].astype(object).where(frame[column].notna(), None).tolist()
