"""The modules that pickles refer to, found without opening the pickles."""

from __future__ import annotations

import pickletools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_STRINGS = {"SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "UNICODE"}
_PUTS = {"BINPUT", "LONG_BINPUT", "PUT"}
_GETS = {"BINGET", "LONG_BINGET", "GET"}
_STARTS = tuple(bytes([0x80, protocol]) for protocol in range(2, 6))


def modules_in(folder: Path) -> set[str]:
    """Return the dotted names of the modules whose classes the pickles in ``folder`` refer to."""
    names: set[str] = set()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                begins = file.read(2)
            if begins in _STARTS:
                names |= set(_modules(path))
    return names


def _modules(path: Path) -> Iterator[str]:
    """Yield the modules of one pickle, up to joblib's raw arrays, which follow the classes."""
    memo: dict[Any, str | None] = {}
    recent: list[str | None] = [None, None]  # the last two strings pushed
    with path.open("rb") as file:
        try:
            for code, argument, _ in pickletools.genops(file):
                if code.name in _STRINGS:
                    recent = [recent[1], str(argument)]
                elif code.name == "MEMOIZE":
                    memo[len(memo)] = recent[1]
                elif code.name in _PUTS:
                    memo[argument] = recent[1]
                elif code.name in _GETS:
                    recent = [recent[1], memo.get(argument)]
                elif code.name == "GLOBAL":
                    yield str(argument).partition(" ")[0]
                elif code.name == "STACK_GLOBAL" and recent[0]:
                    yield recent[0]
        except ValueError:
            return
