"""The data room in a real browser: a leaky table is found out, fixed, looked at, taken back, and told of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.visitor import PATIENCE_MS, take_picture, upload

# tests/app/test_room.py asks the page for the same, without a browser.
pytestmark = [pytest.mark.browser, pytest.mark.exhaustive]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 1500})
    page.set_default_timeout(PATIENCE_MS)
    yield page
    take_picture(page, "room-end")


@pytest.fixture
def leaky(tmp_path: Path) -> Path:
    """Orders of which some are sent back: what was paid back is known only then."""
    random = np.random.default_rng(0)
    back = random.random(600) < 0.4
    path = tmp_path / "orders.csv"
    pd.DataFrame(
        {
            "weight": (random.normal(size=600) + back).round(3),
            "paid back": (random.normal(size=600) + 10 * back).round(3),
            "town": random.choice(["Bern", "Basel", "Chur"], 600),
            "sent back": np.where(back, "yes", "no"),
        }
    ).to_csv(path, index=False)
    return path


def choose(page: Page, label: str, name: str) -> None:
    page.get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=name, exact=True).click()


def test_a_leak_is_found_fixed_taken_back_and_told_of(
    app: str, page: Page, leaky: Path, tmp_path: Path
) -> None:
    page.goto(app)
    upload(page, leaky)
    expect(page.get_by_text("checks need to know what you want to predict")).to_be_visible()

    choose(page, "What do you want to predict?", "sent back")
    expect(page.get_by_text("One problem to fix.")).to_be_visible()
    expect(page.get_by_text("'paid back' all but says what 'sent back' is.")).to_be_visible()
    expect(page).to_have_url(re.compile("target=sent"))
    take_picture(page, "room-1-found")

    page.get_by_role("button", name="Leave 'paid back' out").click()
    expect(page.get_by_text("1 fix applied to this version")).to_be_visible()
    expect(page.get_by_text("No serious data problems found.")).to_be_visible()
    take_picture(page, "room-2-fixed")

    page.get_by_text("Versions (2)").click()
    page.get_by_text("What differs").click()
    expect(page.get_by_text("Fixed: Leave 'paid back' out.")).to_be_visible()

    page.get_by_text("Rows", exact=True).click()
    page.get_by_role("textbox", name="Rows that hold").fill("Chur")
    page.get_by_role("textbox", name="Rows that hold").press("Enter")
    expect(page.get_by_text("that hold 'Chur'")).to_be_visible()
    take_picture(page, "room-3-rows")

    page.get_by_text(re.compile(r"^Checks")).first.click()
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("One problem to fix.")).to_be_visible()
    expect(page.get_by_role("button", name="Leave 'paid back' out")).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("button", name="Data report").click()
    download.value.save_as(tmp_path / "report.html")
    told = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "One problem to fix." in told
    assert "Leave &#x27;paid back&#x27; out" in told
