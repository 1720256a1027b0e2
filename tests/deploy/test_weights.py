"""Compiled where that can be, native with the reason where not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from litmus_core.compiled import Plan, PlanStep, write_plan
from litmus_core.deploy import Form, export_bundle
from litmus_core.engine import open_candidate
from litmus_core.engine._run_folder import compiled_forms
from litmus_core.errors import BundleError, NotCompilableError
from litmus_core.runtime import load_bundle, read_manifest
from litmus_core.types import BundleRecord, Candidate
from tests.trained import Trained, opened, table

ROWS = table(30, seed=1).drop(columns="sold")
Export = Callable[..., BundleRecord]


@pytest.fixture(scope="module")
def linear(trained: Trained) -> Candidate:
    with opened(trained) as studio:
        return next(each for each in studio.candidates.list(trained.run.id) if each.family == "linear")


@pytest.fixture
def export(trained: Trained, linear: Candidate, tmp_path: Path) -> Export:
    def export(form: Form = "auto") -> BundleRecord:
        folder = tmp_path / "run"  # as of a run that kept no compiled form
        shutil.copytree(trained.workspace / "runs" / trained.run.id, folder)
        shutil.rmtree(folder / "compiled")
        to = tmp_path / "there" / "model"
        return export_bundle(folder, linear, trained.experiment, golden=ROWS, to=to, zipped=False, form=form)

    return export


def compile_as(monkeypatch: pytest.MonkeyPatch, compiler: Callable[[Path, str, Path], None]) -> None:
    monkeypatch.setattr(compiled_forms, "compile_candidate", compiler)


def wrong(folder: Path, model: str, to: Path) -> None:
    """Compile anything into a model that always says the same."""
    step = PlanStep(
        id="s", kind="dense", settings={"link": {"kind": "logistic"}}, arrays={"offset": np.zeros(1)}
    )
    write_plan(Plan(problem_type="binary", n_classes=2, steps=(step,)), to)


def refuse(folder: Path, model: str, to: Path) -> None:
    to.mkdir()
    (to / "half.bin").write_bytes(b"half")
    raise NotCompilableError("it keeps its training rows")


def test_what_compiles_is_compiled_and_answers_as_the_trained_model(
    export: Export, trained: Trained, linear: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    from litmus_core.engine._compile.candidate import compile_candidate

    compile_as(monkeypatch, compile_candidate)
    record = export()

    with load_bundle(record.path) as bundle:
        native = open_candidate(
            trained.workspace / "runs" / trained.run.id,
            linear.model,
            threshold=linear.threshold,
            native=True,
        )
        assert (bundle.manifest.executor, bundle.manifest.native_reason) == ("compiled", "")
        assert abs(bundle.predict_proba(ROWS) - native.predict_proba(ROWS)).max() < 1e-5
        assert bundle.check() == []
    assert not [path for path in Path(record.path).rglob("*") if path.suffix == ".pkl"]
    assert [path.name for path in Path(record.path).parent.iterdir()] == ["model"]


def test_what_does_not_compile_is_native_with_the_reason(
    export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    compile_as(monkeypatch, refuse)
    manifest = read_manifest(export().path)

    assert manifest.executor == "autogluon"
    assert manifest.native_reason == (
        "The weights are kept as AutoGluon wrote them: it keeps its training rows."
    )
    assert "model/half.bin" not in manifest.files
    assert "model/native.json" in manifest.files


def test_a_compiled_form_that_answers_otherwise_is_not_taken(
    export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    compile_as(monkeypatch, wrong)
    manifest = read_manifest(export().path)

    assert manifest.executor == "autogluon"
    assert "the compiled form answered 30 of 30 real rows otherwise" in manifest.native_reason


@pytest.mark.parametrize(
    ("compiler", "words"), [(refuse, "it keeps its training rows"), (wrong, "30 of 30 real rows otherwise")]
)
def test_compiled_was_asked_for_and_cannot_be(
    export: Export, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, compiler: Callable[..., None], words: str
) -> None:
    compile_as(monkeypatch, compiler)

    with pytest.raises(BundleError, match=f"cannot be exported compiled.*{words}"):
        export("compiled")
    assert list((tmp_path / "there").iterdir()) == []


def test_native_is_native_where_it_was_asked_for(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    compile_as(monkeypatch, wrong)
    manifest = read_manifest(export("native").path)

    assert manifest.executor == "autogluon"
    assert "as the export asked for" in manifest.native_reason


def test_another_error_of_the_compiler_is_not_taken_for_a_reason(
    export: Export, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(folder: Path, model: str, to: Path) -> None:
        raise KeyError("a bug")

    compile_as(monkeypatch, fail)
    with pytest.raises(KeyError, match="a bug"):
        export()
    assert list((tmp_path / "there").iterdir()) == []
