"""A forked copy of a process that has a workspace open reads and writes as any other process does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cases import thinned

_PROGRAM = """
import os, sys, threading
from litmus_core.store import Workspace, open_store
from litmus_core.types import EnvironmentSaved, DeploymentEnvironment

def save(store, name):
    fact = EnvironmentSaved(environment=DeploymentEnvironment(name=name))
    store.refresh(until=store.journal.append(fact))

store = open_store(Workspace(sys.argv[1]).create())
if sys.argv[2] == "folding":
    store.start_refreshing(0.01)
save(store, "parent's")
child = os.fork()
if child == 0:
    assert not store.is_owner
    assert list(store.environments()) == ["parent's"]
    save(store, "child's")
    assert list(store.environments()) == ["child's", "parent's"]
    if sys.argv[3] == "closes":
        store.close()
    sys.exit(0)  # as a program ends: with destructors
_, status = os.waitpid(child, 0)
assert os.waitstatus_to_exitcode(status) == 0, status
assert store.is_owner
save(store, "after")
assert list(store.environments()) == ["after", "child's", "parent's"]
store.close()
with open_store(Workspace(sys.argv[1])) as again:
    assert again.is_owner
    assert list(again.environments()) == ["after", "child's", "parent's"]
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.parametrize(
    ("parent", "ends"),
    thinned(
        [("folding", "leaves"), ("quiet", "closes"), ("folding", "closes"), ("quiet", "leaves")],
        keep=2,
        reason="each kind of parent and each kind of end is looked at",
    ),
)
def test_a_forked_child_begins_anew_and_harms_nothing(tmp_path: Path, parent: str, ends: str) -> None:
    command = [sys.executable, "-W", "ignore", "-c", _PROGRAM]
    done = subprocess.run(
        [*command, str(tmp_path / "litmus"), parent, ends],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
