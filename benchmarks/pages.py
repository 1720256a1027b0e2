"""How long each page takes on a workspace that looks like years of use: the server, and a browser.

``python -m benchmarks.pages [--json] [--runs 20] [--experiments 200] [--candidates 5000]``. One figure a
page: the 95th percentile over runs of AppTest in this (warmed) process, the page's own caches empty before
each: a visitor who comes first. Beside it the processor time of a run, which other work on the machine
changes less. Opening the workspace is the app's start and is reported too.

``--browser``: until the last paint in Chromium instead, idle and while a run trains (``_pages_browser.py``).
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from streamlit.runtime.caching.cache_utils import CachedFunc

from benchmarks._harness import Figure, Run, code_hash, main, versions

if TYPE_CHECKING:
    from app.presenters.question.draft import Draft
    from litmus_core.experiments import Studio

ROOT = Path(__file__).resolve().parents[1]
# name of the figure: the page's script, and what its address holds
PAGES = {
    "home": ("home", ""),
    "data": ("data", "experiment"),
    "target": ("target", "experiment"),
    "target, a new question": ("target", "dataset"),
    "train": ("train", "experiment"),
    "results": ("results", "experiment"),
    "improve": ("improve", "experiment"),
    "export": ("export", "experiment"),
    "leaderboards": ("leaderboards", ""),
    "recipes": ("recipes", ""),
    "handoffs": ("handoffs", ""),
}
TARGET_MS = 150.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--runs", type=int, default=20, help="renderings of each page")
    parser.add_argument("--experiments", type=int, default=200)
    parser.add_argument("--candidates", type=int, default=5000)
    parser.add_argument("--browser", action="store_true", help="until the last paint in Chromium")


def figures(run: Run) -> Sequence[Figure]:
    options = run.options
    key = {
        "runs": options.runs,
        "experiments": options.experiments,
        "candidates": options.candidates,
        "code": code_hash(ROOT / "app", ROOT / "pages", ROOT / "litmus_core", Path(__file__).parent),
        "versions": versions("streamlit", "duckdb", "pandas"),
    }
    if options.browser:
        return _browser_figures(run, key)
    measured = run.results.cached(key, lambda: measure(run))
    found = []
    for page in PAGES:
        value, processor = measured[page], measured[f"{page}, processor"]
        found += [
            Figure(name=f"{page}: render, p95", value=value, unit="ms", target=TARGET_MS, better="lower"),
            Figure(name=f"{page}: processor, p95", value=processor, unit="ms", target=None, better="lower"),
        ]
    opening = measured["opening"]
    found.append(Figure(name="opening the workspace", value=opening, unit="ms", target=None, better="lower"))
    return found


def _browser_figures(run: Run, key: Mapping[str, Any]) -> list[Figure]:
    from benchmarks import _pages_browser

    found = []
    for is_training in (False, True):
        times = run.results.cached(
            {**key, "browser": True, "training": is_training},
            partial(_measure_browser, run, is_training=is_training),
        )
        found += _pages_browser.figures(times, is_training=is_training, p95=_p95)
    return found


def measure(run: Run) -> dict[str, float]:
    """Return each page's 95th percentile and the time to open the workspace, in milliseconds."""
    logging.disable(logging.WARNING)  # Streamlit says at every turn that there is no server here
    with _seeded(run):
        try:
            return _measure(run)
        finally:
            _forget_all()


@contextmanager
def _seeded(run: Run) -> Iterator[Path]:
    """Make the workspace, and let everything in this process use it."""
    from benchmarks.seed import seed_workspace

    with tempfile.TemporaryDirectory(prefix="litmus-pages-") as folder:
        run.say("Making the workspace")
        workspace = seed_workspace(Path(folder) / "litmus", run.options.experiments, run.options.candidates)
        os.environ["LITMUS_HOME"] = str(workspace.path)
        yield workspace.path


def _measure_browser(run: Run, *, is_training: bool) -> dict[str, list[float]]:
    """Return the milliseconds that openings of each page took until the last paint."""
    from benchmarks import _pages_browser
    from litmus_core.experiments import Studio

    with _seeded(run) as workspace:
        with Studio.open(workspace) as studio:
            experiments = studio.store.experiments()
            _keep_lists(studio)
            _keep_checks(studio)
            table = studio.datasets.import_file(ROOT / "sample_data" / "penguins.csv")
        held = {"": "", "experiment": "?experiment={}", "dataset": f"?dataset={table.id}"}
        addresses = {
            name: [
                ("" if page == "home" else page)
                + held[kind].format(experiments[turn * 7 % len(experiments)].id)
                for turn in range(run.options.runs + _pages_browser.N_EARLIER)
            ]
            for name, (page, kind) in PAGES.items()
        }
        return _pages_browser.measure(workspace, addresses, is_training=is_training)


