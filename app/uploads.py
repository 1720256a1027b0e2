"""Checks of paths, addresses and file names that visitors enter."""

from __future__ import annotations

import os
from pathlib import Path

from app.sign_in import is_required
from litmus_core.connectors import as_address
from litmus_core.errors import DataError, UsageError
from litmus_core.serving import OPEN_VARIABLE

__all__ = ["allowed_path", "refuse_other_than_rows"]

_ROWS = (".csv", ".parquet", ".pq")
_WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")
_ADDRESSES = "LITMUS_DATA_ADDRESSES"
_FOLDERS = "LITMUS_DATA_FOLDERS"  # folders, separated as in PATH


def allowed_path(text: str) -> Path:
    """Return the path that a visitor typed, links resolved, if it is below an allowed folder.

    The allowed folders are in ``LITMUS_DATA_FOLDERS``; without it, they are the home folder and the folder
    where Litmus was started, and none where visitors have to sign in. Hidden files and folders (names that
    start with a dot) are never read: they hold keys and settings. Raises UsageError for any other path,
    without revealing whether the file exists.
    """
    named = os.environ.get(_FOLDERS, "")
    folders = [Path(path) for path in named.split(os.pathsep) if path]
    if not folders and not is_required():
        folders = [Path.home(), Path.cwd()]
    try:
        real = Path(text).expanduser().resolve()
        if real.is_symlink():
            raise OSError(f"{real} leads to itself")  # as Python itself does before 3.13
        roots = [folder.expanduser().resolve() for folder in folders]
    except (OSError, RuntimeError, ValueError) as error:  # circular links, unknown home folder, NUL
        raise UsageError(f"{text!r} is not a path.", hint="Type it as in a file manager.") from error
    below = [real.relative_to(root) for root in roots if real.is_relative_to(root)]
    if any(not any(part.startswith(".") for part in inner.parts) for inner in below):
        return real
    shown = ", ".join(map(str, folders))
    if below:
        raise UsageError(
            f"'{text}' lies in a folder, or is a file, whose name begins with a dot. These hold keys and "
            "settings, so none of them is read here.",
            hint="Upload the file instead, or copy it to another folder.",
        )
    raise UsageError(
        f"'{text}' lies outside the folders that may be read here.",
        hint=f"Upload the file instead{f', or copy it below {shown}' if shown else ''}. Whoever runs Litmus "
        f"can allow other folders with {_FOLDERS}.",
    )


def check_address(text: str) -> None:
    """Raise UsageError unless pages may contact the address that a visitor typed.

    ``LITMUS_DATA_ADDRESSES`` has the allowed prefixes, separated by spaces. Without it, pages that only this
    machine can reach may contact any address. Pages of a shared server may contact none, since
    they would use the server's credentials.
    """
    address, named = as_address(text), os.environ.get(_ADDRESSES, "")
    if address is None:
        raise UsageError(
            f"{text!r} is not an address that Litmus reads.",
            hint="Begin with postgresql://, s3:// or https://.",
        )
    is_shared = is_required() or bool(os.environ.get(OPEN_VARIABLE))
    allowed = [base for base in map(as_address, named.split()) if base is not None]
    if any(address.is_below(base) for base in allowed) or (not named and not is_shared):
        return
    raise UsageError(
        f"'{address}' is not among the addresses that may be read here.",
        hint=f"Whoever runs Litmus can allow it with {_ADDRESSES}.",
    )


def refuse_other_than_rows(name: str) -> None:
    """Raise DataError for a file that cannot be scored, since predictions have the same format."""
    if Path(name).suffix.lower() in _WORKBOOKS:
        raise DataError(
            f"'{Path(name).name}' is a workbook, which may hold several sheets, formulas and notes.",
            hint="Open it in Excel, choose the sheet, then File > Save as > CSV UTF-8, and add that file.",
        )
    if Path(name.lower().removesuffix(".gz")).suffix not in _ROWS:
        raise DataError(
            f"'{Path(name).name}' is neither a CSV nor a Parquet file by its name.",
            hint="Save the rows as one of these; the answers come back in the same kind of file.",
        )
