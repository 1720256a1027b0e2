"""A small sample of ``benchmarks.faults``: one round of kills, and one of a damaged journal."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAMPLE = """
import json, sys
from pathlib import Path
from benchmarks._faults_environment import build, environment
from benchmarks._faults_kills import apps, import_all
from benchmarks._faults_rounds import in_a_process, scratch
import_all()
found = [in_a_process(apps, "sample", timeout_s=200)]
with scratch() as template:
    build(template)
    found.append(in_a_process(environment("journal.db zeroed page", template), "sample", timeout_s=200))
print(json.dumps(found))
"""


@pytest.mark.exhaustive(reason="test_kills and tests/store/test_damage.py hold it; this tries the benchmark")
@pytest.mark.kills
@pytest.mark.timeout(600)
def test_kills_and_a_damaged_journal_lose_nothing():
    done = subprocess.run(
        [sys.executable, "-c", SAMPLE], cwd=ROOT, capture_output=True, text=True, check=False, timeout=500
    )

    assert done.returncode == 0, done.stderr
    killed, hurt = json.loads(done.stdout)
    assert killed["kills"] == 8
    assert killed["acknowledged"] > 8
    for each in (killed, hurt):
        assert (each["lost"], each["doubled"], each["orphans"], each["tracebacks"]) == (0, 0, 0, 0), each[
            "notes"
        ]
