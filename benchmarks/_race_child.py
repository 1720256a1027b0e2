"""One racer on one table, in a process of its own that is given one core: learn, answer, be timed by rows.

``python -P -m benchmarks._race_child job.json``. The job names the tool, the files of rows to learn from and
of hidden ones (without the target), and where to write the answers and what they took.
"""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks._race_tools import ADAPTERS, Job, Tool, scratch_folder

_WARM_UP = 10


def main() -> None:
    """Do the job of the file that the command line names."""
    told = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    with contextlib.suppress(AttributeError):  # no such call on this system
        os.sched_setaffinity(0, {told["core"]})
    job = Job(**told["job"], folder=scratch_folder(told["scratch"]))
    train = read_rows(told["job"]["train"], target=job.target, problem=job.problem)
    hidden = pd.read_csv(told["hidden"])
    tool: Tool = ADAPTERS[told["tool"]]()
    began = time.perf_counter()
    tool.fit(job, train)
    fit_s = time.perf_counter() - began
    answers = tool.answer(hidden)
    columns = tool.classes if job.problem != "regression" else ["value"]
    pd.DataFrame(answers.reshape(len(hidden), -1), columns=columns).to_csv(told["answers"], index=False)
    taken = {"fit_s": round(fit_s, 2), "one_row_ms": one_row_ms(tool, hidden, n_calls=told["calls"])}
    Path(told["taken"]).write_text(json.dumps(taken), encoding="utf-8")


def read_rows(path: str, *, target: str, problem: str) -> pd.DataFrame:
    """Return the rows of a file; labels are texts, whatever they look like."""
    return pd.read_csv(path, dtype=None if problem == "regression" else {target: str})


def one_row_ms(tool: Any, hidden: pd.DataFrame, *, n_calls: int) -> float:
    """Return the median time of ``n_calls`` calls with one row each, after some that are not counted."""
    took = []
    for at in range(_WARM_UP + n_calls):
        row = tool.one(hidden.iloc[[at % len(hidden)]])
        began = time.perf_counter()
        tool.answer(row)
        took.append(time.perf_counter() - began)
    return round(1000 * statistics.median(took[_WARM_UP:]), 4)


if __name__ == "__main__":
    main()
