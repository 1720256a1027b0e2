"""Bundles in a zip: unpacked with care, and refused in words where something is wrong."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from litmus_core.errors import BundleError
from litmus_core.runtime import load_bundle
from tests.runtime.conftest import forge


def rezip(source: Path, to: Path, rename: Callable[[str], str | None]) -> Path:
    """Copy a zip entry by entry under other names; None leaves one out."""
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(to, "w") as after:
        for name in before.namelist():
            if (new := rename(name)) is not None:
                after.writestr(new, before.read(name))
    return to


def test_a_zip_is_unpacked_beside_other_temporary_files_and_removed(zipped: Path) -> None:
    with load_bundle(zipped) as bundle:
        assert bundle.folder.is_dir()
        assert bundle.folder != zipped.parent
    assert not bundle.folder.parent.exists()
    bundle.close()


def test_a_zip_that_is_forgotten_is_removed_with_its_bundle(zipped: Path) -> None:
    import gc

    bundle = load_bundle(zipped)
    folder = bundle.folder
    del bundle
    gc.collect()

    assert not folder.exists()


def test_a_folder_zipped_by_hand_loads(zipped: Path, tmp_path: Path) -> None:
    again = rezip(zipped, tmp_path / "again.zip", lambda name: f"my bundle/{name}")
    with zipfile.ZipFile(again, "a") as archive:
        archive.writestr("__MACOSX/._manifest.json", b"icons")

    with load_bundle(again) as bundle:
        assert bundle.check() == []


def test_an_entry_beside_the_manifests_is_never_unpacked(zipped: Path) -> None:
    with zipfile.ZipFile(zipped, "a") as archive:
        archive.writestr("../outside", b"harm")
        archive.writestr("model/extra.pkl", b"harm")

    with load_bundle(zipped) as bundle:
        assert not (bundle.folder / "model" / "extra.pkl").exists()
        assert not (bundle.folder.parent / "outside").exists()


def test_a_zip_without_one_of_its_files_is_refused_and_leaves_nothing(
    zipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    poor = rezip(zipped, tmp_path / "poor.zip", lambda name: None if name == "pipeline.json" else name)

    with pytest.raises(BundleError, match=r"pipeline\.json is missing"):
        load_bundle(poor)
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_zip_with_an_altered_entry_is_refused(zipped: Path, tmp_path: Path) -> None:
    altered = tmp_path / "altered.zip"
    with zipfile.ZipFile(zipped) as before, zipfile.ZipFile(altered, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, content + b" " if name == "golden.json" else content)

    with pytest.raises(BundleError, match=r"golden\.json is not as exported"):
        load_bundle(altered)


def test_a_zip_that_would_unpack_to_far_more_than_it_holds_is_refused(folder: Path, tmp_path: Path) -> None:
    huge = {"sha256": "0" * 64, "n_bytes": 10**12}
    forge(folder, lambda plain: plain["files"].update({"model/huge.pkl": huge}))
    bomb = Path(shutil.make_archive(str(tmp_path / "bomb"), "zip", folder))

    with pytest.raises(BundleError, match=r"would unpack to 1,000\.0 GB"):
        load_bundle(bomb)


def test_an_entry_larger_than_the_manifest_says_is_cut_off_and_refused(zipped: Path, tmp_path: Path) -> None:
    large = tmp_path / "large.zip"
    with (
        zipfile.ZipFile(zipped) as before,
        zipfile.ZipFile(large, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            after.writestr(name, bytes(50 << 20) if name == "README.md" else before.read(name))

    with pytest.raises(BundleError, match=r"README\.md is not as exported"):
        load_bundle(large)


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04 cut off"])
def test_a_file_that_is_no_zip_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.zip").write_bytes(content)

    with pytest.raises(BundleError, match="neither a folder nor a whole zip file"):
        load_bundle(tmp_path / "model.zip")


def test_a_zip_of_something_else_is_refused_in_words(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "model.zip", "w") as archive:
        archive.writestr("readme.txt", "hello")

    with pytest.raises(BundleError, match=r"has no manifest\.json"):
        load_bundle(tmp_path / "model.zip")


def test_every_cut_of_a_zip_is_refused_in_words(zipped: Path, tmp_path: Path) -> None:
    whole = zipped.read_bytes()
    for length in range(0, len(whole), max(1, len(whole) // 40)):
        (tmp_path / "cut.zip").write_bytes(whole[:length])
        with pytest.raises(BundleError):
            load_bundle(tmp_path / "cut.zip")


def test_every_flipped_byte_of_a_zip_is_refused_or_changes_nothing(zipped: Path, tmp_path: Path) -> None:
    whole = zipped.read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 60)):
        flipped = bytearray(whole)
        flipped[place] ^= 0x55
        (tmp_path / "flipped.zip").write_bytes(bytes(flipped))
        try:
            with load_bundle(tmp_path / "flipped.zip") as bundle:
                assert bundle.check() == []
        except BundleError:
            continue


def test_a_directory_that_points_before_the_zips_beginning_is_refused(zipped: Path) -> None:
    whole = bytearray(zipped.read_bytes())
    place = whole.rindex(b"PK\x05\x06") + 16
    whole[place : place + 4] = (int.from_bytes(whole[place : place + 4], "little") + 9_999_999).to_bytes(
        4, "little"
    )
    zipped.write_bytes(bytes(whole))

    with pytest.raises(BundleError, match="cannot be unpacked"):
        load_bundle(zipped)
