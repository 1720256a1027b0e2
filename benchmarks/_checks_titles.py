"""Product titles: the row-order leak found and left out, and a run on the titles with and without fixes."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks._harness import Figure, Run, code_hash, versions
from litmus_core import Compute, Data

ROOT = Path(__file__).parents[1]
TARGET, ID, TEXT = "Category Label", "product ID", "Product Title"
TIME_LIMIT_S = 120


def titles_figures(run: Run, path: Path, *, packages: Sequence[str]) -> list[Figure]:
    """Return whether the row-order leak is found and left out, and the score with and without fixes."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    code = code_hash(ROOT / "litmus_core" / "checks", ROOT / "litmus_core" / "data")
    key = {"titles": digest, "code": code, "versions": versions(*packages)}
    found = run.results.cached(key | {"part": "leak"}, lambda: _titles_leak(path))
    run.say(f"titles: {found}")
    leak = Figure(
        name="titles_leak_found", value=float(found["found"]), unit="1 is yes", target=1, better="higher"
    )
    seconds = Figure(name="titles: all checks", value=found["seconds"], unit="s", target=60, better="lower")
    trained_by = {"engine": code_hash(ROOT / "litmus_core"), "time_limit_s": TIME_LIMIT_S}
    scores = {}
    for part, with_fixes in (("without", False), ("with", True)):
        scores[part] = run.results.cached(
            key | trained_by | {"part": part}, lambda fixed=with_fixes: _titles_score(path, with_fixes=fixed)
        )
        run.say(f"titles {part} checks: {scores[part]}")
    lost = scores["without"]["score"] - scores["with"]["score"]
    return [
        leak,
        seconds,
        *(
            Figure(
                name=f"titles_{part}{'' if part == 'without' else '_checks'}",
                value=scores[part]["score"],
                unit="accuracy",
                target=None,
                better="higher",
            )
            for part in scores
        ),
        Figure(name="titles lost by checks", value=lost, unit="accuracy", target=0.003, better="lower"),
    ]


def _titles_leak(path: Path) -> dict[str, Any]:
    from litmus_core.checks import finding_sentence, run_checks
    from litmus_core.data import import_table, suggest
    from litmus_core.store import Workspace

    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / "workspace").create()
        version = import_table(workspace, path)
        report = run_checks(workspace, version, target=TARGET)
        proposed = suggest(workspace, version, TARGET)
    said = [
        finding_sentence(each)
        for each in report.of("harmful")
        if each.kind == "row_order" and each.columns == (ID,)
    ]
    is_left_out = ID in {each.column for each in proposed.left_out}
    return {"found": bool(said) and is_left_out, "said": said, "seconds": report.seconds}


def _titles_score(path: Path, *, with_fixes: bool) -> dict[str, Any]:
    """Train on the titles alone, as they come or with all safe fixes applied; return the test accuracy."""
    import litmus_core
    from litmus_core.data import fix_title
    from litmus_core.experiments import Studio

    with tempfile.TemporaryDirectory() as folder:
        data: Any = path
        fixes: tuple[Any, ...] = ()
        if with_fixes:
            with Studio.open(folder) as studio:
                version = studio.datasets.import_file(path)
                fixes = studio.fixes.safe(studio.checks.run(version.id, target=TARGET))
                data = studio.fixes.apply(version.id, fixes)
        handle = litmus_core.train(
            Data(data, only=[TEXT]),
            TARGET,
            goal="accuracy",
            compute=Compute(time_limit_s=TIME_LIMIT_S),
            workspace=folder,
        )
        score = handle.wait().best.facts.test
        if score is None:
            raise RuntimeError("The chosen model was not judged.")
        return {
            "score": score.value,
            "low": score.low,
            "high": score.high,
            "fixes": [fix_title(f) for f in fixes],
        }
