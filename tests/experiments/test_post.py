"""Steps after the model, from the asking to an answer of the bundle."""

from __future__ import annotations

import json
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from litmus_core import Compute, Goal, Training, train
from litmus_core.cli import app
from litmus_core.errors import BundleError, LitmusError, TrainingError
from litmus_core.experiments import TrainingHandle
from litmus_core.jobs import read_validated
from litmus_core.runtime import load_bundle, read_manifest
from litmus_core.types import Candidate, Folds
from tests.elsewhere import script
from tests.trained import table

STEPS = (
    "rule(when=\"size > 14 and colour = 'red'\", then='answer = yes')",
    "thresholds_by_segment(column='colour', min_rows=30)",
    "abstain(below=0.6, label='ask a person')",
)
ROWS = [
    {"size": 20, "colour": "red", "day": "2024-02-02"},
    {"size": None, "colour": "teal", "day": None},
    {"size": 8.8, "colour": "green", "day": "2024-03-03"},
]


@pytest.fixture(scope="module")
def handle(_session_workspace: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrainingHandle]:
    """A run whose models all have a rule, thresholds by colour and a confidence after them."""
    handle = train(
        table(),
        "sold",
        goal=Goal("accuracy>=0.7", metrics=["accuracy", "log_loss"]),
        training=Training(models=["lightgbm", "linear"], postprocess=STEPS, keep_judged=True),
        compute=Compute(time_limit_s=15),
        folds=0,
        workspace=tmp_path_factory.mktemp("workspace"),
    )
    yield handle.wait(timeout_s=200)
    handle.studio.close()


def chosen(handle: TrainingHandle) -> Candidate:
    return next(each for each in handle.candidates() if each.chosen)


def test_every_model_is_on_the_leaderboard_with_and_without(handle: TrainingHandle) -> None:
    by_id = {each.id: each for each in handle.candidates()}
    stepped = [each for each in by_id.values() if each.postprocess]
    plain = [each for each in by_id.values() if not each.postprocess]

    assert len(stepped) == len(plain) >= 2
    for each in stepped:
        (parent,) = each.parents
        assert by_id[parent].model == each.model
        assert each.name == f"{by_id[parent].name}, then rule, thresholds and abstain"
        assert [part.reference for part in each.postprocess] == ["rule", "thresholds_by_segment", "abstain"]
        assert each.latency_at(1) is not None
        assert each.form == by_id[parent].form == "compiled"
        assert each.abstained is not None
        assert by_id[parent].abstained is None
    assert set(handle.leaderboard().columns) >= {"abstained"}


def test_what_was_asked_for_is_what_is_chosen_and_the_verdict_says_how_often_it_answers(
    handle: TrainingHandle,
) -> None:
    best = chosen(handle)
    assert best.postprocess
    assert best.threshold == 0.5
    assert best.test is not None
    assert best.test.n_rows < 120
    assert handle.verdict is not None
    assert handle.verdict.abstention is not None
    assert handle.verdict.abstention.label == "ask a person"


def test_a_model_with_steps_has_the_other_metrics_on_the_validation_rows_that_it_answers(
    handle: TrainingHandle,
) -> None:
    stepped = [each for each in handle.candidates() if each.postprocess]
    best = chosen(handle)
    rows = read_validated(handle.studio.workspace.run_dir(best.run_id))
    right = rows.predictions[np.arange(len(rows.truth)), (rows.truth == "yes").astype(int)]

    assert all([other.metric for other in each.also_validation] == ["log_loss"] for each in stepped)
    (score,) = best.also_validation
    assert score.n_rows == len(rows.truth)
    assert score.value == pytest.approx(-np.log(right).mean())


def test_the_report_says_what_the_steps_changed(handle: TrainingHandle) -> None:
    best = chosen(handle)
    report = handle.studio.candidates.postprocess_report(best.id)

    assert report is not None
    assert (report.plain_id, report.score) == (best.parents[0], best.validation)
    assert report.all_rows.n_rows == report.n_rows == report.score.n_rows + report.n_abstained
    assert report.n_abstained > 0
    assert report.halves
    assert [step.step for step in report.steps] == ["rule", "thresholds_by_segment", "abstain"]
    assert "it fired on" in report.steps[0].sentence
    assert report.steps_ms is not None
    assert report.steps_ms < 5
    assert handle.studio.candidates.postprocess_report(best.parents[0]) is None


def test_diagnosis_and_what_if_are_of_the_answers_that_are_given(handle: TrainingHandle) -> None:
    best = chosen(handle)
    found = handle.studio.runs.diagnostics(handle.run_id)
    assert found is not None
    assert best.validation is not None
    assert found.n_rows == best.validation.n_rows
    assert found.score == pytest.approx(best.validation.value)

    settled = handle.studio.candidates.what_if(best.id, ROWS[0])
    assert (settled.answer, settled.probability, settled.unsure_of) == ("yes", 1.0, "")
    unsure = handle.studio.candidates.what_if(best.id, ROWS[2])
    assert unsure.answer == "ask a person"
    assert unsure.unsure_of in ("yes", "no")


