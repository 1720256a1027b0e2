"""How long each page takes in a browser until it has painted for the last time.

Chromium opens each page by its address, each time of another experiment, with what a browser keeps between
visits: each page was opened three times before, since Chromium keeps compiled scripts from the third time on.
A page is settled at the last frame after which nothing changes for half a second: no element, no attribute,
no running script, no skeleton. What a canvas holds for screen readers is not painted. The time counts from
the start of the navigation. Once nobody else is there, and once while a run of the same workspace trains
with one thread on one of the two cores.
"""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks._harness import Figure

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[1]
IDLE_MS, TRAINING_MS = 1_500.0, 3_000.0
_PATIENCE_MS = 60_000
_QUIET_MS = 500
N_EARLIER = 3  # visits of each page before those that count
_TRAINING_S = 3_600  # more than all pages take: the run is stopped
_WATCH = """(() => {
    let last = 0
    const mark = () => requestAnimationFrame(() => { last = performance.now() })
    const options = {subtree: true, childList: true, attributes: true, characterData: true}
    const isPainted = (change) => !change.target.closest?.("canvas")  // there it is for screen readers
    new MutationObserver((changes) => changes.some(isPainted) && mark()).observe(document, options)
    window.settledAt = (quiet) => {
        const busy = document.querySelector(
            "[data-testid=stSkeleton], [data-testid=stSpinner], [data-test-script-state=running]")
        const drawn = document.querySelector("[data-testid=stMainBlockContainer] h1")
        return !busy && drawn && performance.now() - last > quiet ? last : 0
    }
})()"""


def measure(
    workspace: Path, addresses: Mapping[str, Sequence[str]], *, is_training: bool
) -> dict[str, list[float]]:
    """Return the milliseconds of each page's openings, but for the first ``N_EARLIER`` of its addresses."""
    from playwright.sync_api import sync_playwright

    from scripts.browser import FLAGS, find_browser

    with contextlib.ExitStack() as stack:
        app = stack.enter_context(_served(workspace))
        driver = stack.enter_context(sync_playwright())
        context = driver.chromium.launch_persistent_context(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="litmus-visitor-")),
            executable_path=find_browser(),
            args=FLAGS,
            viewport={"width": 1280, "height": 900},
        )
        context.set_default_timeout(_PATIENCE_MS)
        context.add_init_script(_WATCH)
        if is_training:
            stack.enter_context(_training(workspace))
        found: dict[str, list[float]] = {}
        for name, each in addresses.items():
            times = [_opened(context.new_page(), f"{app}/{address}") for address in each]
            found[name] = times[N_EARLIER:]
            print(f"{name}: {[round(one) for one in found[name]]} ms", file=sys.stderr)
        context.close()
    return found


def figures(found: Mapping[str, Sequence[float]], *, is_training: bool, p95: Any) -> list[Figure]:
    """Return the 95th percentile of each page."""
    when, target = ("while a run trains", TRAINING_MS) if is_training else ("idle", IDLE_MS)
    return [
        Figure(
            name=f"{page}: settled, p95, {when}", value=p95(times), unit="ms", target=target, better="lower"
        )
        for page, times in found.items()
    ]


def _opened(page: Page, address: str) -> float:
    """Open an address in a tab of its own; return when it painted last, in milliseconds."""
    page.goto(address, wait_until="commit")
    settled = page.wait_for_function(f"() => window.settledAt({_QUIET_MS})", polling=100)
    at = float(settled.json_value())
    page.close()
    return at


@contextlib.contextmanager
def _served(workspace: Path) -> Iterator[str]:
    """Start the app as a visitor would; return its address."""
    command = [str(Path(sys.executable).with_name("litmus")), "app", "--workspace", str(workspace)]
    app = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        lines = app.stdout or ()
        yield re.findall(r"http://\S+", next(line for line in lines if "http" in line))[0]
    finally:
        app.terminate()
        app.wait(timeout=30)


@contextlib.contextmanager
def _training(workspace: Path) -> Iterator[None]:
    """Let a run of one thread train until the end."""
    from litmus_core import Compute, Data, Resources, Training, Tuning, train

    handle = train(
        Data(target="humidity_percent", train=ROOT / "sample_data" / "humidity.csv"),
        goal="rmse",
        training=Training(models=["lightgbm"], tuning=Tuning()),  # trials until half of the time is over
        compute=Compute(train=Resources(cpus=1), time_limit_s=_TRAINING_S),
        workspace=workspace,
    )
    while handle.run.status == "queued":
        time.sleep(0.5)
    time.sleep(5)  # the worker has begun to learn
    try:
        yield
        if handle.run.status != "running":
            raise RuntimeError(f"The run that was to go on beside the pages is {handle.run.status}.")
    finally:
        handle.stop(hard=True)
