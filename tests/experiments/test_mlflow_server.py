"""A real MLflow server on loopback takes a run, registers its model, loads it and serves it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from litmus_core import Studio, load_bundle
from tests.trained import Trained, copied, table

pytestmark = [pytest.mark.exhaustive, pytest.mark.timeout(900)]
ROOT = Path(__file__).resolve().parents[2]
PYTHON = "MLFLOW_PYTHON"
ABSENT = (
    f"No MLflow server is installed here: {PYTHON} names the Python of an environment with both, made by "
    "'pip install \"mlflow>=3.5,<4\" -e .[train]' in one of its own."
)
LITMUS = "from litmus_core.cli import main; main()"
# Runs in MLflow's environment: what the run looks like there, and what the registered model answers.
SCRIPT = """
import json, sys
import mlflow, pandas
from mlflow.models import Model, convert_input_example_to_serving_input, validate_serving_input

run_id, rows = sys.argv[1], pandas.read_json(sys.argv[2], orient="split", dtype=False)
client = mlflow.MlflowClient()
run = client.get_run(run_id)
version = mlflow.register_model(f"runs:/{run_id}/model", "shop")
uri = f"models:/shop/{version.version}"
model = mlflow.pyfunc.load_model(uri)
try:
    model.predict(rows.assign(size="large"))
    refused = ""
except Exception as error:
    refused = str(error)
signature = model.metadata.signature
example = convert_input_example_to_serving_input(model.input_example)
print(json.dumps({
    "uri": uri,
    "status": run.info.status,
    "metrics": run.data.metrics,
    "files": sorted(file.path for file in client.list_artifacts(run_id)),
    "outputs": {column.name: column.type.name for column in signature.outputs},
    "inputs": signature.inputs.input_names(),
    "answers": model.predict(rows).to_dict("list"),
    "refused": refused,
    "validated": len(validate_serving_input(uri, example)),
}))
"""


@dataclass(frozen=True)
class Server:
    """MLflow's own Python, and what its processes have in their environment."""

    python: str
    environment: dict[str, str]
    folder: Path

    def run(self, *words: str) -> str:
        """Run a command of that Python and return what it printed."""
        done = subprocess.run(
            [self.python, *words], env=self.environment, cwd=self.folder, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-3_000:]
        return done.stdout

    @contextmanager
    def running(self, *words: str, port: int, path: str) -> Iterator[str]:
        """Start one of MLflow's servers, wait until it answers, and end it with its workers."""
        address = f"http://127.0.0.1:{port}"
        command = [self.python, "-m", "mlflow", *words, "--host", "127.0.0.1", "--port", str(port)]
        with (self.folder / f"{port}.log").open("w") as log:
            process = subprocess.Popen(
                command, env=self.environment, cwd=self.folder, stdout=log, stderr=log, start_new_session=True
            )
        try:
            until = time.monotonic() + 300
            while not _answers(address + path):
                assert process.poll() is None, (self.folder / f"{port}.log").read_text()[-3_000:]
                assert time.monotonic() < until, "MLflow did not come up"
                time.sleep(0.5)
            yield address
        finally:
            os.killpg(process.pid, 15)
            process.wait(timeout=60)


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    python = os.environ.get(PYTHON, "")
    if not python:
        pytest.skip(ABSENT)
    port = free_port()
    environment = os.environ | {
        "MLFLOW_TRACKING_URI": f"http://127.0.0.1:{port}",
        "PATH": f"{Path(python).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }
    mlflow = Server(python, environment, tmp_path)
    store = ("--backend-store-uri", f"sqlite:///{tmp_path}/mlflow.db", "--artifacts-destination", "kept")
    with mlflow.running("server", "--workers", "1", *store, port=port, path="/health"):
        yield mlflow


def test_a_run_is_logged_registered_loaded_and_served(
    server: Server, trained: Trained, tmp_path: Path
) -> None:
    own = copied(trained, tmp_path / "own")
    rows = table(60, seed=1).drop(columns="sold")
    rows.to_json(tmp_path / "rows.json", orient="split", index=False)
    sent = json.loads(
        server.run("-c", LITMUS, "mlflow", own.run.id, "--workspace", str(own.workspace), "--json")
    )
    (told,) = sent if isinstance(sent, list) else [sent]
    found = json.loads(
        server.run("-c", SCRIPT, told["mlflow_run"], str(tmp_path / "rows.json")).splitlines()[-1]
    )

    with Studio.open(own.workspace) as studio:
        path = studio.bundles.stored(own.run.chosen_id or "").path
    with load_bundle(path) as bundle:
        expected, labels = bundle.predict_proba(rows)[:, 1], list(bundle.predict(rows))
    assert own.run.verdict is not None
    assert own.run.verdict.score is not None
    assert (found["status"], found["validated"]) == ("FINISHED", 3)
    assert found["metrics"]["test.roc_auc"] == own.run.verdict.score.value
    assert found["files"] == ["model", "report.html", "verdict.json"]
    assert found["outputs"] == {
        "prediction": "string",
        "probability no": "double",
        "probability yes": "double",
    }
    assert found["inputs"] == ["size", "colour", "day"]
    assert "'size' should be a number" in found["refused"]
    assert found["answers"]["prediction"] == labels
    np.testing.assert_allclose(found["answers"]["probability yes"], expected, rtol=1e-6)
    _serves(server, found["uri"], json.loads(rows.to_json(orient="split", index=False)), labels, expected)


def _serves(server: Server, uri: str, rows: Any, labels: list[Any], expected: Any) -> None:
    words = ("models", "serve", "--model-uri", uri, "--env-manager", "local")
    with server.running(*words, port=free_port(), path="/ping") as address:
        answer = httpx.post(f"{address}/invocations", json={"dataframe_split": rows}, timeout=60)
        answers = answer.json()["predictions"]
        rows["data"][0][rows["columns"].index("size")] = "large"
        refused = httpx.post(f"{address}/invocations", json={"dataframe_split": rows}, timeout=60)

    assert [each["prediction"] for each in answers] == labels
    np.testing.assert_allclose([each["probability yes"] for each in answers], expected, rtol=1e-6)
    assert refused.status_code == 400
    assert "should be a number" in refused.text
