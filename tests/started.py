"""The processes that a test starts, and those that these start: forks of the warm one bear its mark, too."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field

import psutil
import pytest

_MARK = "STARTED_BY_A_TEST"


@dataclass
class Started:
    """Marks what is started from now on, as long as ``patch`` holds."""

    patch: pytest.MonkeyPatch
    mark: str = field(default_factory=lambda: secrets.token_hex(8))

    def __post_init__(self) -> None:
        self.patch.setenv(_MARK, self.mark)

    def living(self) -> list[psutil.Process]:
        """Return those that have not ended."""
        found = []
        for each in psutil.process_iter():
            with suppress(psutil.Error):
                if each.pid != os.getpid() and each.environ().get(_MARK) == self.mark:
                    found.append(each)
        return found