def _measure(run: Run) -> dict[str, float]:
    from app import services

    began = time.perf_counter()
    experiments = services.studio().store.experiments()
    found = {"opening": round(_ms(began), 1)}
    _keep_lists(services.studio())
    _keep_checks(services.studio())
    table = services.studio().datasets.import_file(ROOT / "sample_data" / "penguins.csv")
    for name, (page, kind) in PAGES.items():
        times, processor = [], []
        for turn in range(run.options.runs + 2):  # two that warm the process
            experiment = experiments[turn * 7 % len(experiments)]
            held = {
                "": {},
                "experiment": {"experiment": experiment.id},
                "dataset": {"dataset": table.id},
            }[kind]
            elapsed, used = rendering(page, held)
            times.append(elapsed)
            processor.append(used)
        found[name], found[f"{name}, processor"] = round(_p95(times[2:]), 1), round(_p95(processor[2:]), 1)
        run.say(f"{name}: median {statistics.median(times[2:]):.0f} ms, p95 {found[name]:.0f} ms")
    return found


def _keep_checks(studio: Studio) -> None:
    """Check every table, as Data did in the background when somebody first looked at it."""
    for version in studio.datasets.list():
        studio.checks.run(version.id, target="target")


def _keep_lists(studio: Studio) -> None:
    """Keep a list of eight actions for every run with a model: *Improve* would find one out, with models."""
    from litmus_core.types import (
        Action,
        ActionCost,
        ActionList,
        Gain,
        LearningCurve,
        RunPlan,
        Statement,
        to_plain,
    )

    gain = Gain(value=0.01, low=-0.005, high=0.025, measured=0.02)
    rows = (500.0, 1000.0, 2000.0, 4000.0, 8000.0)
    scores = (0.70, 0.76, 0.80, 0.83, 0.84)
    curve = LearningCurve(
        x_title=Statement.of("curve", "all"), x=rows, y=scores, low=scores, high=scores, n_predicted=1
    )
    asked: dict[str, Any] = {
        "statements": (Statement.plain("What it does."),),
        "evidence": (Statement.plain("Tried."),),
        "gain": gain,
        "cost": ActionCost(minutes=2.0),
    }
    trains = [
        Action(key=f"try {at}", kind="family", title=Statement.plain(f"Try {at}"), plan=RunPlan(), **asked)
        for at in range(6)
    ]
    collects = [
        Action(
            key=f"rows {at}",
            kind="rows",
            title=Statement.plain(f"Rows {at}"),
            page="data",
            curve=curve,
            **asked,
        )
        for at in range(2)
    ]
    for run in studio.store.runs():
        if run.chosen_id is not None:
            actions = (*trains, *collects)
            listed = ActionList(metric="roc_auc", run_id=run.id, actions=actions, n_rows=8000, seconds=8.0)
            folder = studio.workspace.run_dir(run.id)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "actions.json").write_text(json.dumps(to_plain(listed)), encoding="utf-8")


def rendering(page: str, held: Mapping[str, str], *, timeout_s: float = 60) -> tuple[float, float]:
    """Render a page once in a session of its own; return its milliseconds, of the clock and the processor."""
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=timeout_s)
    app.run()
    for name, value in held.items():
        app.query_params[name] = value
    if held.get("dataset"):
        app.session_state["kept.draft"] = _draft(held["dataset"])
    app.switch_page(str(ROOT / "pages" / f"{page}.py"))
    _forget_page()
    began, used = time.perf_counter(), time.process_time()
    app.run()
    elapsed, used = _ms(began), 1000 * (time.process_time() - used)
    if app.exception or not app.title:
        raise RuntimeError(f"{page} was not drawn: {[each.value for each in app.exception]}")
    return elapsed, used


def _draft(version_id: str) -> Draft:
    from app.presenters.question.draft import Draft

    return Draft(version_id=version_id, target="species")


def _forget_page() -> None:
    """Empty what pages cached: everything but the opened workspace."""
    import streamlit as st

    from app import model_cache, services

    services.later().settle()
    services.slowly().settle()
    st.cache_data.clear()
    for module in (services, model_cache):
        for name, value in vars(module).items():
            if isinstance(value, CachedFunc) and name != "_open":
                value.clear()


def _forget_all() -> None:
    import streamlit as st

    st.cache_data.clear()
    st.cache_resource.clear()


def _ms(began: float) -> float:
    return 1000 * (time.perf_counter() - began)


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


if __name__ == "__main__":
    main("pages", figures, add_arguments=add_arguments)
