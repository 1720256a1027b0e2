"""A bundle loads elsewhere as it was exported, or says in words why not."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from litmus_core.errors import BundleError, MissingExtraError
from litmus_core.runtime import ExecutorKind, load_bundle, read_manifest, register_executor
from tests import tiny


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bundle as a folder."""
    return Path(tiny.bundle(tmp_path / "bundle").path)


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    """A bundle as a zip."""
    return Path(tiny.bundle(tmp_path / "bundle.zip", zipped=True).path)


def forge(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change a manifest and seal it again, as a careful forger or another version of Litmus would."""
    plain = json.loads((folder / "manifest.json").read_text())
    change(plain)
    content = json.dumps(plain).encode()
    (folder / "manifest.json").write_bytes(content)
    (folder / "manifest.sha256").write_text(hashlib.sha256(content).hexdigest())


def rezip(source: Path, to: Path, rename: Callable[[str], str | None]) -> Path:
    """Copy a zip entry by entry under other names; None leaves one out."""
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(to, "w") as after:
        for name in before.namelist():
            if (new := rename(name)) is not None:
                after.writestr(new, before.read(name))
    return to


@pytest.mark.parametrize("is_zipped", [False, True])
def test_it_answers_as_the_model_that_was_exported(tmp_path: Path, is_zipped: bool) -> None:
    model = tiny.predictor(threshold=0.4)
    path = tiny.bundle(tmp_path / "there" / "model.zip", model=model, zipped=is_zipped).path

    with load_bundle(path) as bundle:
        assert np.array_equal(bundle.predict_proba(tiny.FRAME), model.predict_proba(tiny.FRAME))
        assert bundle.answers([tiny.ROW]) == model.answers([tiny.ROW])
        assert bundle.threshold == 0.4
        assert bundle.check() == []


def test_it_may_be_moved(folder: Path, tmp_path: Path) -> None:
    moved = tmp_path / "else where" / "mödel"
    moved.parent.mkdir()
    folder.rename(moved)

    assert load_bundle(moved).check() == []


def test_it_says_what_it_is_before_anything_is_opened(zipped: Path) -> None:
    manifest = read_manifest(zipped)

    assert manifest.name == "Shop: Tiny"
    assert manifest.signature.classes == ("no", "yes")
    assert manifest.signature.columns == tiny.COLUMNS
    assert manifest.task is not None
    assert manifest.task.target == "sold"
    assert manifest.executor == "tiny"
    assert sorted(manifest.files) == [
        "README.md",
        "golden.json",
        "model/weights.json",
        "pipeline.json",
        "requirements.txt",
    ]


def test_its_examples_are_real_rows_with_the_answers_of_the_export(folder: Path) -> None:
    bundle = load_bundle(folder)

    assert bundle.examples[1] == {"size": 2.5, "zip": "10115", "day": "2024-02-01T00:00:00", "new": False}
    assert bundle.examples[2] == {"size": None, "zip": None, "day": None, "new": None}
    assert list(bundle.golden.answers) == bundle.answers(bundle.examples)


def test_check_names_the_golden_row_that_is_answered_otherwise(folder: Path) -> None:
    bundle = load_bundle(folder)
    weights = bundle.executor._executor  # type: ignore[attr-defined]
    weights.weights = [9.0, 0.0]

    problems = bundle.check()

    assert len(problems) == len(tiny.FRAME)
    assert problems[0].startswith("Golden row 0 was answered 'yes'")


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
        bundle.answers([tiny.ROW])


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
        ({"format": 2}, "format 2, written by Litmus 0.1.0; this Litmus reads up to format 1"),
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


def never(folder: Path) -> Any:
    """Stand for weights that must not be opened."""
    raise AssertionError("weights were opened")


def test_weights_are_opened_by_the_first_rows_and_not_before(folder: Path) -> None:
    opened = []
    kind = ExecutorKind(load=lambda path: opened.append(path) or tiny.load(path), packages={})
    register_executor("tiny", kind)

    bundle = load_bundle(folder)
    assert opened == []
    bundle.answers([tiny.ROW])
    bundle.answers([tiny.ROW])
    assert opened == [folder / "model"]


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


def test_a_path_with_nothing_there_and_a_folder_of_something_else(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(BundleError, match="There is no bundle at"):
        load_bundle(tmp_path / "none")
    with pytest.raises(BundleError, match=f"has no manifest.json. Did you mean {folder}"):
        load_bundle(tmp_path)


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


def test_a_folder_that_was_loaded_stays(folder: Path) -> None:
    with load_bundle(folder):
        pass
    assert (folder / "manifest.json").exists()


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


def test_loading_brings_neither_pandas_nor_autogluon_until_rows_come(folder: Path, tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from litmus_core.runtime import ExecutorKind, load_bundle, read_manifest, register_executor\n"
        "register_executor('tiny', ExecutorKind(load=print, packages={'cattrs': 'cattrs'}))\n"
        "read_manifest(sys.argv[1]); load_bundle(sys.argv[1])\n"
        "heavy = {'pandas', 'polars', 'pyarrow', 'autogluon', 'sklearn', 'duckdb', 'fastapi'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )

    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_without_pandas_the_answer_is_which_extra_to_install(folder: Path, tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "sys.modules['pandas'] = None\n"
        "from litmus_core.errors import MissingExtraError\n"
        "from litmus_core.runtime import ExecutorKind, load_bundle, register_executor\n"
        "register_executor('tiny', ExecutorKind(load=print, packages={'cattrs': 'cattrs'}))\n"
        "bundle = load_bundle(sys.argv[1])\n"
        "try:\n"
        "    bundle.answers(bundle.examples)\n"
        "except MissingExtraError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )

    assert done.stderr == ""
    assert done.stdout == (
        "Running this model needs the 'train' extra. Install it with: pip install 'litmus[train]'\n"
    )
