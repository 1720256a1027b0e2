"""Bundles with bytes changed: each is refused in words, or answers as it did.

Every compiled candidate of three small trainings is exported. A mutation changes one file of a bundle: bytes
flipped, cut or repeated, or one value of a JSON file replaced. *Sealed* mutations write the hashes anew, as
somebody would who forges a bundle; *plain* ones leave them, as damage does. Each is then loaded, warmed,
asked for rows, and used to score a file. A sealed bundle is another model by right, so its answers are
wrong only where it contradicts the examples that it brings, by more than 1e-4; a plain one has to answer as
the original, or not at all.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks._harness import Figure, Run, code_hash
from litmus_core import Compute

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "sample_data" / "penguins.csv"
TARGETS = ("species", "sex", "body_mass_g")
ALGORITHMS = ("linear", "lightgbm", "catboost", "forest", "xgboost", "extra_trees")
BATCH = 50
_LIMIT_S = 600
_MEMORY_BYTES = 2 << 30


def figures(run: Run) -> list[Figure]:
    """Return how many mutated bundles ended in a traceback, in a wrong answer, and in words."""
    bundles = _bundles(run)
    code = code_hash(ROOT / "litmus_core" / "runtime", ROOT / "litmus_core" / "compiled", Path(__file__))
    done = {"refused": 0, "answered": 0, "traceback": 0, "wrong": 0, "crashed": 0}
    n_batches = -(-run.options.bundles // BATCH)
    for number in range(n_batches):
        key = {"part": "bundles", "code": code, "seed": run.options.seed, "batch": number}
        found = run.results.cached(key, lambda number=number: _batch(bundles, run.options.seed, number))
        for name in done:
            done[name] += found[name]
        for each in found["seen"]:
            run.say(each)
    wrong = done["wrong"]
    return [
        Figure(name="mutated bundles", value=n_batches * BATCH, unit="", target=5_000, better="higher"),
        Figure(
            name="tracebacks", value=done["traceback"] + done["crashed"], unit="", target=0, better="lower"
        ),
        Figure(name="wrong_answers", value=wrong, unit="", target=0, better="lower"),
        Figure(name="refused in words", value=done["refused"], unit="", target=None, better="higher"),
        Figure(name="answered as before", value=done["answered"], unit="", target=None, better="higher"),
    ]


def _bundles(run: Run) -> list[str]:
    """Return the folders of the exported candidates; they are trained once and kept."""
    folder = ROOT / "build" / "hostile" / "bundles"
    if not (folder / "done").exists():
        run.say("training what will be mutated")
        _train(folder)
        (folder / "done").touch()
    return [str(each) for each in sorted(folder.iterdir()) if (each / "manifest.json").exists()]


def _train(folder: Path) -> None:
    import litmus_core

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as workspace:
        for target in TARGETS:
            handle = litmus_core.train(
                TABLE,
                target,
                compute=Compute(time_limit_s=300),
                algorithm=[list(ALGORITHMS)],
                workspace=Path(workspace),
            )
            handle.wait()
            for number, candidate in enumerate(handle.candidates()):
                to = folder / f"{target}-{number}"
                handle.studio.bundles.export(candidate.id, to=to, zipped=False, form="auto")


def _batch(bundles: list[str], seed: int, number: int) -> dict[str, Any]:
    """Return what became of one batch, each in a process that may crash; the rest of it is then done."""
    found: dict[str, Any] = {
        "refused": 0,
        "answered": 0,
        "traceback": 0,
        "wrong": 0,
        "crashed": 0,
        "seen": [],
    }
    first = number * BATCH
    last = first + BATCH
    while first < last:
        command = [sys.executable, "-m", "benchmarks._hostile_bundles", str(seed), str(first), str(last)]
        child = subprocess.run(
            [*command, *bundles], cwd=ROOT, capture_output=True, text=True, timeout=_LIMIT_S, check=False
        )
        lines = [json.loads(line) for line in child.stdout.splitlines() if line.startswith("{")]
        for line in lines:
            found[line["outcome"]] += 1
            if line["outcome"] in ("traceback", "wrong"):
                found["seen"].append(f"{line['outcome']}: {line['what']}: {line['said']}")
        first += len(lines)
        if first < last:
            found["crashed"] += 1
            found["seen"].append(f"crashed: mutation {first} of seed {seed}: {child.stderr[-300:]}")
            first += 1
    return found


# In the child


def _child(seed: int, first: int, last: int, bundles: list[str]) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY_BYTES, _MEMORY_BYTES))  # what asks for more has failed
    originals: dict[str, tuple[Any, Any]] = {}
    for number in range(first, last):
        draw = random.Random(f"{seed} {number}")
        source = Path(draw.choice(bundles))
        if source.name not in originals:
            originals[source.name] = _answers(source)
        with tempfile.TemporaryDirectory() as scratch:
            what = mutate(source, Path(scratch, "bundle"), draw)
            print(
                json.dumps(
                    {"what": f"{number} {what}", **_judge(Path(scratch), originals[source.name], what)}
                )
            )
            sys.stdout.flush()


def _answers(folder: Path, to: Path | None = None) -> Any:
    """Return the bundle's answers to rows of the table, by every door that rows come through."""
    import pandas as pd

    from litmus_core.deploy import score_file
    from litmus_core.runtime import load_bundle

    frame = pd.read_csv(TABLE).head(60)
    with load_bundle(folder) as bundle, tempfile.TemporaryDirectory() as scratch:
        bundle.warm()
        single = bundle.predict_records(frame.where(frame.notna(), None).to_dict("records")[:3])
        many = bundle.predict_records(frame)
        scored = Path(to or scratch, "scored.csv")
        score_file(bundle, TABLE, scored)
        return single, many, scored.read_text(), bundle.differences(tolerance=1e-4)


