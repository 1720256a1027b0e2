"""A real AutoGluon candidate, exported, answers alike in another process, over HTTP, from a file."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from pathlib import Path

import httpx
import numpy as np
import pandas as pd
import pytest

from litmus_core.deploy import export_bundle, predict_file, start_endpoint, stop_endpoint
from litmus_core.engine import open_candidate
from litmus_core.runtime import DriftWarning, load_bundle
from litmus_core.types import BundleRecord, Candidate
from tests.trained import Trained, opened, table

ROWS = table(40, seed=1).drop(columns="sold")


@pytest.fixture(scope="module")
def exported(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> tuple[Candidate, BundleRecord]:
    """The chosen candidate of a real run, as a zip away from its workspace."""
    with opened(trained) as studio:
        candidate = studio.candidates.chosen(trained.run.id)
        record = export_bundle(
            studio.workspace.run_dir(trained.run.id),
            candidate,
            trained.experiment,
            golden=ROWS[:25],
            verdict=trained.run.verdict,
            to=tmp_path_factory.mktemp("elsewhere") / "model.zip",
            zipped=True,
            form="native",
        )
    return candidate, record


def test_a_recoded_column_is_named_by_a_run_and_by_its_bundle(
    trained: Trained, exported: tuple[Candidate, BundleRecord]
) -> None:
    recoded = ROWS.assign(colour=ROWS["colour"].str.upper())
    with opened(trained) as studio, load_bundle(exported[1].path) as bundle:
        for model in (studio.candidates.predictor(exported[0].id), bundle):
            with warnings.catch_warnings(action="error", category=DriftWarning):
                model.predict(ROWS)
            with pytest.warns(DriftWarning, match="'colour': of 40 values checked, .* letter case"):
                model.predict(recoded)


def json_rows() -> list[dict[str, object]]:
    """Return the rows as a caller over HTTP sends them."""
    rows: list[dict[str, object]] = json.loads(ROWS.to_json(orient="records"))
    return rows


def test_another_process_on_another_path_answers_alike_and_imports_autogluon_only_for_rows(
    trained: Trained, exported: tuple[Candidate, BundleRecord], tmp_path: Path
) -> None:
    candidate, record = exported
    program = (
        "import json, sys\n"
        "from litmus_core import load_bundle\n"
        "bundle = load_bundle(sys.argv[1])\n"
        "light = not {'pandas', 'autogluon', 'sklearn'} & set(sys.modules)\n"
        "answers = bundle.predict_records(json.load(sys.stdin))\n"
        "print(json.dumps([light, answers, bundle.check(), bundle.manifest.versions['autogluon']]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, record.path],
        input=json.dumps(json_rows()),
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    folder = trained.workspace / "runs" / trained.run.id
    original = open_candidate(folder, candidate.model, threshold=candidate.threshold, native=True)

    assert done.stderr == ""
    assert json.loads(done.stdout) == [True, original.predict_records(ROWS), [], "1.6.3"]


def test_one_row_gets_to_the_last_bit_what_it_gets_within_a_batch(
    exported: tuple[Candidate, BundleRecord],
) -> None:
    with load_bundle(exported[1].path) as bundle:
        batch = bundle.predict_proba(ROWS)
        alone = np.vstack([bundle.predict_proba([row]) for row in json_rows()])

    assert np.array_equal(batch, alone)


def test_the_manifest_tells_of_the_run(trained: Trained, exported: tuple[Candidate, BundleRecord]) -> None:
    candidate, record = exported
    with load_bundle(record.path, sha256=record.sha256) as bundle:
        manifest = bundle.manifest

    assert manifest.origin.candidate_id == candidate.id
    assert manifest.task == trained.experiment.task
    assert manifest.results.verdict == trained.run.verdict
    assert manifest.results.test == candidate.test
    assert manifest.results.latency == candidate.latency


@pytest.mark.exhaustive(
    reason="tests/experiments/test_deploy.py deploys this training, test_score_file.py scores files "
    "as bundles answer"
)
def test_a_served_bundle_and_a_scored_file_answer_alike(
    trained: Trained, exported: tuple[Candidate, BundleRecord], tmp_path: Path
) -> None:
    _, record = exported
    ROWS.to_csv(tmp_path / "rows.csv", index=False)
    with opened(trained) as studio:
        endpoint = start_endpoint(studio.workspace, record)
    try:
        answer = httpx.post(
            f"{endpoint.url}/predict", json={"rows": json_rows()}, trust_env=False, timeout=60
        )
    finally:
        stop_endpoint(endpoint)
    with load_bundle(record.path) as bundle:
        expected = bundle.predict_records(ROWS)
        predict_file(bundle, tmp_path / "rows.csv", tmp_path / "out.csv")
    scored = pd.read_csv(tmp_path / "out.csv", float_precision="round_trip")

    assert answer.json()["predictions"] == expected
    assert scored["prediction"].tolist() == [each["label"] for each in expected]
    assert scored["probability yes"].tolist() == [each["probabilities"]["yes"] for each in expected]
