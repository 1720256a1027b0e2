"""A bundle that was altered, forged or made by another version is refused in words."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from litmus_core.errors import BundleError, MissingExtraError
from litmus_core.runtime import ExecutorKind, load_bundle, register_executor
from tests import tiny
from tests.runtime.conftest import forge


def never(folder: Path) -> Any:
    """Stand for weights that must not be opened."""
    raise AssertionError("weights were opened")


@pytest.mark.parametrize("name", ["model/weights.json", "pipeline.json", "golden.json", "README.md"])
def test_an_altered_file_is_named(folder: Path, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(bytes(content))

    with pytest.raises(BundleError, match=f"{name} is not as exported"):
        load_bundle(folder)


def test_a_grown_file_is_named(folder: Path) -> None:
    with (folder / "pipeline.json").open("a") as file:
        file.write(" ")

    with pytest.raises(BundleError, match=r"pipeline\.json is not as exported"):
        load_bundle(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "model" / "weights.json").unlink()

    with pytest.raises(BundleError, match=r"model/weights\.json is missing"):
        load_bundle(folder)


def test_a_file_that_nobody_exported_is_refused(folder: Path) -> None:
    (folder / "model" / "extra.pkl").write_bytes(b"harm")

    with pytest.raises(BundleError, match=r"model/extra\.pkl is in the folder, but not part of the bundle"):
        load_bundle(folder)


def test_what_file_managers_leave_behind_does_no_harm(folder: Path) -> None:
    (folder / ".DS_Store").write_bytes(b"icons")

    assert load_bundle(folder).check() == []


def test_a_link_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "model" / "weights.json").rename(tmp_path / "weights.json")
    (folder / "model" / "weights.json").symlink_to(tmp_path / "weights.json")

    with pytest.raises(BundleError, match="is a link"):
        load_bundle(folder)


def test_a_file_changed_after_loading_is_not_opened(folder: Path) -> None:
    bundle = load_bundle(folder)
    (folder / "model" / "weights.json").write_text("[1.0, 2.0]")

    with pytest.raises(BundleError, match="is not as exported"):
        bundle.predict_records([tiny.ROW])


def test_a_changed_manifest_is_refused(folder: Path) -> None:
    text = (folder / "manifest.json").read_text()
    (folder / "manifest.json").write_text(text.replace('"target": "sold"', '"target": "sole"'))

    with pytest.raises(BundleError, match=r"manifest\.json was changed"):
        load_bundle(folder)


def test_a_missing_seal_is_refused(folder: Path) -> None:
    (folder / "manifest.sha256").unlink()

    with pytest.raises(BundleError, match=r"manifest\.sha256 is missing"):
        load_bundle(folder)


def test_the_exporters_hash_tells_a_forgery(folder: Path) -> None:
    genuine = load_bundle(folder).sha256
    assert load_bundle(folder, sha256=genuine.upper()).sha256 == genuine
    forge(folder, lambda plain: plain.update(name="Forged"))

    with pytest.raises(BundleError, match="another bundle than expected"):
        load_bundle(folder, sha256=genuine)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": 4}, "format 4, written by Litmus 0.1.0; this Litmus reads up to format 3"),
        ({"format": "one"}, "names no format"),
        ({"kind": "recipe"}, "not a Litmus bundle"),
        ({"signature": None}, "lacks what a bundle needs"),
        ({"executor": "quantum"}, "needs an executor 'quantum'"),
    ],
)
def test_another_kind_of_manifest_is_refused_in_words(
    folder: Path, change: dict[str, Any], words: str
) -> None:
    forge(folder, lambda plain: plain.update(change))

    with pytest.raises(BundleError, match=words):
        load_bundle(folder)


@pytest.mark.parametrize(
    ("versions", "words"),
    [
        ({"python": "3.9.1"}, r"exported with Python 3\.9\.1; here it is .* Load it with Python 3\.9"),
        ({"cattrs": "1.0"}, r"exported with cattrs 1\.0; here it is"),
    ],
)
def test_another_python_or_library_is_refused_before_weights_are_read(
    folder: Path, versions: dict[str, str], words: str
) -> None:
    forge(folder, lambda plain: plain["versions"].update(versions))
    register_executor("tiny", ExecutorKind(load=never, packages={"cattrs": "cattrs"}))

    with pytest.raises(BundleError, match=words):
        load_bundle(folder)


def test_a_newer_field_in_the_manifest_is_passed_over(folder: Path) -> None:
    forge(folder, lambda plain: plain.update(certificate={"p95_ms": 3}))

    assert load_bundle(folder).manifest.name == "Shop: Tiny"


def test_a_missing_library_is_said_with_how_to_install_it(folder: Path) -> None:
    register_executor("tiny", ExecutorKind(load=never, packages={"tiny": "no-such-distribution"}))

    with pytest.raises(MissingExtraError, match=r"Running this model needs the 'train' extra"):
        load_bundle(folder)


@pytest.mark.parametrize(
    "name", ["../outside", "/etc/passwd", "model/../../outside", "a\\b", "C:x", "", ".", "model//x"]
)
def test_a_file_name_that_leads_out_of_the_bundle_is_refused(folder: Path, name: str) -> None:
    forge(folder, lambda plain: plain["files"].update({name: {"sha256": "0", "n_bytes": 1}}))

    with pytest.raises(BundleError, match="which no bundle has"):
        load_bundle(folder)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("pipeline.json", b"[1", r"pipeline\.json is damaged"),
        ("pipeline.json", b"[]", r"pipeline\.json is damaged"),
        ("pipeline.json", b'{"format": 1}', r"pipeline\.json is damaged"),
        ("model/weights.json", b"3", "cannot answer its own example"),
    ],
)
def test_a_file_forged_with_its_hash_is_refused_before_callers_come(
    folder: Path, name: str, content: bytes, words: str
) -> None:
    (folder / name).write_bytes(content)
    entry = {"sha256": hashlib.sha256(content).hexdigest(), "n_bytes": len(content)}
    forge(folder, lambda plain: plain["files"].update({name: entry}))

    with pytest.raises(BundleError, match=words):
        load_bundle(folder).warm()
