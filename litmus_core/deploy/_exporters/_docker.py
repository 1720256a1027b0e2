"""A Docker build context: the bundle with its own Dockerfile and compose file, and build instructions."""

from __future__ import annotations

import shutil
from pathlib import Path

from litmus_core.errors import BundleError
from litmus_core.runtime import Bundle
from litmus_core.types import markdown_line

_NEEDED = ("Dockerfile", "compose.yaml", "requirements.txt")


def write(bundle: Bundle, folder: Path) -> None:
    """Copy the bundle's files; raises BundleError for a bundle without container files."""
    missing = [name for name in _NEEDED if not (bundle.folder / name).is_file()]
    if missing:
        raise BundleError(
            f"This bundle has no {missing[0]}, so there is nothing to build.",
            hint="Export the model again with this version of Litmus.",
        )
    shutil.copytree(bundle.folder, folder, dirs_exist_ok=True)
    (folder / "BUILD.md").write_text(_text(bundle), encoding="utf-8")


def _text(bundle: Bundle) -> str:
    return (
        f"# {markdown_line(bundle.manifest.name)}\n\n"
        "A Docker build context. **The image was not built**: that happens where you run\n\n"
        "    LITMUS_API_KEY=… docker compose up --build\n\n"
        "with a key of your own, which callers send as `X-API-Key`.\n\n"
        "Then `POST http://localhost:8000/predict` answers; `/docs` says how to ask.\n"
        "The context holds real rows of the data (golden.json): treat the image as you treat that data.\n"
    )