def test_its_bundle_answers_as_it_does_one_row_as_many(handle: TrainingHandle, tmp_path: Path) -> None:
    best = chosen(handle)
    record = handle.studio.bundles.export(best.id, to=tmp_path / "model.zip")
    predictor = handle.studio.candidates.predictor(best.id)

    manifest = read_manifest(record.path)
    assert (manifest.format, manifest.executor) == (3, "compiled")
    assert [part.reference for part in manifest.postprocess] == ["rule", "thresholds_by_segment", "abstain"]
    with load_bundle(record.path) as bundle:
        assert bundle.check() == []
        answers = bundle.predict_records(ROWS)
        assert answers == predictor.predict_records(ROWS)
        assert [bundle.predict_records([row])[0] for row in ROWS] == answers
        assert answers[0] == {"label": "yes", "probabilities": {"no": 0.0, "yes": 1.0}, "abstained": False}
        assert (answers[2]["label"], answers[2]["abstained"]) == ("ask a person", True)
        frame = table(60, seed=3)
        assert bundle.predict(frame).tolist() == predictor.predict(frame).tolist()
        family = (bundle.folder / "MODEL_CARD.md").read_text()
        assert "After the model: `abstain(below=0.6, label='ask a person')`." in family
        assert "postprocess=[" in family


def test_a_model_without_steps_is_a_bundle_as_before(handle: TrainingHandle, tmp_path: Path) -> None:
    record = handle.studio.bundles.export(chosen(handle).parents[0], to=tmp_path / "plain", zipped=False)

    assert read_manifest(record.path).format == 2
    assert not (tmp_path / "plain" / "postprocess.json").exists()
    with load_bundle(record.path) as bundle:
        assert "abstained" not in bundle.predict_records(ROWS)[0]


def test_a_file_is_scored_with_the_steps(handle: TrainingHandle, tmp_path: Path) -> None:
    record = handle.studio.bundles.export(chosen(handle).id, to=tmp_path / "model.zip")
    frame = table(80, seed=4).drop(columns="sold")
    frame.to_csv(tmp_path / "rows.csv", index=False)
    ran = CliRunner().invoke(
        app, ["predict", record.path, str(tmp_path / "rows.csv"), "--to", str(tmp_path / "scored.parquet")]
    )

    import pandas as pd

    assert ran.exit_code == 0, ran.output
    said = pd.read_parquet(tmp_path / "scored.parquet")["prediction"].tolist()
    assert {"yes", "ask a person"} <= set(said) <= {"yes", "no", "ask a person"}
    with load_bundle(record.path) as bundle:
        assert said == bundle.predict(frame).tolist()


def test_plain_onnx_is_refused_in_words_and_made_without_the_steps(
    handle: TrainingHandle, tmp_path: Path
) -> None:
    best = chosen(handle)
    with pytest.raises(BundleError, match="rule, thresholds and abstain") as error:
        handle.studio.bundles.export_onnx(best.id, tmp_path / "model.onnx")
    assert best.parents[0] in error.value.hint
    assert handle.studio.bundles.export_onnx(best.parents[0], tmp_path / "model.onnx").exists()


def test_the_test_score_of_the_one_without_can_be_revealed(handle: TrainingHandle) -> None:
    plain = handle.studio.candidates.reveal_test(chosen(handle).parents[0])

    assert plain.test is not None
    assert plain.test.n_rows == 120


@pytest.mark.usefixtures("_session_workspace")
def test_with_folds_steps_learn_from_out_of_fold_answers(tmp_path: Path) -> None:
    handle = train(
        table(300),
        "sold",
        goal="balanced_accuracy",
        training=Training(models=["linear"], postprocess="thresholds_by_segment(column=colour, min_rows=30)"),
        compute=Compute(time_limit_s=20),
        folds=Folds(3),
        workspace=tmp_path / "workspace",
    ).wait(timeout_s=200)
    made = next(each for each in handle.candidates() if each.postprocess)
    report, found = (
        handle.studio.candidates.postprocess_report(made.id),
        handle.studio.runs.diagnostics(handle.run_id),
    )
    best = chosen(handle)
    handle.studio.close()

    assert report is not None
    assert report.n_rows == 240  # all rows but the test part
    assert found is not None
    assert found.out_of_fold
    assert best.validation is not None
    assert found.score == pytest.approx(best.validation.value)


