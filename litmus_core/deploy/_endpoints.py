"""Endpoints: bundles served by child processes of this machine, which survive whoever started them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from litmus_core.deploy._processes import end_process, lives, remember_child
from litmus_core.errors import BundleError
from litmus_core.store import Workspace, new_id, utc_now
from litmus_core.types import BundleRecord, Endpoint

_POLL_S = 0.1
_GRACE_S = 15.0  # more than the server itself gives the requests it has in hand
_LOG_TAIL_CHARACTERS = 600


def start_endpoint(
    workspace: Workspace, bundle: BundleRecord, *, port: int = 0, timeout_s: float = 180.0
) -> Endpoint:
    """Serve ``bundle`` on this machine's own address (loopback) and return once it answers ``/health``.

    The child process has a session of its own: it goes on when this process ends. Its output is in the
    workspace: see :func:`endpoint_log`. ``port`` 0 takes a free one. Raises BundleError
    with the child's own words when it does not come up within ``timeout_s`` seconds.
    """
    endpoint_id = new_id("ep")
    home = workspace.bundles / bundle.id
    home.mkdir(parents=True, exist_ok=True)
    log, ready = endpoint_log(workspace, bundle.id, endpoint_id), home / f"{endpoint_id}.ready"
    child = _start(endpoint_id, Path(bundle.path), port=port, log=log, ready=ready)
    try:
        url = _wait_until_ready(child, ready, log, deadline=time.monotonic() + timeout_s)
    except BaseException:
        child.kill()
        child.wait()
        raise
    finally:
        ready.unlink(missing_ok=True)
    remember_child(child)
    return Endpoint(
        id=endpoint_id,
        bundle_id=bundle.id,
        url=url,
        pid=child.pid,
        started_at=utc_now(),
    )


def endpoint_log(workspace: Workspace, bundle_id: str, endpoint_id: str) -> Path:
    """Return where an endpoint's output goes."""
    return workspace.bundles / bundle_id / f"{endpoint_id}.log"


def endpoint_alive(endpoint: Endpoint) -> bool:
    """Say whether the very process that was started for ``endpoint`` still lives."""
    return lives(endpoint.pid, word=endpoint.id)


def stop_endpoint(endpoint: Endpoint) -> bool:
    """End the endpoint's process, requests in hand answered first; False when it was gone already.

    A process that merely got the same pid is left alone.
    """
    return end_process(endpoint.pid, word=endpoint.id, grace_s=_GRACE_S)


def _start(endpoint_id: str, bundle: Path, *, port: int, log: Path, ready: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "litmus_core.serving", str(bundle.absolute()), "--name", endpoint_id]
    command += ["--host", "127.0.0.1", "--port", str(port), "--ready-file", str(ready)]
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=log.parent,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _wait_until_ready(child: subprocess.Popen[bytes], ready: Path, log: Path, *, deadline: float) -> str:
    while time.monotonic() < deadline:
        if child.poll() is not None:
            raise BundleError(
                f"The bundle could not be served. {_tail(log)}".strip(), hint=f"The whole log is in {log}."
            )
        if ready.exists():
            url = str(json.loads(ready.read_text(encoding="utf-8"))["url"])
            if _answers(url):
                return url
        time.sleep(_POLL_S)
    raise BundleError(
        f"The bundle was not ready in time. {_tail(log)}".strip(), hint=f"The whole log is in {log}."
    )


def _answers(url: str) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy knows no loopback
    try:
        with direct.open(f"{url}/health", timeout=10) as answer:
            return bool(json.load(answer)["status"] == "ok")
    except (urllib.error.URLError, OSError):
        return False


def _tail(log: Path) -> str:
    text = log.read_text(encoding="utf-8", errors="replace").strip()
    lines = text[-_LOG_TAIL_CHARACTERS:].splitlines()
    return lines[-1].strip() if lines else ""
