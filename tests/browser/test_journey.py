"""One visitor, one real browser: from a file to an answer over HTTP. Pictures land in build/screenshots."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from litmus_core.experiments import Studio
from scripts.browser import find_browser

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "sample_data" / "penguins.csv"
PICTURES = ROOT / "build" / "screenshots"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 60_000  # nothing takes this long, but on cores that do other things too
RUN_MS = 120_000  # a run of 30 s, its latency stage, and a machine that does other things too


@pytest.fixture
def app() -> Iterator[str]:
    """The address of the app, started as a visitor would on a fresh workspace; its endpoints end with it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).with_name("litmus")), "app", "--port", str(port)]
    pages = subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE, text=True)
    try:
        assert pages.stdout is not None
        said = next((line for line in pages.stdout if "http" in line), "")
        yield re.findall(r"http://\S+", said)[0]
    finally:
        pages.terminate()
        pages.wait(timeout=30)
        if pages.stdout is not None:
            pages.stdout.close()
        with Studio.open() as studio:
            for endpoint in studio.endpoints():
                studio.stop_endpoint(endpoint.id)


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as driver:
        browser: Browser = driver.chromium.launch(executable_path=find_browser(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1500})
        page.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        yield page
        take_picture(page, "end")  # of a journey that failed, what it met
        browser.close()


def take_picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"journey-{name}.png", full_page=True)


def upload(page: Page, table: Path) -> None:
    page.get_by_role("link", name="Data").first.click()
    page.locator("input[type=file]").first.set_input_files(table)
    expect(page.get_by_role("button", name="Choose what to predict")).to_be_visible()


def ask(page: Page, *, column: str) -> None:
    """Choose the column and the shortest training; set the bar one step below what is proposed."""
    page.get_by_role("combobox", name="Column to predict").click()
    page.get_by_role("option", name=column, exact=True).click()
    page.get_by_role("slider", name="How long training may take").press("Home")
    bar = page.get_by_role("slider", name=re.compile("Good enough"))
    for key in [*["ArrowLeft"] * 11, *["ArrowRight"] * 10]:  # quick presses: none is lost
        bar.press(key)


def wait_for_verdict(page: Page) -> None:
    """Wait until the run is over; a run that failed says why.

    The verdict may be seen while the page still turns from the live run to the finished one.
    """
    over = page.locator("[class*='st-key-verdict-']").first
    expect(over).to_be_visible(timeout=RUN_MS)
    results = page.get_by_role("button", name="See the results")
    expect(results, "the verdict leads to the results").to_be_visible(timeout=30_000)
    results.click()


def test_a_file_becomes_a_verdict_and_an_endpoint_that_answers(app: str, page: Page) -> None:
    page.goto(app)
    upload(page, TABLE)
    take_picture(page, "1-data")

    page.get_by_role("button", name="Choose what to predict").click()
    ask(page, column="species")
    expect(page.get_by_text("Of 1,000 real cases, about 985 are answered right")).to_be_visible()
    take_picture(page, "2-target")

    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_role("button", name="Stop and keep the best")).to_be_visible()
    take_picture(page, "3-train")

    wait_for_verdict(page)
    verdict = page.locator("[class*='st-key-verdict-']").first
    expect(verdict).to_contain_text(re.compile(r"\d"))
    expect(page.get_by_text("The models", exact=True)).to_be_visible()
    take_picture(page, "4-results")

    page.get_by_role("link", name="Export").first.click()
    page.get_by_role("button", name="Deploy").click()
    expect(page.get_by_text("Answering", exact=True)).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Fill in a row").click()
    page.get_by_role("button", name="Ask the endpoint").click()
    answer = page.get_by_test_id("stMetric").filter(has_text="The endpoint's answer")
    expect(answer).to_contain_text(re.compile("Adelie|Chinstrap|Gentoo"))
    take_picture(page, "5-export")

    url = page.locator(".st-key-endpoint").get_by_role("link").first.get_attribute("href")
    row = {"island": "Biscoe", "bill_length_mm": 50.2, "bill_depth_mm": None, "flipper_length_mm": 225}
    row |= {"body_mass_g": 5550, "sex": "male", "year": 2008}
    reply = httpx.post(f"{url}/predict", json={"rows": [row]}, timeout=30)

    assert reply.status_code == 200
    assert [each["label"] for each in reply.json()["predictions"]] == ["Gentoo"]
