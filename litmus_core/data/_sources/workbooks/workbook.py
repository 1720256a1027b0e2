"""Excel and OpenDocument workbooks: one sheet, with its saved values; nothing in it is run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmus_core.data._sources._options import refuse_others
from litmus_core.data._sources._staged import Staged
from litmus_core.errors import DataError, MissingExtraError
from litmus_core.types import Detected

if TYPE_CHECKING:
    from litmus_core.types import ReadOptions

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
OPTIONS = ("sheet", "header_row", "decimal", "thousands", "date_order")
OLD_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MEMORY_BYTES = 4 << 30  # limit for reading
_LARGEST_BYTES = 2 << 30  # unpacked
_SECONDS = 1_800.0


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Return whether a zip file is an Excel or OpenDocument workbook."""
    names = set(archive.namelist())
    return "[Content_Types].xml" in names or {"content.xml", "mimetype"} <= names


def stage_workbook(source: Path, *, name: str, scratch: Path, options: ReadOptions) -> Staged:
    """Stage one sheet; raises DataError if there is none, or the file is damaged or locked."""
    refuse_others(options, OPTIONS, name=name, subject="a workbook")
    try:
        import python_calamine  # noqa: F401
    except ModuleNotFoundError as missing:
        raise MissingExtraError(subject="Reading workbooks", extra="train") from missing
    document = _read_in_child(
        {
            "source": str(source), "name": name, "staged": str(scratch / "staged.parquet"),
            "sheet": options.sheet, "header_row": options.header_row, "memory_bytes": _MEMORY_BYTES,
        },
        name=name,
    )  # fmt: skip
    facts = _sheet_facts(document)
    return Staged(
        readable=scratch / "staged.parquet",
        names=tuple(document["names"]),
        notes=tuple(_notes(document, _parts(source))),
        detected=tuple(detected for detected in facts if getattr(options, detected.option) is None),
    )


def _read_in_child(job: dict[str, Any], *, name: str) -> dict[str, Any]:
    """Read the sheet in a child process, and return its result."""
    command = [sys.executable, "-P", "-m", "litmus_core.data._sources.workbooks.child", json.dumps(job)]
    environment = os.environ | {"RUST_BACKTRACE": "0"}
    try:
        done = subprocess.run(  # its exit status says whether it succeeded
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as slow:
        raise _unreadable_error(name) from slow
    lines = done.stdout.decode("utf-8", "replace").strip().splitlines()
    if done.returncode or not lines:
        raise _unreadable_error(name)
    document: dict[str, Any] = json.loads(lines[-1])
    if "error" in document:
        raise DataError(document["error"], hint=document["hint"])
    return document


def _unreadable_error(name: str) -> DataError:
    return DataError(
        f"'{name}' is damaged, or a sheet in it claims to be far larger than its cells.",
        hint="Open it in Excel, copy the table into a new workbook, and add that.",
    )


def _parts(source: Path) -> list[str]:
    if not zipfile.is_zipfile(source):
        return []
    with zipfile.ZipFile(source) as archive:
        return archive.namelist()


def check(archive: zipfile.ZipFile, *, name: str) -> None:
    """Raise DataError if an archive is not a workbook, or would unpack to more than Litmus reads."""
    if not is_workbook(archive):
        raise DataError(f"'{name}' is an archive within an archive.", hint="Unpack it and choose one file.")
    n_bytes = sum(member.file_size for member in archive.infolist())
    if n_bytes > _LARGEST_BYTES:
        raise DataError(
            f"'{name}' unpacks to {n_bytes / (1 << 30):,.1f} GiB; "
            f"Litmus reads workbooks of up to {_LARGEST_BYTES >> 30} GiB.",
            hint="Save the sheet as CSV, and add that.",
        )


def _sheet_facts(document: dict[str, Any]) -> Iterator[Detected]:
    others = tuple(sheet for sheet in document["sheets"] if sheet != document["sheet"])
    why = "it is the first sheet with a table" if others else "it is the only sheet"
    yield Detected(option="sheet", value=document["sheet"], why=why, others=others)
    row = document["header_row"]
    last = document["last_header_row"]
    why = f"row {row:,} names the columns" if row == last else f"rows {row:,} to {last:,} name the columns"
    why = why if row else "the first row looks like those below it"
    if document["n_above"]:
        why += "; what is above it is not part of the table"
    yield Detected(option="header_row", value=str(row), why=why)


def _notes(document: dict[str, Any], parts: list[str]) -> Iterator[str]:
    if len(document["sheets"]) > 1:
        yield f"The sheet '{document['sheet']}' was read, one of {len(document['sheets'])}."
    if not document["header_row"]:
        yield "The sheet has no header; its columns are numbered."
    if document["n_merged"]:
        yield "Cells that are merged over several rows have their value in each of them."
    for name, mask, is_read in document["in_part"]:
        how = f"with zeros in front, as {mask}" if mask else "as percentages"
        if is_read:
            read = "with them"
        else:
            read = "as they are stored, without them" if mask else "as they are stored, 0.015 for 1.5 %"
        yield f"Some numbers in '{name}' are shown {how}, and others are not: all were read {read}."
    if any(part.lower().endswith("vbaproject.bin") for part in parts):
        yield "The workbook has macros. They were not run."
    if any("/externallinks/" in part.lower() for part in parts):
        yield "The workbook has links to other files. The values saved in it were read; no link was followed."
