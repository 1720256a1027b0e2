"""One visitor, one real browser: a miss is mended by two clicks, made faster and put to work.

Pictures land in build/screenshots.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.visitor import PATIENCE_MS, RUN_MS, upload, wait_for_results
from tests.browser.visitor import take_picture as _take

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]  # three runs, and many looks

BAR = 0.72
FEW, MORE = 800, 8_000  # rows: the first miss the bar, all of them are surely past it


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 1500})
    page.set_default_timeout(PATIENCE_MS)
    yield page
    take_picture(page, "end")  # of a journey that failed, what it met


@pytest.fixture
def harvests(tmp_path: Path) -> tuple[Path, Path]:
    """Few rows and many: little grows, and that is rare, far from the usual sun and rain."""
    return harvest(tmp_path / "harvest.csv", FEW, 0), harvest(tmp_path / "harvest of now.csv", MORE, 1)


def harvest(path: Path, n_rows: int, seed: int) -> Path:
    random = np.random.default_rng(seed)
    parts = random.normal(size=(n_rows, 4))
    away = np.hypot(parts[:, 0], parts[:, 1]) + 0.3 * random.normal(size=n_rows)
    table = pd.DataFrame(parts.round(2), columns=["sun", "rain", "soil", "care"])
    table["crop"] = np.where(away > 2.4, "little", np.where(away > 1.1, "some", "much"))
    table.to_csv(path, index=False)
    return path


def take_picture(page: Page, name: str) -> None:
    _take(page, f"journey-{name}")


def unfold(page: Page, title: str) -> None:
    """Open what is folded, and wait until nothing in it moves: a list would close, a button be missed."""
    page.get_by_text(title).click()
    page.wait_for_timeout(1_000)


def choose(page: Page, label: str, name: str | re.Pattern[str]) -> None:
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=name, exact=isinstance(name, str)).click()


def move(slider: Locator, to: float) -> None:
    """Press a slider's keys until it is at ``to``; quick presses: none is lost."""
    first, step = float(slider.input_value()), float(slider.get_attribute("step") or 0)
    for _ in range(round((to - first) / step)):
        slider.press("ArrowRight")
    expect(slider).to_have_value(f"{to:g}")


def ask(page: Page) -> None:
    """Ask for the crop, by a score for which rare kinds count, and train one model."""
    choose(page, "Column to predict", "crop")
    expect(page.get_by_text("Of 1,000 real cases")).to_be_visible()
    unfold(page, "Change the kind of question, or how answers are judged")
    choose(page, "Judged by", re.compile("Balanced accuracy"))
    expect(page.get_by_text("drawn evenly from every answer")).to_be_visible()
    page.get_by_role("slider", name="How long training may take").press("Home")
    move(page.get_by_role("slider", name=re.compile("Good enough")), BAR)
    take_picture(page, "1-target")
    page.get_by_role("button", name="Choose what to try first").click()
    page.get_by_text("I choose", exact=True).click()
    boxes = page.locator("[class*='st-key-pick-']").get_by_role("checkbox")
    expect(boxes.first).to_be_attached()
    for box in boxes.all():
        if box.is_checked() and "Fast boosted trees (LightGBM)" not in f"{box.get_attribute('aria-label')}":
            box.press("Space")
            expect(box).not_to_be_checked()
    page.get_by_role("button", name="Start training").click()


def see_results(page: Page) -> Locator:
    """Wait for a run's end, look at its results, and return the verdict."""
    expect(page).to_have_url(re.compile("/train"))
    wait_for_results(page)
    page.get_by_role("button", name="See the results").click()
    expect(page.get_by_text("The models", exact=True)).to_be_visible()
    return page.locator("[class*='st-key-verdict-']").first


def see_what_would_help(page: Page) -> None:
    page.get_by_role("button", name="See what would help").click()
    expect(page.get_by_role("button", name="Look again")).to_be_visible(timeout=RUN_MS)


