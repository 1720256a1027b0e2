"""Warm workers are as those that users start, and only begin where that is so."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from litmus_core.jobs._queue.processes import end_marked
from litmus_core.store import FileLock
from litmus_core.types import CheckReport, Column, DatasetVersion, SkippedCheck, Task
from tests.kernel import kernel
from tests.warm import client
from tests.warm.checked import keep_checks, keep_fits


def begin(
    folder: Path, run: str, server: client.Server | None, *, stuck: bool = False, **settings: str
) -> tuple[Any, int]:
    """Start a worker in a workspace that is not there; return what came back, and where it writes.

    It says that and ends; ``stuck``: it cannot, as nobody reads.
    """
    command = [sys.executable, "-P", "-m", "litmus_core.jobs.worker", "--workspace", str(folder / "nowhere")]
    read, write = os.pipe()
    if stuck:
        os.set_blocking(write, False)
        with suppress(BlockingIOError):
            while os.write(write, b"-" * 4096):
                pass
        os.set_blocking(write, True)
    with FileLock(folder / "lock") as lock, open(write, "wb") as log:
        lock.acquire()
        command += [
            "--run",
            run,
            "--stages",
            "litmus_core.jobs._stages.sequence",
            "--lock-fd",
            str(lock.hand_over()),
        ]
        begun = client.Subprocess(server).Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=os.environ | {"LITMUS_RUN": run} | settings,
            pass_fds=[lock.hand_over()],
            start_new_session=True,
        )
    return begun, read


def written(begun: Any, read: int) -> str:
    """Return what a worker wrote until it ended."""
    with open(read, "rb") as log:
        text = log.read().decode()
    begun.wait()
    return text


@pytest.fixture
def run() -> str:
    return f"run_{secrets.token_hex(5)}"


def test_a_worker_is_forked_with_its_log(tmp_path: Path, run: str, warm_workers: client.Server) -> None:
    begun, read = begin(tmp_path, run, warm_workers)

    assert not isinstance(begun, subprocess.Popen)
    assert f"There is no workspace folder at {tmp_path / 'nowhere'}" in written(begun, read)


def test_a_forked_worker_is_found_by_its_mark(tmp_path: Path, run: str, warm_workers: client.Server) -> None:
    begun, read = begin(tmp_path, run, warm_workers, stuck=True)
    end_marked(run, still_exists=lambda: False)

    assert "There is no workspace folder" not in written(begun, read)


@pytest.mark.parametrize("setting", ["PYTHONHASHSEED", "OMP_NUM_THREADS"])
def test_what_an_interpreter_reads_as_it_starts_starts_one(
    tmp_path: Path, run: str, warm_workers: client.Server, setting: str
) -> None:
    begun, read = begin(tmp_path, run, warm_workers, **{setting: "1"})

    assert isinstance(begun, subprocess.Popen)
    written(begun, read)


def test_code_that_an_interpreter_begins_with_starts_one(
    tmp_path: Path, run: str, warm_workers: client.Server
) -> None:
    (tmp_path / "sitecustomize.py").write_text("")
    begun, read = begin(tmp_path, run, warm_workers, PYTHONPATH=str(tmp_path))

    assert isinstance(begun, subprocess.Popen)
    written(begun, read)


def test_where_the_server_is_gone_workers_start_as_users_do(
    tmp_path: Path, run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(client.SOCKET, str(tmp_path / "nobody"))
    begun, read = begin(tmp_path, run, None)

    assert isinstance(begun, subprocess.Popen)
    assert f"There is no workspace folder at {tmp_path / 'nowhere'}" in written(begun, read)


def child(server: client.Server | None, mark: str, **settings: str) -> tuple[Any, int]:
    """Start a process for someone's own code; return it and where its answers come."""
    answers, told = os.pipe()
    with os.fdopen(told, "wb"):
        begun = client.Subprocess(server).Popen(
            [sys.executable, "-P", "-B", "-m", "litmus_core.plugins.child", str(told), ".", "0", "check"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=[told],
            start_new_session=True,
            env=os.environ | {"LITMUS_PLUGGED": mark} | settings,
        )
    assert not isinstance(begun, subprocess.Popen)
    return begun, answers


def test_one_that_is_waited_for_gives_what_it_says_or_is_ended_in_time(warm_workers: client.Server) -> None:
    start, given = client.Subprocess(warm_workers), {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    child = [sys.executable, "-P", "-m", "litmus_core.data._sources.workbooks.child"]
    job = {"source": "none.xlsx", "name": "none", "memory_bytes": 4 << 30, "sheet": None, "header_row": None}
    ends = [
        (done.returncode, done.stdout)
        for run in (start.run, subprocess.run)
        for done in [run([*child, json.dumps(job)], timeout=60, check=False, **given)]
    ]
    assert ends[0] == ends[1]
    waits = [*child[:-1], "litmus_core.plugins.child", "1", ".", "0", "check"]  # for a line
    waiting, ours = os.pipe()
    with open(waiting, "rb") as lines, open(ours, "wb"), pytest.raises(subprocess.TimeoutExpired):
        start.run(waits, timeout=0.2, check=False, stdin=lines, **given)


def test_one_that_is_asked_by_lines_answers_where_it_was_told_to(warm_workers: client.Server) -> None:
    begun, answers = child(warm_workers, "m" * 32)
    begun.stdin.write(b'{"do": "os:getpid"}\n')
    begun.stdin.flush()

    with open(answers, "rb") as told:
        assert told.readline() == b"\n"  # it is ready
        assert json.loads(told.readline()) == {"stopped": "ValueError: os is not a module of Litmus"}
    assert begun.poll() is None
    with begun.stdin, begun.stdout as printed:
        begun.stdin.close()
        assert b"Traceback" in printed.read()
    assert begun.wait() == begun.poll() == -signal.SIGKILL  # it ends itself with its group


def test_the_system_shows_its_settings_as_they_are(
    warm_workers: client.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_MARK_OF_A_TEST", "x" * 200)
    monkeypatch.setenv("EMPTY", "")
    begun, answers = child(warm_workers, "m" * 32)
    shown = psutil.Process(begun.pid).environ()
    begun.kill()

    assert shown == os.environ | {"LITMUS_PLUGGED": "m" * 32}
    assert begun.wait() == -signal.SIGKILL
    os.close(answers)
    begun.stdin.close()
    begun.stdout.close()


@pytest.mark.parametrize("end", ["", "sys.exit()", "sys.exit(3)", "sys.exit('in words')"])
def test_a_script_does_what_it_left_for_its_end(
    tmp_path: Path, warm_workers: client.Server, end: str
) -> None:
    warm_workers.start()
    (tmp_path / "it.py").write_text(
        "import atexit, sys, threading, time\natexit.register(print, 'at the end')\n"
        "threading.Thread(target=lambda: (time.sleep(0.1), print('a thread'))).start()\n"
        f"print('not flushed', end=' ')\n{end}"
    )
    warm, cold = (
        subprocess.run([*each, "it.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
        for each in (client.PYTHON, [sys.executable])
    )
    assert warm.stdout == "not flushed a thread\nat the end\n"
    assert (warm.returncode, warm.stdout, warm.stderr) == (cold.returncode, cold.stdout, cold.stderr)


@pytest.mark.parametrize("words", [("sql", "--help"), ("nothing",), ("endpoints", "--json")])
def test_a_command_ends_and_says_what_it_would_from_nothing(
    tmp_path: Path, warm_workers: client.Server, words: tuple[str, ...]
) -> None:
    warm_workers.start()
    ends = [
        subprocess.run([folder / "litmus", *words], cwd=tmp_path, capture_output=True, text=True, check=False)
        for folder in (client.BIN, Path(sys.executable).parent)
    ]
    assert (ends[0].returncode, ends[0].stdout, ends[0].stderr) == (
        ends[1].returncode,
        ends[1].stdout,
        ends[1].stderr,
    )


def test_a_script_is_forked_and_does_and_ends_as_from_nothing(
    tmp_path: Path, warm_workers: client.Server
) -> None:
    warm_workers.start()
    (tmp_path / "mine.py").write_text("HERE = 1")
    (tmp_path / "it.py").write_text(
        "import sys\nfrom mine import HERE\nclass It: pass\n"
        "print(__name__, It.__module__, sys.argv, HERE)\n"
        "if sys.argv[1] == 'ends':\n    sys.exit(3)\nraise OSError('no luck')\n"
    )
    for word in ("ends", "fails"):
        warm, cold = (
            subprocess.run([*each, "it.py", word], cwd=tmp_path, capture_output=True, text=True, check=False)
            for each in (client.PYTHON, [sys.executable])
        )
        assert (warm.returncode, warm.stdout) == (cold.returncode, cold.stdout)
        assert warm.stderr.splitlines()[-1:] == cold.stderr.splitlines()[-1:]


def test_a_notebook_is_forked_and_ends_with_its_test(tmp_path: Path, warm_workers: client.Server) -> None:
    warm_workers.start()
    (tmp_path / "mine.py").write_text("HERE = 1")
    with kernel(tmp_path, is_warm=True) as run:
        assert run("from mine import HERE\nHERE") == "1"
        pid, parent = map(int, run("import os\nprint(os.getpid(), os.getppid())").split())
        assert any(word.endswith("server.py") for word in psutil.Process(parent).cmdline())
    assert not psutil.pid_exists(pid)


def test_a_cell_that_fails_in_a_forked_notebook_fails_its_test(
    tmp_path: Path, warm_workers: client.Server
) -> None:
    warm_workers.start()
    with pytest.raises(pytest.fail.Exception, match="NameError"), kernel(tmp_path, is_warm=True) as run:
        run("litmus_core")  # in memory, and yet not imported


def test_a_training_is_told_what_the_checks_found_for_another_one_of_the_same_rows(tmp_path: Path) -> None:
    made = []

    def check(*_: object, **asked: object) -> CheckReport:
        made.append(asked)
        lacks = (
            (SkippedCheck(kind="structure", reason="There was no time left for it."),)
            if asked["seed"] == 2
            else ()
        )
        return CheckReport(
            dataset_version_id="dv_one", target="sold", test_version_id=None, findings=(), not_made=lacks
        )

    checked = keep_checks(check, lambda: tmp_path / "kept")
    table = DatasetVersion(
        id="dv_one", dataset_id="ds", name="shop", version=1, path="", n_rows=9, n_bytes=9, content_hash="a",
        columns=(), source="", created_at="",
    )  # fmt: skip
    again = replace(table, id="dv_two", dataset_id="ds_two")

    checked(None, table, deadline=1.0, seed=1)
    assert checked(None, again, deadline=9.0, seed=1).dataset_version_id == "dv_two"
    assert len(made) == 1
    for other, asked in (
        (replace(table, content_hash="b"), {"deadline": 1.0, "seed": 1}),
        (
            replace(table, columns=(Column(name="a", original_name="a", kind="number", storage="DOUBLE"),)),
            {"deadline": 1.0, "seed": 1},
        ),
        (table, {"deadline": 1.0, "seed": 2}),
        (table, {"deadline": 1.0, "seed": 2}),  # a check was not made
        (table, {"seed": 1}),  # no training
        (table, {"seed": 1}),
    ):
        n_made = len(made)
        checked(None, other, **asked)
        assert len(made) == n_made + 1

    for kept in (tmp_path / "kept").iterdir():
        kept.write_bytes(kept.read_bytes()[:-1])
    n_made = len(made)
    for _ in range(2):
        checked(None, table, deadline=1.0, seed=1)
    assert len(made) == n_made + 1  # it was damaged

    checked(None, table, kinds=("structure",), seed=1)  # how rows are split
    n_made = len(made)
    assert checked(None, again, kinds=("structure",), seed=1).dataset_version_id == "dv_two"
    assert len(made) == n_made

    of_pages = keep_checks(check, lambda: tmp_path / "of pages", always=True)
    n_made = len(made)
    for progress in (None, print):
        of_pages(None, table, seed=1, on_progress=progress)
    assert len(made) == n_made + 1


def test_a_simple_model_is_fitted_once_for_the_same_question_to_the_same_rows(tmp_path: Path) -> None:
    fitted = []

    def fit(_: object, version: DatasetVersion, task: Task, **parts: DatasetVersion | None) -> int:
        fitted.append((version.id, task.metric, parts))
        return len(fitted)

    kept = keep_fits(fit, lambda: tmp_path / "kept")
    table = DatasetVersion(
        id="dv_one", dataset_id="ds", name="shop", version=1, path="", n_rows=9, n_bytes=9, content_hash="a",
        columns=(), source="", created_at="",
    )  # fmt: skip
    task = Task(
        dataset_version_id="dv_one", target="sold", problem_type="binary", metric="accuracy", features=("a",)
    )
    again, other = replace(table, id="dv_two"), replace(table, content_hash="b")

    assert [kept(None, table, task), kept(None, again, replace(task, dataset_version_id="dv_two"))] == [1, 1]
    assert kept(None, other, task) == 2
    assert kept(None, table, replace(task, metric="roc_auc")) == 3
    assert [kept(None, table, task, test=other), kept(None, table, task, test=again)] == [4, 5]


def test_more_settings_than_it_has_room_for_start_one(
    tmp_path: Path, run: str, warm_workers: client.Server
) -> None:
    begun, read = begin(tmp_path, run, warm_workers, MANY="-" * client.ROOM_FOR_SETTINGS)

    assert isinstance(begun, subprocess.Popen)
    written(begun, read)
