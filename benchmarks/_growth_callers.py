"""One server of a bundle, asked by more and more callers at once.

``python -m benchmarks._growth_callers N_REQUESTS CALLERS,...`` prints one JSON object: of each number of
callers the seconds and the server's processor seconds for ``N_REQUESTS``. Each caller sends its next request
once it has the answer. A request that is not answered with 200 is an error.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks._live_costs import titanic_bundle
from benchmarks._serving_requests import ask, ours, processor_s, request

_N_TURNS = 3


def measured(n_requests: int, callers: list[int]) -> dict[str, Any]:
    """Return the least of a few turns for each number of callers."""
    with tempfile.TemporaryDirectory(prefix="litmus-growth-") as folder, ExitStack() as stack:
        path, row = titanic_bundle(Path(folder))
        sent = request(json.dumps({"rows": [row]}).encode())
        server, port = ours(path, Path(folder))
        stack.callback(server.wait, timeout=60)
        stack.callback(server.terminate)
        ask(port, sent, n_requests)  # warms up
        turns: dict[int, list[tuple[float, float]]] = {n: [] for n in callers}
        for _ in range(_N_TURNS):
            for n in callers:
                before = processor_s(server)
                seconds = ask(port, sent, n_requests, n_connections=n)
                turns[n].append((processor_s(server) - before, seconds))
        return {
            "load": os.getloadavg()[0],
            "cpu": {n: min(used for used, _ in times) for n, times in turns.items()},
            "clock": {n: min(seconds for _, seconds in times) for n, times in turns.items()},
        }


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]), [int(n) for n in sys.argv[2].split(",")])))
