"""The folder of the pages, the samples and the guides: in a checkout, or in the wheel."""

from __future__ import annotations

from pathlib import Path

import litmus_core

_PACKAGE = Path(litmus_core.__file__).parent
PACKAGED = "_studio"  # their folder in the package of the wheel (pyproject.toml)


def studio_folder(package: Path = _PACKAGE) -> Path:
    """Return the folder of ``app``, ``pages``, ``sample_data`` and ``docs``."""
    packaged = package / PACKAGED
    return packaged if packaged.is_dir() else package.parent
