"""A task with a budget of clicks: a deployed model falls below its bar, and a better one takes its place.

tests/app/test_endpoints.py and test_train.py press the same buttons without a browser or a training.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pandas as pd
import pytest
from playwright.sync_api import Browser, expect

from litmus_core import Compute, Goal, Studio, Training, train
from litmus_core.types import BundleCertified, Run
from tests import trained
from tests.app.certified import certificate
from tests.browser.counted import Counted
from tests.browser.test_tasks import new_page
from tests.browser.visitor import PATIENCE_MS, RUN_MS, take_picture, wait_for_results

pytestmark = [pytest.mark.browser, pytest.mark.exhaustive, pytest.mark.timeout(900)]

NAME = "shop"


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Counted]:
    page = new_page(browser)
    yield Counted(page)
    take_picture(page, "tasks-live-end")


@pytest.fixture
def deployed(app: str, tmp_path: Path) -> tuple[Run, str]:
    """A run whose linear model answers behind an endpoint that keeps every row; the endpoint's address."""
    source = tmp_path / "shop.csv"
    trained.table().to_csv(source, index=False)
    handle = train(
        source,
        "sold",
        goal=Goal("accuracy>=0.6"),
        training=Training(models=("lightgbm",)),
        compute=Compute(time_limit_s=20),
        folds=0,
    )
    run = handle.wait(timeout_s=RUN_MS / 1_000).run
    assert run.chosen_id is not None
    endpoint = handle.studio.endpoints.deploy(run.chosen_id, name=NAME, sample_rate=1.0)
    handle.studio.close()
    return run, endpoint.url


def after_the_change(n_rows: int, seed: int) -> pd.DataFrame:
    """New rows, of which what was sold before is not sold any more."""
    rows = trained.table(n_rows, seed).astype({"size": object})
    rows["sold"] = rows["sold"].map({"yes": "no", "no": "yes"})
    return rows.where(rows.notna(), None)


def came_true(url: str, rows: pd.DataFrame, path: Path) -> Path:
    """Send rows to the endpoint, and write a file of what came true of its answers, once those are stored."""
    n_before = n_requests()
    asked = json.dumps({"rows": rows.drop(columns="sold").to_dict("records")}).encode()
    headers = {"Content-Type": "application/json"}
    reply = json.load(urlopen(Request(f"{url.rstrip('/')}/predict", asked, headers)))
    pd.DataFrame({"id": reply["ids"], "sold": rows["sold"]}).to_csv(path, index=False)
    until = time.monotonic() + PATIENCE_MS / 1_000
    while n_requests() == n_before:  # a request is counted when its answers are on the disk
        assert time.monotonic() < until, "the endpoint counts no request"
        time.sleep(0.1)
    return path


def n_requests() -> int:
    with Studio.open() as studio:
        return studio.endpoints.stats(NAME).traffic.n_requests


def add_outcomes(visitor: Counted, file: Path) -> None:
    visitor.drop(visitor.page.locator(f".st-key-live-file-{NAME} input[type=file]"), file)
    visitor.button("Add them")


def certify_what_waits() -> None:
    """Record that the waiting version passed: its environment would be built from the net."""
    with Studio.open() as studio:
        waiting = studio.endpoints.stats(NAME).versions[-1]
        studio.certificates.stop(waiting.bundle_id)
        studio.context.record(BundleCertified(certificate=certificate(waiting.bundle_id)))


def test_a_model_that_fell_is_judged_understood_trained_again_and_replaced(
    deployed: tuple[Run, str], app: str, visitor: Counted, tmp_path: Path
) -> None:
    run, url = deployed
    page = visitor.page
    page.goto(f"{app}/export?experiment={run.experiment_id}&run={run.id}")
    add_outcomes(visitor, came_true(url, after_the_change(1_500, 1), tmp_path / "first.csv"))
    expect(page.get_by_text("No longer meets the bar")).to_be_visible()
    visitor.button("Why?")
    visitor.button("Train again with the new rows")
    wait_for_results(page)
    visitor.button(f"Add it to '{NAME}'")
    expect(page).to_have_url(re.compile("/export"), timeout=RUN_MS)

    certify_what_waits()
    add_outcomes(visitor, came_true(url, after_the_change(800, 2), tmp_path / "second.csv"))
    expect(page.get_by_text("Version 2 is better than version 1")).to_be_visible()
    take_picture(page, "tasks-live-better")
    visitor.button("Promote version 2")
    expect(page.get_by_text(f"{NAME}, version 2: ")).to_be_visible()
    with Studio.open() as studio:
        assert studio.endpoints.stats(NAME).version == 2
    assert visitor.took() <= 8, "from outcomes to a better model"
