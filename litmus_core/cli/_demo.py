"""``litmus demo``: the whole journey on sample data, without the pages."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litmus_core.cli._session import JsonOption, WorkspaceOption, reporting, say, show
from litmus_core.cli._training import follow
from litmus_core.errors import LitmusError

if TYPE_CHECKING:
    from litmus_core.experiments import Studio
    from litmus_core.types import Endpoint

_N_ROWS = 20
# Runs in a process that only knows the bundle's path.
_LOAD_AND_PREDICT = """
import json, sys
from litmus_core import load_bundle
bundle = load_bundle(sys.argv[1])
rows = json.load(open(sys.argv[2], encoding="utf-8"))
json.dump(bundle.predict_records(rows), sys.stdout)
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    sample: Annotated[str, typer.Option(help="Which sample table to use.")] = "penguins",
    time_limit: Annotated[float, typer.Option(min=5, help="Seconds to train.")] = 30,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run the whole journey on sample data: import, train, judge, export, reload, predict, serve, ask."""
    from litmus_core.experiments import Studio, TrainingHandle

    with reporting(as_json=as_json), Studio.open(workspace) as studio:
        say(f"1. Import the sample '{sample}' and train for up to {time_limit:g} s")
        handle = TrainingHandle(studio, studio.samples.start(sample, time_limit_s=time_limit, plain=True).id)
        report = follow(handle)
        _require(report["verdict"] is not None, "the run ended with a verdict")
        _require(report["status"] == "finished", "the run did everything that it was asked to do")
        say(f"2. Verdict: {report['verdict']['sentence']}")
        candidate_id = report["best"]["candidate"]
        with tempfile.TemporaryDirectory(prefix="litmus-demo-") as folder:
            bundle = studio.bundles.export(candidate_id, to=Path(folder) / "elsewhere" / "model.zip")
            say(f"3. Exported a bundle of {bundle.n_bytes / 1e3:,.0f} kB")
            rows, expected = _expected(studio, handle.run_id, candidate_id)
            predictions = _predict_in_new_process(Path(bundle.path), rows, Path(folder))
            _require(_are_equal(predictions, expected), "a separate process gives the same answers")
            say(f"4. A separate process loaded it and gave the same answers to {len(rows)} rows")
            endpoint = studio.endpoints.deploy(bundle.id, certify=False)
            try:
                served = _post_rows(endpoint, rows)
            finally:
                studio.endpoints.stop(endpoint.id)
            _require(_are_equal(served, expected), "the served model gives the same answers")
            say(f"5. Served at {endpoint.url}: the same answers over HTTP; stopped again")
            studio.bundles.delete(bundle.id)
        report["demo"] = {"rows_compared": len(rows), "bundle_bytes": bundle.n_bytes}
        show(report, as_json=as_json, text=lambda: "Litmus works on this machine, from import to endpoint.")


def _require(holds: bool, expectation: str) -> None:
    if not holds:
        raise LitmusError(
            f"The demo failed: expected that {expectation}.", hint="Please report this with the output above."
        )


def _expected(
    studio: Studio, run_id: str, candidate_id: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return rows as JSON values, and the trained model's predictions for them in this process."""
    data = studio.runs.validation_rows(run_id, _N_ROWS)
    features = data[[name for name in data.columns if name != studio.experiments.of_run(run_id).task.target]]
    rows: list[dict[str, Any]] = json.loads(features.to_json(orient="records", date_format="iso"))
    return rows, studio.candidates.predictor(candidate_id).predict_records(rows)


def _predict_in_new_process(bundle: Path, rows: list[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    file = folder / "rows.json"
    file.write_text(json.dumps(rows), encoding="utf-8")
    command = [sys.executable, "-c", _LOAD_AND_PREDICT, str(bundle), str(file)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    _require(done.returncode == 0, f"a separate process loads the bundle ({done.stderr.strip()[-300:]})")
    document: list[dict[str, Any]] = json.loads(done.stdout)
    return document


def _post_rows(endpoint: Endpoint, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    request = urllib.request.Request(  # noqa: S310 - our own endpoint on this machine
        f"{endpoint.url}/predict",
        data=json.dumps({"rows": rows}).encode(),
        headers={"Content-Type": "application/json"},
    )
    # A proxy in the environment is for other machines.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(request, timeout=60) as answer:
        predictions: list[dict[str, Any]] = json.load(answer)["predictions"]
    return predictions


def _are_equal(predictions: list[dict[str, Any]], expected: list[dict[str, Any]]) -> bool:
    """Return whether labels are equal, and numbers up to the last digits that JSON or threads may change."""
    import math

    def is_close(left: Any, right: Any) -> bool:
        if isinstance(left, dict) and isinstance(right, dict):
            return left.keys() == right.keys() and all(is_close(left[key], right[key]) for key in left)
        if isinstance(left, float) and isinstance(right, float):
            return math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-12)
        return bool(left == right)

    return len(predictions) == len(expected) and all(map(is_close, predictions, expected))
