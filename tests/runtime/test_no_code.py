"""A bundle of compiled weights holds nothing that could run; what does is refused before it is opened."""

from __future__ import annotations

import hashlib
import io
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest

from litmus_core.errors import BundleError
from litmus_core.runtime import load_bundle
from tests import plans
from tests.runtime.conftest import forge


def objects() -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, weights=np.array([print], dtype=object))
    return buffer.getvalue()


def zipped(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def add(folder: Path, name: str, content: bytes) -> None:
    """Put a file into a bundle as a careful forger does: listed, hashed and sealed."""
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    entry = {"sha256": hashlib.sha256(content).hexdigest(), "n_bytes": len(content)}
    forge(folder, lambda plain: plain["files"].update({name: entry}))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("model/extra.pkl", b"anything"),
        ("model/s0.onnx", pickle.dumps({"weights": 1})),
        ("model/weights.npz", objects()),
        ("model/weights.bin", zipped("archive/data.pkl", b"")),
        ("model/weights.bin", zipped("archive/data", pickle.dumps([1]))),
        ("model/library.bin", b"\x7fELF and more"),
        ("model/step.py", b"print('hello')"),
        ("model/broken.zip", b"PK\x03\x04 no zip"),
        ("modules/helper.py", b"print('hello')"),
    ],
)
def test_what_can_run_code_has_no_place_in_a_compiled_bundle(
    tmp_path: Path, name: str, content: bytes
) -> None:
    folder = Path(plans.bundle(tmp_path / "bundle").path)
    add(folder, name, content)

    with pytest.raises(BundleError, match=rf"{name} can run code when it is opened"):
        load_bundle(folder)


def test_other_files_beside_the_plan_do_no_harm(tmp_path: Path) -> None:
    folder = Path(plans.bundle(tmp_path / "bundle").path)
    add(folder, "model/notes.txt", b"for people")

    assert load_bundle(folder).check() == []


def test_a_bundle_of_format_1_still_loads(tmp_path: Path) -> None:
    from tests import tiny

    folder = Path(tiny.bundle(tmp_path / "bundle").path)
    forge(folder, lambda plain: plain.update(format=1))

    assert load_bundle(folder).check() == []
