"""Pictures of every page, to look at: ``python scripts/screenshots.py WORKSPACE OUT``.

Starts the app on the workspace, opens each page wide and narrow, light and dark, in Chromium (Debian's,
or playwright's own), and writes ``OUT/<page>-<wide|narrow>-<light|dark>.png``. ``--url`` uses an app that
runs already; ``--page`` and ``--look`` (both repeatable) narrow the choice.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.browser import FLAGS, find_browser  # noqa: E402 - it may be started from anywhere

PAGES = ("home", "data", "target", "train", "results", "export", "leaderboards")
SIZES = {"wide": (1440, 900), "narrow": (390, 844)}
THEMES = ("light", "dark")


def main() -> None:
    """Read the options, start the app unless --url is given, and take the pictures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("workspace", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--page", action="append", help="home, or an address such as 'target?dataset=dv_…'")
    parser.add_argument("--look", action="append", help="wide-light, wide-dark, narrow-light, narrow-dark")
    parser.add_argument("--url", help="an app that runs already on this workspace")
    parser.add_argument("--experiment", help="the experiment to show (default: the latest with a verdict)")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    looks = options.look or [f"{size}-{theme}" for size in SIZES for theme in THEMES]
    experiment = options.experiment or latest_judged(options.workspace)
    addresses = [address(page, experiment) for page in options.page or PAGES]
    if options.url:
        shoot(options.url, addresses, looks, options.out)
        return
    with served(options.workspace) as url:
        shoot(url, addresses, looks, options.out)


def address(page: str, experiment: str | None) -> str:
    """Return the page's address with the experiment, unless the page's own address says what to show."""
    plain = "" if page == "home" else page
    if "?" in page or experiment is None or page in ("home", "leaderboards"):
        return plain
    return f"{plain}?experiment={experiment}"


def latest_judged(workspace: Path) -> str | None:
    """Return the latest experiment that has a verdict."""
    from litmus_core.store import Workspace, open_store

    with open_store(Workspace(workspace).create()) as store:
        store.refresh()
        judged = [summary for summary in store.summaries() if summary.verdict is not None]
    newest = max(judged, key=lambda summary: summary.updated_at, default=None)
    return None if newest is None else newest.experiment.id


@contextmanager
def served(workspace: Path) -> Iterator[str]:
    """Run the app on the workspace until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app" / "web.py")]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    environment = os.environ | {"LITMUS_HOME": str(workspace.resolve())}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{url}/_stcore/health", server)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(url: str, server: subprocess.Popen[bytes], *, seconds: float = 60.0) -> None:
    """Wait until the server answers."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.3)
        else:
            return
    raise SystemExit(f"The app did not answer at {url}.")


def shoot(url: str, addresses: list[str], looks: list[str], out: Path) -> None:
    """Open each address in each look and write its picture."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_browser(), args=FLAGS)
        for look in looks:
            size, theme = look.split("-")
            width, height = SIZES[size]
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=theme, device_scale_factor=1
            )
            for where in addresses:
                page = context.new_page()
                page.goto(f"{url}/{where}")
                settle(page)
                tall = page.evaluate(
                    "document.querySelector('[data-testid=stMainBlockContainer]')?.scrollHeight || 0"
                )
                page.set_viewport_size({"width": width, "height": max(height, min(int(tall) + 80, 6000))})
                page.wait_for_timeout(900)
                name = where.split("?")[0] or "home"
                page.screenshot(path=out / f"{name}-{look}.png")
                page.close()
            context.close()
        browser.close()


def settle(page) -> None:  # type: ignore[no-untyped-def]  # playwright is imported late
    """Wait until the page stops drawing, 30 s at most, since a running training never stops."""
    page.wait_for_selector("[data-testid=stMainBlockContainer]", timeout=60_000)
    n_quiet = 0
    for _ in range(120):
        page.wait_for_timeout(250)
        busy = page.query_selector(
            "[data-testid=stSkeleton], [data-testid=stSpinner], [data-test-script-state=running]"
        )
        n_quiet = 0 if busy else n_quiet + 1
        if n_quiet == 4:
            break
    page.wait_for_timeout(500)


if __name__ == "__main__":
    main()
