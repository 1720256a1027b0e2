"""Workspace maintenance: diagnose and repair, back up to one file and restore."""

from litmus_core.maintenance._backup import BackupReport, back_up, restore
from litmus_core.maintenance._deleted_data import Remains
from litmus_core.maintenance._doctor import DoctorFinding, DoctorReport, diagnose

__all__ = [
    "BackupReport",
    "DoctorFinding",
    "DoctorReport",
    "Remains",
    "back_up",
    "diagnose",
    "restore",
]
