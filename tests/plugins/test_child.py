"""The process that someone's own code runs in: it starts wherever it is asked to."""

from __future__ import annotations

import subprocess
import sys

import pytest

LIMITED = """
import resource
from litmus_core.plugins import child

resource.setrlimit(resource.RLIMIT_DATA, (4 << 30, 4 << 30))
child._limit({asked})
print(*resource.getrlimit(resource.RLIMIT_DATA))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process's data")
@pytest.mark.parametrize(("asked", "got"), [(8 << 30, 4 << 30), (2 << 30, 2 << 30), (0, 4 << 30)])
def test_a_process_that_has_a_limit_never_asks_for_a_higher_one(asked, got):
    # such a one that fits folds starts others, when more may be free; only root may raise a limit
    code = LIMITED.format(asked=asked)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(got), str(got)]
