"""What visitors do in a browser, and the pictures they leave in build/screenshots."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

__all__ = ["PATIENCE_MS", "ROOT", "RUN_MS", "STILL", "TABLE", "take_picture", "upload", "wait_for_results"]

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "sample_data" / "penguins.csv"
PATIENCE_MS = 60_000  # nothing takes this long, but on cores that do other things too
RUN_MS = 120_000  # a run of 30 s, its latency stage, and a machine that does other things too
# Nothing moves: drawing each step of it without a graphics card takes a third of all that a browser does.
STILL = """addEventListener("DOMContentLoaded", () => {
    const style = document.createElement("style")
    style.textContent = "*, *::before, *::after { animation: none !important; transition: none !important }"
    document.head.append(style)
})"""
_PICTURES = ROOT / "build" / "screenshots"


def take_picture(page: Page, name: str) -> None:
    """Keep what the page looks like."""
    _PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=_PICTURES / f"{name}.png", full_page=True)


def upload(page: Page, table: Path) -> None:
    """Add a table on Data, and wait until it is read."""
    page.get_by_role("link", name="Data").first.click()
    expect(
        page.get_by_role("heading", name="Data", exact=True, level=1)
    ).to_be_visible()  # Home takes files, too
    drop = page.locator("input[type=file]").first
    another = page.locator("[class*='st-key-section-']").get_by_text("Add a table", exact=True)
    expect(drop.or_(another).first).to_be_attached()
    if another.is_visible():  # beside the table in hand
        another.click()
    drop.set_input_files(table)
    expect(page.get_by_text(table.stem).first).to_be_visible()
    expect(page.get_by_role("button", name="Choose what to predict")).to_be_visible()


def wait_for_results(page: Page) -> None:
    """Wait on Train until the run is over and its verdict leads to the results.

    Whoever expects something reads the whole page each time that it is not there yet.
    """
    page.locator("[class*='st-key-verdict-']").first.wait_for(timeout=RUN_MS)
    page.get_by_role("button", name="See the results").wait_for(timeout=RUN_MS)
