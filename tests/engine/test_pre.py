"""Pre-processing of one's own: traced into the features, or run as Python; faults named and left out."""

from __future__ import annotations

import json
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from litmus_core.engine import (
    FitRequest,
    check_preprocessing,
    compilable,
    fit_models,
    open_candidate,
    open_for_validation,
    refuse_folds_over,
    store_compiled,
    target_encoder_names,
    validation_predictions,
)
from litmus_core.engine._preprocess import Preprocessing, _fit, fit_preprocessing
from litmus_core.errors import NotCompilableError, PlugInError, UsageError
from litmus_core.frame import CodedPipeline, FeaturePipeline
from litmus_core.plugins import copy_parts
from litmus_core.types import Compute, Folds, PluginRef, Resources
from tests.elsewhere import script
from tests.engine.conftest import COLUMNS, table, task
from tests.session import once
from tests.warm import client as warm

_TRACE = _fit._trace
TESTS = Path(__file__).resolve().parents[1]
NAMES = [each.name for each in COLUMNS]
_ASK = """
import json, sys
from pathlib import Path
from litmus_core.engine import open_candidate

folder, model, rows = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
predictor = open_candidate(folder, model, custom_in_process=True)
alone = [predictor.predict_proba([row]).tolist()[0] for row in rows]
print(json.dumps([predictor.predict_proba(rows).tolist(), alone]))
"""


def parts_of(folder: Path, *references: str) -> tuple[PluginRef, ...]:
    asked = [PluginRef(point="preprocess", reference=f"pre_steps:{each}") for each in references]
    return copy_parts(asked, base=TESTS, to=folder / "modules")


def answered(n_rows: int) -> pd.DataFrame:
    frame = table(n_rows)
    frame["answer"] = np.where(frame["signal"] > 1.2, "yes", "no")
    return frame


def fitted(folder: Path, *references: str, n_rows: int = 200, seconds: float = 60.0) -> Preprocessing:
    frame = answered(n_rows)
    found, ready = fit_preprocessing(
        parts_of(folder, *references),
        columns=COLUMNS,
        train=frame[NAMES],
        target=frame["answer"],
        folder=folder,
        seed=0,
        deadline=time.time() + seconds,
    )
    assert ready.index.equals(frame.index)
    return found


def test_code_that_can_be_traced_becomes_part_of_the_pipeline(tmp_path: Path) -> None:
    found = fitted(tmp_path, "Tidy", "Second")
    frame = answered(200)[NAMES]
    pipeline = found.pipeline(frame, frame, tmp_path)

    assert found.why_coded == ""
    assert found.notes == [
        "Your pre-processor Tidy became part of the model: production needs no code.",
        "Your pre-processor Second became part of the model: production needs no code.",
    ]
    assert isinstance(pipeline, FeaturePipeline)
    assert [each.name for each in pipeline.columns] == NAMES
    assert {"wide", "squared", "often", "lid", "late", "kind", "size word", "both"} <= set(pipeline.outputs)
    assert not (tmp_path / "preprocess").exists()


def test_what_learns_gets_the_weights_of_rows_or_says_that_it_did_not(tmp_path: Path) -> None:
    frame = answered(200)
    weights = np.arange(200.0)
    found, ready = fit_preprocessing(
        parts_of(tmp_path, "Weighs", "Tidy"),
        columns=COLUMNS,
        train=frame[NAMES],
        target=frame["answer"],
        folder=tmp_path,
        weights=weights,
        seed=0,
        deadline=time.time() + 60.0,
    )

    mean = np.average(frame["count"].fillna(0.0), weights=weights)
    assert (frame["count"] - ready["apart"]).dropna().to_numpy() == pytest.approx(mean)
    said = "Your pre-processor Tidy learned from the rows as they are: its fit takes no sample_weight."
    assert [note for note in found.notes if "weight" in note] == [said]


