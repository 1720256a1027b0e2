"""From one .py file to a certified, answering endpoint: three commands, in a workspace that is new."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from benchmarks._quality_tables import TABLES

PARTS = Path(__file__).with_name("_scientist_parts.py")
ROOT = Path(__file__).parents[1]
N_ROWS, N_ASKED, LIMIT_S = 20_000, 200, 45
_NAMED = {"--pre": "Schedule", "--algorithm": "Logistic", "--post": "ByCarrier"}
_NAMED |= {"--metric": "found_among_suspects"}


def journey() -> dict[str, Any]:
    """Make the journey; return its seconds, the certificate, and how far the endpoint is from the model."""
    with tempfile.TemporaryDirectory(prefix="scientist-") as scratch:
        here = Path(scratch)
        shutil.copyfile(PARTS, here / "parts.py")
        table = next(each for each in TABLES if each.name == "flights")
        table.load().sample(N_ROWS, random_state=0).to_csv(here / "flights.csv", index=False)
        return _made(here, table.target)


def _made(here: Path, target: str) -> dict[str, Any]:
    """Give the three commands in the folder ``here``, each as a process, and compare the answers."""
    asked = ["flights.csv", "--target", target, "--time-limit", str(LIMIT_S)]
    asked += [word for pair in _NAMED.items() for word in pair]
    began = time.perf_counter()
    _, add_s = _litmus(here, "plugins", "add", "parts.py")
    trained, train_s = _litmus(here, "train", *asked)
    endpoint, deploy_s = _litmus(here, "deploy", trained["run"], "--wait")
    seconds = time.perf_counter() - began
    try:
        difference = _difference(here / "workspace", trained["best"]["candidate"], endpoint["url"])
    finally:
        _litmus(here, "endpoints", "stop", endpoint["name"])
    return {
        "seconds": seconds,
        "n_commands": 3,
        "add_s": add_s,
        "train_s": train_s,
        "deploy_s": deploy_s,
        "form": endpoint["certificate"]["form"],
        "passed": endpoint["certificate"]["passed"],
        "difference": difference,
        "best": trained["best"]["name"],
        "verdict": trained["verdict"]["sentence"],
    }


def _litmus(here: Path, *words: str) -> tuple[Any, float]:
    """Give a command as the shell would; return its JSON and its seconds."""
    command = [sys.executable, "-c", "from litmus_core.cli import main; main()", *words, "--json"]
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    env = os.environ | {"LITMUS_HOME": str(here / "workspace"), "PYTHONPATH": paths}
    began = time.perf_counter()
    done = subprocess.run(command, cwd=here, env=env, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"litmus {' '.join(words)} ended with {done.returncode}: {done.stdout}")
    return json.loads(done.stdout), time.perf_counter() - began


def _difference(workspace: Path, candidate_id: str, url: str) -> float:
    """Return the largest difference of a probability over HTTP from the trained model's own, on real rows."""
    from litmus_core.experiments import Studio
    from litmus_core.runtime import json_rows

    with Studio.open(workspace) as studio:
        candidate = studio.candidates.get(candidate_id)
        features = list(studio.experiments.get(candidate.experiment_id).task.features)
        rows = studio.runs.validation_rows(candidate.run_id, N_ASKED)[features]
        predictor = studio.candidates.predictor(candidate_id)
        own = np.asarray(predictor.predict_proba(rows))
        told = _ask(url, json_rows(rows))
        served = np.array([[each[str(label)] for label in predictor.classes] for each in told])
    if served.shape != (N_ASKED, own.shape[1]):
        raise RuntimeError(f"the endpoint answered {served.shape}, not {own.shape}")
    return float(np.abs(served - own).max())


def _ask(url: str, rows: list[dict[str, Any]]) -> list[dict[str, float]]:
    address = urlsplit(url)
    connection = HTTPConnection(str(address.hostname), address.port, timeout=60)
    connection.request("POST", "/predict", json.dumps({"rows": rows}), {"Content-Type": "application/json"})
    answer = json.loads(connection.getresponse().read())
    return [each["probabilities"] for each in answer["predictions"]]
