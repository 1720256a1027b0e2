"""A certificate lies in its bundle, changes nothing else there, and shows when it was changed."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from litmus_core.deploy import read_certificate, write_certificate
from litmus_core.errors import BundleError, UsageError
from litmus_core.runtime import load_bundle, read_sealed
from litmus_core.types import Certificate, CertificateLine, DeploymentEnvironment, LabReport
from tests import plans


def certificate(bundle: Path, *, text: str = "All 6 rows.") -> Certificate:
    sealed = read_sealed(bundle)
    place = DeploymentEnvironment(name="small server", memory_mb=1000)
    return Certificate(
        bundle_id=sealed.manifest.id,
        bundle_sha256=sealed.sha256,
        form="short",
        made_at="2026-01-01T00:00:00+00:00",
        lines=(CertificateLine(key="golden", title="Golden predictions", passed=True, text=text),),
        report=LabReport(environment=place, own_environment=False, cold_start_s=0.5),
    )


@pytest.fixture(params=[False, True], ids=["folder", "zip"])
def bundle(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    home = tmp_path / "there"
    home.mkdir()
    return Path(plans.bundle(home / "bundle", zipped=request.param).path)


def test_it_comes_back_and_the_bundle_is_as_it_was(bundle: Path) -> None:
    before = read_sealed(bundle).sha256
    assert read_certificate(bundle) is None
    write_certificate(bundle, certificate(bundle))
    write_certificate(bundle, certificate(bundle, text="Again."))

    found = read_certificate(bundle)
    assert found == certificate(bundle, text="Again.")
    assert read_sealed(bundle).sha256 == before
    with load_bundle(bundle, sha256=before) as loaded:
        assert loaded.check() == []
    assert [path.name for path in bundle.parent.iterdir()] == ["bundle"]


def test_certifying_a_zip_keeps_its_other_entries_byte_for_byte(tmp_path: Path) -> None:
    path = Path(plans.bundle(tmp_path / "bundle.zip", zipped=True).path)
    with zipfile.ZipFile(path) as archive:
        before = {info.filename: (archive.read(info), info.date_time) for info in archive.infolist()}
    write_certificate(path, certificate(path))

    with zipfile.ZipFile(path) as archive:
        after = {info.filename: (archive.read(info), info.date_time) for info in archive.infolist()}
    assert set(after) - set(before) == {"certificate.json"}
    assert {name: after[name] for name in before} == before


def test_any_user_can_read_what_is_unpacked_from_a_zip(tmp_path: Path) -> None:
    path = Path(plans.bundle(tmp_path / "bundle.zip", zipped=True).path)
    write_certificate(path, certificate(path))

    with zipfile.ZipFile(path) as archive:
        assert {info.external_attr >> 16 for info in archive.infolist()} == {0o644}


def change(bundle: Path, what: str, to: str) -> None:
    text = (bundle / "certificate.json").read_text()
    assert what in text
    (bundle / "certificate.json").write_text(text.replace(what, to))


@pytest.mark.parametrize(
    ("what", "to", "words"),
    [
        ("All 6 rows.", "All 9 rows.", "was changed after it was earned"),
        ('"passed": true', '"passed": null', "was changed after it was earned"),
        ('"lines"', '"rows"', "is damaged"),
        ("{", "", "is damaged"),
    ],
)
def test_a_changed_certificate_is_refused_and_the_bundle_still_loads(
    tmp_path: Path, what: str, to: str, words: str
) -> None:
    folder = Path(plans.bundle(tmp_path / "bundle").path)
    write_certificate(folder, certificate(folder))
    change(folder, what, to)

    with pytest.raises(BundleError, match=words):
        read_certificate(folder)
    assert load_bundle(folder).check() == []


def test_another_bundles_certificate_is_refused(tmp_path: Path) -> None:
    one, other = (Path(plans.bundle(tmp_path / name).path) for name in ("one", "other"))
    write_certificate(one, certificate(one))
    (one / "certificate.json").rename(other / "certificate.json")

    with pytest.raises(BundleError, match="is of another bundle"):
        read_certificate(other)


def test_a_full_disk_leaves_the_old_certificate_and_nothing_else(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_certificate(bundle, certificate(bundle))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    monkeypatch.setattr("litmus_core.deploy._certificates.file._rewrite", full)
    with pytest.raises(UsageError, match="No space left on device"):
        write_certificate(bundle, certificate(bundle, text="New."))
    monkeypatch.undo()
    assert read_certificate(bundle) == certificate(bundle)
    assert [path.name for path in bundle.parent.iterdir()] == ["bundle"]


def test_a_manifest_that_lists_a_certificate_is_refused(tmp_path: Path) -> None:
    from tests.runtime.conftest import forge

    folder = Path(plans.bundle(tmp_path / "bundle").path)
    entry = {"sha256": "0", "n_bytes": 1}
    forge(folder, lambda plain: plain["files"].update({"certificate.json": entry}))

    with pytest.raises(BundleError, match="which no bundle has"):
        load_bundle(folder)


def test_the_file_is_json_with_its_own_hash(tmp_path: Path) -> None:
    folder = Path(plans.bundle(tmp_path / "bundle").path)
    write_certificate(folder, certificate(folder))

    plain = json.loads((folder / "certificate.json").read_text())
    assert set(plain) == {"certificate", "sha256"}
    assert plain["certificate"]["lines"][0]["title"] == "Golden predictions"