OWN = '''
import numpy as np


class Lift:
    """Lifts what validation says is too low, and never below nothing."""

    def __init__(self, least: float = 0.0):
        self.least = least

    def fit(self, answers, rows, truth):
        self.bias = float(np.mean(truth.astype(float) - answers))
        return self

    def apply(self, answers, rows):
        lifted = answers + self.bias * rows["size"].notna().to_numpy()
        return np.maximum(lifted, self.least)


class Fails:
    def apply(self, answers, rows):
        raise RuntimeError("no luck")
'''
_ASK = """
import json, sys
from litmus_core import load_bundle

bundle = load_bundle(sys.argv[1])
print(json.dumps([bundle.check(), bundle.predict_records(json.loads(sys.argv[2])), "pandas" in sys.modules]))
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "shop_steps.py").write_text(OWN)
    frame = table(400)
    frame["price"] = np.round(3 * frame["size"].fillna(10) + (frame["sold"] == "yes"), 2)
    frame.drop(columns="sold").to_csv(folder / "shop.csv", index=False)
    return folder


@pytest.fixture(scope="module")
def priced(
    _session_workspace: None, shop: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TrainingHandle]:
    """A regression whose answers go through a step of one's own, and are rounded."""
    handle = train(
        shop / "shop.csv",
        "price",
        training=Training(
            models=["linear"], postprocess=[f"{shop / 'shop_steps.py'}:Lift(least=12)", "round(step=0.5)"]
        ),
        compute=Compute(time_limit_s=15),
        folds=0,
        workspace=tmp_path_factory.mktemp("workspace"),
    )
    yield handle.wait(timeout_s=200)
    handle.studio.close()


def test_a_step_of_ones_own_travels_in_a_compiled_bundle_and_says_so(
    priced: TrainingHandle, shop: Path, tmp_path: Path
) -> None:
    best = chosen(priced)
    assert best.name.endswith(", then Lift and round")
    record = priced.studio.bundles.export(best.id, to=tmp_path / "model.zip")
    manifest = read_manifest(record.path)

    assert (manifest.executor, manifest.has_own_steps) == ("compiled", True)
    assert [part.reference for part in manifest.postprocess] == ["shop_steps:Lift", "round"]
    assert "someone's own code" in manifest.trust
    assert {"modules/shop_steps.py", "postprocess.json"} <= set(manifest.files)
    with zipfile.ZipFile(record.path) as bundle:
        names = ("manifest.json", "postprocess.json", "MODEL_CARD.md")
        told = b"".join(bundle.read(name) for name in names)
    # Where the author's file lies is nobody's business.
    assert str(shop / "shop_steps.py").encode() not in told
    ran = subprocess.run(
        [*script(_ASK, tmp_path), record.path, json.dumps(ROWS)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    problems, answers, _ = json.loads(ran.stdout)
    assert problems == []
    assert [each["value"] for each in answers] == priced.studio.candidates.predictor(best.id).predict(
        ROWS
    ).tolist()
    assert all(each["value"] >= 12 and each["value"] % 0.5 == 0 for each in answers)


def test_a_step_that_fails_is_named_and_the_run_goes_on_without(shop: Path, tmp_path: Path) -> None:
    handle = train(
        shop / "shop.csv",
        "price",
        training=Training(models=["linear"], postprocess=[f"{shop / 'shop_steps.py'}:Fails"]),
        compute=Compute(time_limit_s=10),
        folds=0,
        workspace=tmp_path / "workspace",
    )
    with pytest.raises(TrainingError, match="Nothing was trained with the steps after the model"):
        handle.wait(timeout_s=200)
    run = handle.run
    handle.studio.close()

    assert run.status == "failed"
    (said,) = run.missing
    assert "RuntimeError: no luck, in line 22 of shop_steps.py" in said
    assert run.verdict is not None


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("shop_steps.py:Lifts", "did you mean 'Lift'"),
        ("shop_steps.py:Lift(most=3)", "'Lift', which takes no parameter 'most'. It takes: least."),
        ("nowhere.py:Lift", "There is no file"),
        ("abstain(below=0.7)", "For that there are: cap, round, rule."),
        ("rule(when='siz > 3', then='value = 0')", "Did you mean 'size'"),
    ],
)
def test_what_cannot_be_meant_is_said_before_training(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, said: str
) -> None:
    monkeypatch.chdir(shop)
    with pytest.raises(LitmusError) as error:
        train("shop.csv", "price", training=Training(postprocess=[step]), workspace=tmp_path / "workspace")

    assert said in str(error.value)


@pytest.mark.exhaustive(reason="tests/cli/test_every_option.py hands --post on; other runs here train by it")
def test_the_shell_takes_steps_in_their_order(shop: Path, tmp_path: Path) -> None:
    ran = CliRunner().invoke(
        app,
        [
            *(
                "train",
                str(shop / "shop.csv"),
                "--target",
                "price",
                "--time-limit",
                "8",
                "--family",
                "linear",
            ),
            *("--folds", "0", "--post", "cap(low=13, high=40)", "--post", "round(step=5)"),
            *("--workspace", str(tmp_path / "workspace"), "--json"),
        ],
    )

    assert ran.exit_code == 0, ran.output
    report = json.loads(ran.stdout)
    assert report["best"]["postprocess"] == ["cap(low=13, high=40)", "round(step=5)"]
    assert [step["step"] for step in report["steps"]["steps"]] == ["cap", "round"]
