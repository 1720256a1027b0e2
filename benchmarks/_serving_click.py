"""From Deploy pressed to an answer, and the served model under four callers.

    python -m benchmarks._serving_click WORKSPACE   # prints one JSON object

Trains the churn table for a minute (unless the workspace has a run), and a model of one's own in the
style of scikit-learn. Each candidate, and the chosen one in native form, is then deployed, asked one row over
HTTP, and stopped. Environments are cached from the second deployment of a kind on: the first of each may have
built its own. The chosen one is also asked by four callers.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from benchmarks._quality_tables import TABLES
from litmus_core import Compute

if TYPE_CHECKING:
    from litmus_core.experiments import Studio
    from litmus_core.types import Candidate, Endpoint

N_CALLERS, N_CALLS = 4, 500
OWN = "a model of one's own"
PARTS = Path(__file__).with_name("_scientist_parts.py")
TABLE = next(each for each in TABLES if each.name == "churn")


def main() -> None:
    from litmus_core.experiments import Studio

    with Studio.open(sys.argv[1]) as studio:
        run_id = _run(studio, Path(sys.argv[1]))
        candidates = studio.candidates.list(run_id)
        clicks = {each.name: _click(studio, each) for each in candidates}
        chosen = studio.bundles.list()[-1].id  # the chosen one's, deployed first
        native = studio.bundles.export(candidates[0].id, form="native")
        clicks["native"] = _click(studio, candidates[0], bundle_id=native.id)
        own = _own_run(Path(sys.argv[1]))
        for each in studio.candidates.list(own):
            clicks[f"own: {each.name}"] = _click(studio, each)
        endpoint = studio.endpoints.deploy(chosen, certify=False)
        callers = _callers(endpoint, _row(studio, candidates[0]))
        studio.endpoints.stop(endpoint.name)
    print(json.dumps({"clicks": clicks, "http_ms": callers}))


def _run(studio: Studio, workspace: Path) -> str:
    """Return the id of the workspace's run, trained now if there is none."""
    for summary in studio.experiments.summaries():
        if summary.latest_run_id is not None and summary.experiment.name != OWN:
            return str(summary.latest_run_id)
    return _trained(workspace)


def _own_run(workspace: Path) -> str:
    return _trained(workspace, algorithm=f"{PARTS}:Logistic", name=OWN)


def _trained(workspace: Path, **more: Any) -> str:
    from litmus_core import train

    source = workspace / "churn.csv"
    TABLE.load().to_csv(source, index=False)
    handle = train(
        source, TABLE.target, goal="roc_auc", compute=Compute(time_limit_s=60), workspace=workspace, **more
    )
    handle.wait()
    return str(handle.run_id)


def _row(studio: Studio, candidate: Candidate) -> dict[str, Any]:
    from litmus_core.runtime import json_rows

    task = studio.experiments.get(candidate.experiment_id).task
    return json_rows(studio.runs.validation_rows(candidate.run_id, 1)[list(task.features)])[0]


def _click(studio: Studio, candidate: Candidate, *, bundle_id: str | None = None) -> dict[str, Any]:
    """Return the seconds from the click to the answer; the full certificate that follows is awaited after."""
    row = _row(studio, candidate)
    began = time.perf_counter()
    endpoint = studio.endpoints.deploy(bundle_id or candidate.id)
    answer = _ask(_connection(endpoint), row)
    seconds = time.perf_counter() - began
    studio.endpoints.stop(endpoint.name)
    while studio.certificates.progress(endpoint.bundle_id) is not None:
        time.sleep(0.2)
    certificate = studio.certificates.get(endpoint.bundle_id)
    return {
        "seconds": seconds,
        "answered": "predictions" in answer,
        "full": None if certificate is None else [certificate.form, certificate.passed],
        "failed": [] if certificate is None else [line.text for line in certificate.failures],
    }


def _connection(endpoint: Endpoint) -> HTTPConnection:
    address = urlsplit(endpoint.url)
    return HTTPConnection(str(address.hostname), address.port, timeout=60)


def _ask(connection: HTTPConnection, row: dict[str, Any]) -> dict[str, Any]:
    connection.request("POST", "/predict", json.dumps({"rows": [row]}), {"Content-Type": "application/json"})
    answer: dict[str, Any] = json.loads(connection.getresponse().read())
    return answer


def _callers(endpoint: Endpoint, row: dict[str, Any]) -> dict[str, float]:
    times: list[float] = []

    def call() -> None:
        connection = _connection(endpoint)
        for _ in range(N_CALLS):
            began = time.perf_counter()
            _ask(connection, row)
            times.append((time.perf_counter() - began) * 1e3)

    threads = [threading.Thread(target=call) for _ in range(N_CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {f"p{q}": float(np.percentile(times, q)) for q in (50, 95, 99)}


if __name__ == "__main__":
    main()
