"""A bundle loads elsewhere as it was exported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from litmus_core.errors import BundleError
from litmus_core.runtime import ExecutorKind, load_bundle, read_manifest, register_executor
from tests import tiny


@pytest.mark.parametrize("is_zipped", [False, True])
def test_it_answers_as_the_model_that_was_exported(tmp_path: Path, is_zipped: bool) -> None:
    model = tiny.predictor(threshold=0.4)
    path = tiny.bundle(tmp_path / "there" / "model.zip", model=model, zipped=is_zipped).path

    with load_bundle(path) as bundle:
        assert np.array_equal(bundle.predict_proba(tiny.FRAME), model.predict_proba(tiny.FRAME))
        assert bundle.predict_records([tiny.ROW]) == model.predict_records([tiny.ROW])
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
    wheels = [name for name in manifest.files if name.startswith("wheels/litmus_automl-0.1.0+c")]
    assert len(wheels) == 1
    assert sorted(manifest.files) == [
        "Dockerfile",
        "MODEL_CARD.md",
        "README.md",
        "compose.yaml",
        "golden.json",
        "model/weights.json",
        "model_card.html",
        "pipeline.json",
        "requirements.txt",
        *wheels,
    ]


def test_its_examples_are_real_rows_with_the_answers_of_the_export(folder: Path) -> None:
    bundle = load_bundle(folder)

    assert bundle.examples[1] == {"size": 2.5, "zip": "10115", "day": "2024-02-01T00:00:00", "new": False}
    assert bundle.examples[2] == {"size": None, "zip": None, "day": None, "new": None}
    assert list(bundle.golden.predictions) == bundle.predict_records(bundle.examples)


def test_check_names_the_golden_row_that_is_answered_otherwise(folder: Path) -> None:
    bundle = load_bundle(folder)
    weights = bundle.executor._executor  # type: ignore[attr-defined]
    weights.weights = [9.0, 0.0]

    problems = bundle.check()

    assert len(problems) == len(tiny.FRAME)
    assert problems[0].startswith("Golden row 0 was answered 'yes'")


def test_weights_are_opened_by_the_first_rows_and_not_before(folder: Path) -> None:
    opened = []
    kind = ExecutorKind(load=lambda path: opened.append(path) or tiny.load(path), packages={})
    register_executor("tiny", kind)

    bundle = load_bundle(folder)
    assert opened == []
    bundle.predict_records([tiny.ROW])
    bundle.predict_records([tiny.ROW])
    assert opened == [folder / "model"]


def test_a_path_with_nothing_there_and_a_folder_of_something_else(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(BundleError, match="There is no bundle at"):
        load_bundle(tmp_path / "none")
    with pytest.raises(BundleError, match=f"has no manifest.json. Did you mean {folder}"):
        load_bundle(tmp_path)


def test_a_folder_that_was_loaded_stays(folder: Path) -> None:
    with load_bundle(folder):
        pass
    assert (folder / "manifest.json").exists()


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
        "    bundle.predict_records(bundle.examples)\n"
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
        "Running this model needs the 'train' extra. Install it with: pip install 'litmus-automl[train]'\n"
    )