def test_code_that_cannot_be_traced_runs_as_python_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits: list[float] = []  # of tracing, which starting up on a busy machine may not use up
    monkeypatch.setattr(_fit, "_trace", lambda *given: limits.append(given[-1]) or _TRACE(*given))
    monkeypatch.setattr(_fit, "_TRACE_S", 500.0)
    found = fitted(tmp_path, "ByHand", seconds=600.0)
    assert limits == [500.0]
    frame = answered(200)
    pipeline = found.pipeline(frame[NAMES], _ready(frame), tmp_path)

    assert isinstance(pipeline, CodedPipeline)
    assert "traced column has no 'items'" in found.why_coded
    assert found.notes[0].startswith(
        "Your pre-processing (ByHand) runs as Python in production, which is slower: ByHand runs as Python: "
    )
    assert (tmp_path / "preprocess" / "0.pkl").is_file()


def _ready(frame: pd.DataFrame) -> pd.DataFrame:
    from litmus_core.frame import raw_frame
    from tests.pre_steps import ByHand

    raw = raw_frame(frame[NAMES], COLUMNS)
    return ByHand().fit(raw, None).transform(raw)  # type: ignore[no-any-return]


def test_one_that_cannot_be_traced_takes_the_others_with_it(tmp_path: Path) -> None:
    found = fitted(tmp_path, "ByHand", "Lies")

    assert [step.traced is None for step in found.steps] == [True, True]
    assert found.steps[1].why == "traced, it gave other values of 'more' than it gave of rows"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("LooksBeside", "a row's 'centred' depends on the rows beside it"),
        ("DependsOnRows", "it made no column"),
        ("DropsRows", "transform returned "),
        ("Reorders", "transform put the rows into another order"),
        ("ChangesInput", "it changes the frame that it is given"),
        ("NoFrame", "transform returned list, not a frame"),
        ("NoColumns", "transform returned a frame without columns"),
        ("MakesTheAnswer", "it makes a column 'answer', which is what is to be predicted"),
        ("StopsAtMissing", "it stops at rows with missing values (TypeError: object of type 'NoneType'"),
        ("Raises", "ValueError: no luck, in line "),
        ("Dies", "its process ended by itself (exit code 3)"),
        ("HoldsLists", "the column 'words' holds values of"),
        ("NotKept", "it was fitted but cannot be kept"),
    ],
)
def test_nothing_is_trained_without_one_that_stops(name: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(PlugInError) as stopped:
        fitted(tmp_path, name, "Tidy")

    assert stopped.value.message.startswith(f"Your pre-processor {name} stopped: {said}")
    assert stopped.value.message.endswith(".")
    assert stopped.value.hint.startswith("Nothing was trained, because the run needs it.")


def test_one_that_hangs_is_ended_at_its_limit(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(PlugInError, match="Hangs stopped: it was not done in the 5 s it was given"):
        fitted(tmp_path, "Hangs", seconds=0)

    assert time.monotonic() - began < 60


def test_what_learns_from_the_answers_is_found_by_shuffling_them(tmp_path: Path) -> None:
    frame = answered(300)
    learners = target_encoder_names(
        parts_of(tmp_path, "Tidy", "ByAnswers", "Raises"),
        columns=COLUMNS,
        train=frame[NAMES],
        target=frame["answer"],
        folder=tmp_path,
        seed=0,
    )

    # ByAnswers still finds its column after Tidy
    assert learners == ("ByAnswers",)
    with pytest.raises(UsageError, match="ByAnswers learns from the answers: folds would score"):
        refuse_folds_over(learners)


def test_a_pre_processor_is_looked_at_before_a_run(tmp_path: Path) -> None:
    modules = tmp_path / "modules"
    check_preprocessing(parts_of(tmp_path, "Tidy", "Second"), modules)
    (odd,) = copy_parts(
        [PluginRef(point="preprocess", reference="pre_steps:Tidy", parameters=(("least", 3),))],
        base=TESTS,
        to=modules,
    )

    with pytest.raises(UsageError, match="'Tidy', which takes no parameter 'least'"):
        check_preprocessing([odd], modules)
    with pytest.raises(UsageError, match="'NoTransform', which has no transform"):
        check_preprocessing(parts_of(tmp_path, "NoTransform"), modules)
    with pytest.raises(UsageError, match=r"has no 'Tydy'\. Did you mean 'Tidy'"):
        check_preprocessing(parts_of(tmp_path, "Tydy"), modules)
    with pytest.raises(UsageError, match="There is no pre-processor 'cap'"):
        check_preprocessing([PluginRef(point="preprocess", reference="cap")], modules)


@dataclass(frozen=True)
class Run:
    folder: Path
    frame: pd.DataFrame
    notes: tuple[str, ...]
    models: list[str]


def run_of(folder: Path, *references: str, folds: int = 0) -> Run:
    frame = answered(300)
    models: list[str] = []
    notes = fit_models(
        FitRequest(
            folder=folder,
            train=frame if folds else frame[:220],
            validation=None if folds else frame[220:],
            columns=COLUMNS,
            task=task("binary", "roc_auc", positive_class="yes"),
            families=("lightgbm", "linear"),
            deadline=time.time() + 60,
            preprocess=parts_of(folder, *references),
            folds=Folds(folds),
            compute=Compute(train=Resources(cpus=1)),
        ),
        on_model=lambda model: models.append(model.model),
        on_start=lambda _: None,
        should_stop=lambda: False,
    ).notes
    return Run(folder, frame, notes, models)


@once()
def traced(folder: Path) -> Run:
    return run_of(folder, "Tidy", "Second")


@once()
def coded(folder: Path) -> Run:
    return run_of(folder, "ByHand")


def json_rows_of(run: Run, n_rows: int = 12) -> list[dict[str, Any]]:
    rows = run.frame[NAMES].tail(n_rows).astype(object)
    made = rows.where(rows.notna(), None).to_dict("records")
    for row in made:
        row["when"] = None if row["when"] is None else row["when"].isoformat()
    return [{str(name): value for name, value in row.items()} for row in made] + [dict.fromkeys(NAMES)]


def test_a_run_with_traced_pre_processing_compiles_and_answers_one_row_as_many(traced: Run) -> None:
    for model in traced.models:
        assert store_compiled(traced.folder, model, traced.frame[NAMES][:100]) == ""
        predictor = open_candidate(traced.folder, model)
        rows = [*json_rows_of(traced), {**json_rows_of(traced)[0], "target": "never seen", "beyond": 3}]
        together = predictor.predict_proba(rows)
        alone = np.vstack([predictor.predict_proba([row]) for row in rows])

        assert [each.name for each in predictor.columns] == NAMES
        np.testing.assert_array_equal(together, alone)


def test_its_graph_and_its_pandas_code_answer_alike(traced: Run) -> None:
    state = json.loads((traced.folder / "pipeline.json").read_text())
    native = open_candidate(traced.folder, traced.models[0], native=True)

    assert state["format"] == 2
    assert [each["column"]["name"] for each in state["before"][1]["makes"]][-1] == "both"
    answers = native.predict_proba(traced.frame[NAMES])
    np.testing.assert_allclose(native.predict_proba(json_rows_of(traced))[:12], answers[-12:], atol=1e-12)


def test_plain_onnx_refuses_pre_processing_of_ones_own_in_words(traced: Run) -> None:
    from litmus_core.engine import onnx_file

    with pytest.raises(NotCompilableError, match="begins with pre-processing of your own"):
        onnx_file(traced.folder, traced.models[0], threshold=None, facts={})


def test_a_run_with_python_pre_processing_stays_native_and_says_why(coded: Run) -> None:
    model = coded.models[0]
    reason = store_compiled(coded.folder, model, coded.frame[NAMES][:50])

    assert reason == compilable(coded.folder, model)
    assert reason.startswith("its pre-processing is code of your own (ByHand runs as Python: ")


def test_python_pre_processing_answers_apart_and_in_place_alike(
    coded: Run, tmp_path: Path, warm_workers: warm.Server
) -> None:
    warm_workers.start()
    model, rows = coded.models[0], json_rows_of(coded)
    apart = open_candidate(coded.folder, model).predict_proba(rows)
    asked = subprocess.run(
        [*script(_ASK, tmp_path), str(coded.folder), model, json.dumps(rows)],
        capture_output=True,
        text=True,
        check=True,
    )
    together, alone = json.loads(asked.stdout)

    assert together == apart.tolist()
    assert together == alone


def test_out_of_fold_rows_go_through_pre_processing_too(tmp_path: Path) -> None:
    run = run_of(tmp_path, "Tidy", folds=2)
    index, prediction = validation_predictions(run.folder, run.models[0])
    predictor = open_for_validation(run.folder, run.models[0])

    np.testing.assert_allclose(predictor.predict_proba(run.frame.loc[index, NAMES]), prediction, atol=1e-6)