def _judge(scratch: Path, original: Any, what: str) -> dict[str, Any]:
    from litmus_core.errors import LitmusError

    try:
        found = _answers(scratch / "bundle", scratch)
    except LitmusError as error:
        return {"outcome": "refused", "said": str(error)[:200]}
    except Exception as error:  # noqa: BLE001 - that is what is counted
        import traceback

        at = traceback.extract_tb(error.__traceback__)[-1]
        said = f"{type(error).__name__}: {error}, {Path(at.filename).name}:{at.lineno}"
        return {"outcome": "traceback", "said": said[:300]}
    if what.startswith("sealed"):
        return {"outcome": "wrong" if found[3] else "answered", "said": "; ".join(found[3][:1])}
    return {"outcome": "answered" if found == original else "wrong", "said": "other answers"}


def mutate(source: Path, to: Path, draw: random.Random) -> str:
    """Copy the bundle ``source`` to ``to`` with one change; return what was changed, in words."""
    import shutil

    shutil.copytree(source, to)
    files = sorted(each for each in to.rglob("*") if each.is_file() and each.suffix != ".whl")
    weights = [8 if each.suffix in (".json", ".npz", ".onnx", ".npy", ".bin") else 1 for each in files]
    file = draw.choices(files, weights)[0]
    is_sealed = draw.random() < 0.8
    if file.suffix == ".json" and draw.random() < 0.8:
        how = _change_json(file, draw)
    elif file.suffix == ".npz" and draw.random() < 0.7:
        how = _change_array(file, draw)
    else:
        how = _change_bytes(file, draw)
    if is_sealed:
        _seal(to)
    return f"{'sealed' if is_sealed else 'plain'} {source.name} {file.relative_to(to)}: {how}"


def _seal(folder: Path) -> None:
    """Write the hashes anew without reading the manifest as Litmus does, which would refuse much."""
    import hashlib

    manifest = folder / "manifest.json"
    unlisted = ("manifest.json", "manifest.sha256", "certificate.json")
    try:
        plain = json.loads(manifest.read_bytes())
        for name in plain["files"]:
            if (folder / name).is_file() and name not in unlisted:
                content = (folder / name).read_bytes()
                plain["files"][name] = {
                    "sha256": hashlib.sha256(content).hexdigest(),
                    "n_bytes": len(content),
                }
        manifest.write_text(json.dumps(plain, indent=2, ensure_ascii=False))
    except (ValueError, TypeError, LookupError, RecursionError, OSError):
        pass
    seal = hashlib.sha256(manifest.read_bytes()).hexdigest()
    (folder / "manifest.sha256").write_text(f"{seal}  manifest.json\n")


_VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 1, 2, 1e308, -1e308, 10**30, 0.5, "", "x", "NaN", [], {}, [None], [[]], {"x": 1},
    "../../etc/passwd", "\x00", "é" * 5_000, 2**31, -(2**63), 1e-320,
)  # fmt: skip


def _change_json(file: Path, draw: random.Random) -> str:
    try:
        plain = json.loads(file.read_bytes())
    except ValueError:
        return _change_bytes(file, draw)
    places = list(_places(plain))
    if not places:
        return _change_bytes(file, draw)
    holder, key, path = draw.choice(places)
    kind = draw.choice(("value", "value", "delete", "double", "nan", "deep", "swap", "rename"))
    if kind == "delete":
        del holder[key]
    elif kind == "double" and isinstance(holder, list):
        holder.insert(key, holder[key])
    elif kind == "nan":
        holder[key] = draw.choice((float("nan"), float("inf"), -float("inf")))
    elif kind == "deep":
        deep: Any = 1
        for _ in range(draw.choice((50, 5_000))):
            deep = [deep]
        holder[key] = None
        text = json.dumps(plain).replace("null", "[" * 5_000 + "]" * 5_000, 1)
        file.write_text(text)
        return f"{path} nested 5,000 deep"
    elif kind == "swap" and len(holder) > 1:
        other = draw.choice(list(holder if isinstance(holder, dict) else range(len(holder))))
        holder[key], holder[other] = holder[other], holder[key]
    elif kind == "rename" and isinstance(holder, dict):
        holder[draw.choice(("x", key.upper(), key + " "))] = holder.pop(key)
    else:
        kind = "value"
        holder[key] = draw.choice(_VALUES)
    file.write_text(json.dumps(plain))
    return f"{path} {kind}"


def _places(plain: Any, path: str = "") -> Any:
    pairs = plain.items() if isinstance(plain, dict) else enumerate(plain) if isinstance(plain, list) else ()
    for key, value in pairs:
        here = f"{path}/{key}"
        yield plain, key, here
        yield from _places(value, here)


def _change_array(file: Path, draw: random.Random) -> str:
    """Change one array of an archive: its values, its kind or its shape, the checksum being right again."""
    import numpy as np

    with np.load(file) as archive:
        arrays = {name: archive[name] for name in archive.files}
    name = draw.choice(sorted(arrays))
    array, kind = arrays[name], draw.choice(("value", "kind", "short", "long", "shape", "gone", "objects"))
    if kind == "gone":
        del arrays[name]
    elif kind == "value" and array.size:
        array, kinds = array.copy(), array.dtype.kind
        wrong = (-1, 0, 127, 2) if kinds in "iub" else (np.nan, np.inf, -1e300, 0.0)
        value = draw.choice(wrong) if kinds in "iubf" else array.flat[0]
        with np.errstate(all="ignore"):
            array.flat[draw.randrange(array.size)] = np.asarray(value).astype(array.dtype)
        arrays[name] = array
    elif kind == "kind":
        arrays[name] = array.astype(draw.choice(("float32", "int8", "U8", "complex128")))
    elif kind == "short":
        arrays[name] = array[: len(array) // 2] if array.ndim else array
    elif kind == "long":
        arrays[name] = np.concatenate([array, array]) if array.ndim else array.reshape(1)
    elif kind == "objects":
        arrays[name] = np.array([{"x": 1}, None], dtype=object)
    else:
        arrays[name] = array.reshape(-1, 1)
    with file.open("wb") as out:
        np.savez(out, **arrays)
    return f"array {name} {kind}"


def _change_bytes(file: Path, draw: random.Random) -> str:
    content = bytearray(file.read_bytes())
    kind = draw.choice(("flip", "flip", "cut", "zero", "repeat", "empty", "noise"))
    place = draw.randrange(max(1, len(content)))
    if kind == "flip" and content:
        content[place] ^= 1 << draw.randrange(8)
    elif kind == "cut":
        del content[place:]
    elif kind == "zero":
        content[place : place + 64] = bytes(len(content[place : place + 64]))
    elif kind == "repeat":
        content[place:place] = content[place : place + draw.randrange(1, 200)]
    elif kind == "empty":
        content.clear()
    else:
        content[place : place + 16] = draw.randbytes(len(content[place : place + 16]))
    file.write_bytes(content)
    return f"{kind} at byte {place}"


if __name__ == "__main__":
    _child(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
