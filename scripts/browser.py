"""Find the browser for the browser tests, and install Debian's Chromium if there is none."""

from __future__ import annotations

import os
import shutil
import subprocess

FLAGS = [  # works as root, and sends no network requests of its own
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> str | None:
    """Return the path of a Chromium or Chrome on the PATH; None when there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install_browser() -> str:
    """Install Debian's Chromium if root may; return what the user has to do, or "" if there is a browser."""
    if find_browser():
        return ""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return (
            "The browser journey needs Chromium, and none is on the PATH: install it (Debian: "
            "sudo apt-get install chromium), or leave the journey out with make test BROWSER=none."
        )
    print("Installing Debian's chromium for the browser journey ...", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
        done = subprocess.run(
            ["apt-get", "-q", *command], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        if done.returncode and command != ["update"]:
            last = (done.stderr.strip() or done.stdout.strip() or "no output").splitlines()[-1]
            return (
                f"Debian's chromium could not be installed ({last}): fix that with apt-get, "
                "or leave the browser journey out with make test BROWSER=none."
            )
    return "" if find_browser() else "Debian's chromium was installed, but no chromium is on the PATH."