def add_rows(page: Page, table: Path) -> None:
    """Append a file of rows, of whatever class, and train on all of them."""
    file = page.locator(".st-key-rows-rows-file")
    page.get_by_test_id("stExpander").filter(has=file).get_by_text("I have more rows").click()
    file.locator("input[type=file]").set_input_files(table)
    add = page.locator(".st-key-rows-rows-add").get_by_role("button")
    expect(add).to_be_enabled()
    add.click()


def make_faster(page: Page) -> None:
    """Have faster variants made, look at a single one, and use the best that is smaller."""
    unfold(page, "Faster, smaller, cheaper")
    page.get_by_role("button", name="Make faster variants").click()
    see_results(page)
    open_a_point(page)
    expect(page.get_by_role("button", name="Reveal its test score")).to_be_visible()
    unfold(page, "Faster, smaller, cheaper")
    page.get_by_text("Size", exact=True).last.click()  # times would tell how busy this machine is
    afford = page.get_by_role("slider", name="I can afford")
    expect(afford).to_have_attribute("aria-valuetext", re.compile("[kM]B"))
    afford.press("End")
    afford.press("ArrowLeft")
    expect(page.get_by_text(re.compile("For .*(trees|learn|weigh|columns|without)"))).to_be_visible()
    take_picture(page, "5-faster")
    page.locator(".st-key-frontier-use").get_by_role("button").click()


def open_a_point(page: Page) -> None:
    """Click a point that is not the chosen one: single models are drawn before it."""
    points = page.locator("[class*='st-key-chart-scatter'] .scatterlayer .trace .points path")
    box = points.first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def put_to_work(page: Page) -> str:
    """Deploy the model, ask it on the page, and return its address."""
    page.get_by_role("button", name="Deploy").click()
    expect(page.get_by_text("Answering", exact=True)).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Fill in a row").click()
    page.get_by_role("button", name="Ask the endpoint").click()
    answer = page.get_by_test_id("stMetric").filter(has_text="The endpoint's answer")
    expect(answer).to_contain_text(re.compile("much|some|little"))
    take_picture(page, "6-export")
    return page.locator(".st-key-endpoint").get_by_role("link").first.get_attribute("href") or ""


def report_of(page: Page, path: Path) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name="Report").first.click()
    download.value.save_as(path)
    return path.read_text(encoding="utf-8")


def test_a_miss_is_mended_by_two_clicks_made_faster_and_put_to_work(
    app: str, page: Page, harvests: tuple[Path, Path], tmp_path: Path
) -> None:
    few, more = harvests
    page.goto(app)
    upload(page, few)
    page.get_by_role("button", name="Choose what to predict").click()
    ask(page)
    expect(page.get_by_role("button", name="Stop and keep the best")).to_be_visible()
    expect(see_results(page)).to_contain_text(re.compile("Misses|Undecided"))

    see_what_would_help(page)
    take_picture(page, "2-improve")
    page.locator("[class*='st-key-do-weights']").get_by_role("button").click()
    expect(see_results(page)).to_contain_text(re.compile("Misses|Undecided"))
    first = page.url

    see_what_would_help(page)
    expect(page.get_by_text(re.compile(r"brought \+\d+\.\d points on test rows"))).to_be_visible()
    take_picture(page, "3-helped")
    add_rows(page, more)
    expect(see_results(page)).to_contain_text("Meets the bar")
    take_picture(page, "4-met")

    make_faster(page)
    url = put_to_work(page)
    row = {"sun": 0.1, "rain": 0.1, "soil": 2.0, "care": None}
    reply = httpx.post(f"{url}/predict", json={"rows": [row]}, timeout=30)
    assert reply.status_code == 200
    assert [each["label"] for each in reply.json()["predictions"]] == ["much"]

    page.get_by_role("link", name="Results").first.click()
    assert "Meets the bar" in report_of(page, tmp_path / "met.html")
    page.goto(first)
    assert "predicted +" in report_of(page, tmp_path / "tried.html")
