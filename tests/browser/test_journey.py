"""One visitor, one real browser: from a file to an answer over HTTP. Pictures land in build/screenshots."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.visitor import PATIENCE_MS, TABLE, upload, wait_for_results
from tests.browser.visitor import take_picture as _take

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 1500})
    page.set_default_timeout(PATIENCE_MS)
    yield page
    take_picture(page, "end")  # of a journey that failed, what it met


def take_picture(page: Page, name: str) -> None:
    _take(page, f"journey-{name}")


def ask(page: Page, *, column: str) -> None:
    """Choose the column and the shortest training; set the bar one step below what is proposed."""
    page.get_by_role("combobox", name="Column to predict").click()
    page.get_by_role("option", name=column, exact=True).click()
    page.get_by_role("slider", name="How long training may take").press("Home")
    bar = page.get_by_role("slider", name=re.compile("Good enough"))
    for key in [*["ArrowLeft"] * 11, *["ArrowRight"] * 10]:  # quick presses: none is lost
        bar.press(key)


def open_a_point(page: Page) -> None:
    """Click a point that is not the chosen one: single models are drawn before it."""
    points = page.locator("[class*='st-key-chart-scatter'] .scatterlayer .trace .points path")
    box = points.first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


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

    wait_for_results(page)
    page.get_by_role("button", name="See the results").click()
    verdict = page.locator("[class*='st-key-verdict-']").first
    expect(verdict).to_contain_text(re.compile(r"\d"))
    expect(page.get_by_text("The models", exact=True)).to_be_visible()
    take_picture(page, "4-results")

    open_a_point(page)
    expect(page.get_by_role("button", name="Reveal its test score")).to_be_visible()
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
