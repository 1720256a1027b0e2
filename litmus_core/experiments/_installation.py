"""Where the pages, the samples and the guides are: in a checkout, or in the wheel."""

from __future__ import annotations

from pathlib import Path

import litmus_core

_PACKAGE = Path(litmus_core.__file__).parent
PACKAGED = "_studio"  # the folder in the wheel's package that holds them (pyproject.toml)


def studio_folder(package: Path = _PACKAGE) -> Path:
    """Return the folder of ``app``, ``pages``, ``sample_data`` and ``docs``."""
    packaged = package / PACKAGED
    return packaged if packaged.is_dir() else package.parent
