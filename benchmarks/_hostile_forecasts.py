"""Folders of forecasts in which somebody changed numbers, with hashes that fit: words or answers, no more.

Such a folder holds no code, and any numbers are a forecast; so right is an answer, or a refusal in words,
within five seconds, for every series and for a value that comes later.
"""

from __future__ import annotations

import hashlib
import io
import json
import random
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._harness import Figure, Run, code_hash, use_own_tests, versions

ROOT = Path(__file__).parents[1]
N_FOLDERS = 1_500
_LIMIT_S = 5
_SHOWN = 8
_ODD = [None, True, -1, 0, 1e308, float("nan"), float("inf"), 2**63, 10**9, 10**30, "", "x", [], {}, [1],
        {"a": 1}, [[1, 2], [3]], 1.5, "A", "M"]  # fmt: skip


def figures(run: Run) -> list[Figure]:
    """Return how many folders were changed, and how many of them ended otherwise than in words or answers."""
    key = {
        "part": "forecasts", "n": N_FOLDERS, "seed": run.options.seed, "versions": versions("numpy"),
        "code": code_hash(ROOT / "litmus_core" / "forecasting", Path(__file__)),
    }  # fmt: skip
    wrong = run.results.cached(key, lambda: _measure(run.options.seed))
    for one in wrong[:_SHOWN]:
        run.say(one)
    return [
        Figure(name="forecasts", value=N_FOLDERS, unit="changed folders", target=1_000, better="higher"),
        Figure(name="forecasts: tracebacks", value=len(wrong), unit="folders", target=0, better="lower"),
    ]


def _measure(seed: int) -> list[str]:
    use_own_tests()
    from litmus_core.forecasting import learn_forecast, save_forecaster

    tables = import_module("tests.forecasting.tables")
    with tempfile.TemporaryDirectory() as folder:
        save_forecaster(learn_forecast(tables.shops(80), tables.SPEC)[0], Path(folder) / "good")
        return list(problems(Path(folder), range(seed * N_FOLDERS, (seed + 1) * N_FOLDERS)))


def problems(folder: Path, seeds: range) -> Iterator[str]:
    """Yield what went wrong with changed copies of the forecast in ``folder / "good"``."""
    from litmus_core.errors import LitmusError
    from litmus_core.forecasting import load_forecaster

    body = json.loads((folder / "good" / "forecast.json").read_text())["body"]
    packed = folder / "good" / "trees.npz"
    trees = packed.read_bytes() if packed.exists() else b""
    (bad := folder / "bad").mkdir()
    for seed in seeds:
        what = _write_changed(random.Random(f"forecasts {seed}"), json.loads(body), trees, bad)
        try:
            with _limited(), np.errstate(all="ignore"):
                forecaster = load_forecaster(bad)
                for name in forecaster.names:
                    forecaster.forecast(name).rows()
                    forecaster.observe(["2036-01-01"], [3.0], series=name).forecast(name).rows()
        except LitmusError:
            continue
        except Exception as error:  # noqa: BLE001 - what is counted
            yield f"{seed} ({what}): {type(error).__name__}: {error}"


@contextmanager
def _limited() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError("no answer in time")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(_LIMIT_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _write_changed(rng: random.Random, plain: dict[str, Any], trees: bytes, folder: Path) -> str:
    """Write the forecast with one or two changes; return where they are."""
    if trees and rng.random() < 0.35:
        with np.load(io.BytesIO(trees)) as stored:
            arrays = {name: stored[name].copy() for name in stored}
        what = rng.choice(list(arrays))
        arrays[what] = _changed_array(rng, arrays[what])
        packed = io.BytesIO()
        np.savez_compressed(packed, **arrays)
        trees = packed.getvalue()
        plain["trees_sha256"] = hashlib.sha256(trees).hexdigest()
    else:
        what = " and ".join(_change(rng, plain) for _ in range(rng.randint(1, 2)))
    body = json.dumps(plain)
    stored_text = json.dumps({"sha256": hashlib.sha256(body.encode()).hexdigest(), "body": body})
    (folder / "forecast.json").write_text(stored_text)
    (folder / "trees.npz").write_bytes(trees)
    return what


def _changed_array(rng: random.Random, array: Any) -> Any:
    kind = rng.choice(("value", "shorter", "type", "shape"))
    if kind == "shorter":
        return array[: rng.randrange(len(array))]
    if kind == "type":
        return array.astype(rng.choice(["U5", "complex", "float16", "bool", "int8"]))
    if kind == "shape":
        return array.reshape(1, -1)
    array[rng.randrange(len(array))] = rng.choice([-1, 0, 10**6, 2**40, -(2**40)])
    return array


def _change(rng: random.Random, plain: Any) -> str:
    """Change or remove one value somewhere in ``plain``; return where."""
    path: list[Any] = []
    while True:
        key = rng.choice(list(plain)) if isinstance(plain, dict) else rng.randrange(len(plain))
        path.append(key)
        if not isinstance(plain[key], dict | list) or not plain[key] or rng.random() < 0.15:
            break
        plain = plain[key]
    if rng.random() < 0.1:
        del plain[key]
    else:
        plain[key] = rng.choice(_ODD)
    return "/".join(map(str, path))
