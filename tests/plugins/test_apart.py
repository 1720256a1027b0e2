"""A plug-in in a process of its own: what goes in, what comes back, and every way it can end."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pytest

from litmus_core.errors import PlugInError
from litmus_core.plugins import PluginProcess, PluginProxy, copy_parts, end_hosts, sign_modules, start_hosts
from litmus_core.plugins._failure_messages import PluginFailedError
from litmus_core.types import PluginRef, Point

SOURCE = '''
import os, subprocess, sys, time
import numpy as np
import pandas as pd


class Centre:
    """Takes the training rows' mean away."""

    def __init__(self, column: str = "a", by: float = 1.0):
        self.column, self.by = column, by

    def fit(self, frame, target):
        self.mean = frame[self.column].mean()

    def transform(self, frame):
        return frame.assign(centred=(frame[self.column] - self.mean) / self.by)


class Odd:
    def transform(self, frame):
        raise ValueError("no luck")

    def change(self, frame):
        frame["a"] = 0.0
        return frame

    def lock(self, frame):
        import threading
        return threading.Lock()

    def mixed(self, frame):
        return pd.DataFrame({"m": [1, "x", 2.0]})

    def forever(self, frame):
        while True:
            print("x" * 1000)

    def daemon(self, frame):
        command = [sys.executable, "-c", "import time; time.sleep(300)"]
        return subprocess.Popen(command, start_new_session=True).pid

    def forks(self, frame):
        os.fork()
        return os.getpid()

    def read_input(self, frame):
        return sys.stdin.read()

    def out(self, frame):
        os._exit(3)


class Lambda:
    def fit(self, frame, target):
        self.function = lambda x: x


def gain(truth, answer, reward=2.0):
    return float((truth == answer).mean()) * reward
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop_parts.py").write_text(SOURCE)
    return tmp_path


@pytest.fixture
def host(folder: Path) -> Iterator[PluginProcess]:
    host = PluginProcess(folder / "run" / "modules")
    yield host
    host.close()


def plugged(
    folder: Path, host: PluginProcess, name: str, point: Point = "preprocess", **parameters: object
) -> PluginProxy:
    given = PluginRef(point=point, reference=f"shop_parts.py:{name}", parameters=tuple(parameters.items()))  # type: ignore[arg-type]
    (part,) = copy_parts([given], base=folder, to=folder / "run" / "modules")
    return PluginProxy(part, host)


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame({"a": [1.0, 3.0, np.nan], "b": ["x", None, "ü"]}, index=[7, 9, 4])


def test_it_is_fitted_once_and_asked_as_often_as_one_likes(
    folder: Path, host: PluginProcess, frame: pd.DataFrame
) -> None:
    apart = plugged(folder, host, "Centre", by=2)
    fitted = apart.fit(frame, pd.Series([0, 1, 0]))

    for _ in range(2):
        answer = apart.call("transform", frame, fitted=fitted)
        assert answer["centred"].tolist()[:2] == [-0.5, 0.5]
        assert answer.index.tolist() == [7, 9, 4]
        pd.testing.assert_frame_equal(answer[["a", "b"]], frame, check_column_type=False)


def test_a_transformer_of_scikit_learn_answers_with_a_frame(
    folder: Path, host: PluginProcess, frame: pd.DataFrame
) -> None:
    scaler = PluginRef(point="preprocess", reference="sklearn.preprocessing:MaxAbsScaler", parameters=())
    (part,) = copy_parts([scaler], base=folder, to=folder / "run" / "modules")
    apart = PluginProxy(part, host)
    numbers = frame[["a"]]

    answer = apart.call("transform", numbers, fitted=apart.fit(numbers, pd.Series([0, 1, 0])))

    pd.testing.assert_frame_equal(answer, numbers / 3.0)


def test_a_function_is_called_with_its_parameters(folder: Path, host: PluginProcess) -> None:
    apart = plugged(folder, host, "gain", "metric", reward=10)

    assert apart.call("", np.array([1, 2]), np.array([1, 1])) == 5.0


def test_what_it_changes_of_its_input_is_noticed(
    folder: Path, host: PluginProcess, frame: pd.DataFrame
) -> None:
    apart = plugged(folder, host, "Odd")

    apart.call("change", frame, watch=True)

    assert apart.changed == (0,)
    assert frame["a"].tolist()[:2] == [1.0, 3.0]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("transform", "stopped: ValueError: no luck, in line 22 of shop_parts.py."),
        ("lock", "stopped: it answered with a lock, which is not data that Litmus can read."),
        ("mixed", "a column of its answer holds values of several kinds"),
        ("out", "stopped: its process ended by itself (exit code 3)."),
        ("nothing", "stopped: it has no nothing."),
        ("forever", "stopped: it was not done in the 1 s it was given."),
    ],
)
def test_each_way_to_go_wrong_is_a_sentence(
    folder: Path, host: PluginProcess, frame: pd.DataFrame, word: str, said: str
) -> None:
    apart = plugged(folder, host, "Odd")
    with pytest.raises(PlugInError) as caught:
        apart.call(word, frame, timeout_s=1 if word == "forever" else 30)

    assert caught.value.message.startswith("Your pre-processor Odd stopped: ")
    assert said in caught.value.message


def test_one_that_cannot_be_kept_says_so(folder: Path, host: PluginProcess, frame: pd.DataFrame) -> None:
    with pytest.raises(PlugInError, match="it was fitted but cannot be kept"):
        plugged(folder, host, "Lambda").fit(frame, frame["a"])


def test_whoever_reads_its_input_finds_it_empty(
    folder: Path, host: PluginProcess, frame: pd.DataFrame
) -> None:
    assert plugged(folder, host, "Odd").call("read_input", frame) == ""


def test_a_daemon_of_its_own_session_is_seen_and_ended_with_it(
    folder: Path, host: PluginProcess, frame: pd.DataFrame
) -> None:
    apart = plugged(folder, host, "Odd")
    daemon = psutil.Process(apart.call("daemon", frame))
    (left,) = host.leftover_commands()
    assert "time.sleep(300)" in left

    host.end()

    assert host.leftover_commands() == []
    assert not daemon.is_running() or daemon.status() == psutil.STATUS_ZOMBIE


def test_a_forked_copy_of_the_process_answers_nothing(
    folder: Path, host: PluginProcess, frame: pd.DataFrame
) -> None:
    apart = plugged(folder, host, "Odd")

    assert apart.call("forks", frame) == host.pid
    assert apart.call("forks", frame) == host.pid


def test_it_ends_with_whoever_asked_it(folder: Path, host: PluginProcess, frame: pd.DataFrame) -> None:
    plugged(folder, host, "Odd").call("forks", frame)
    process = host._process
    assert process is not None
    assert process.stdin is not None

    process.stdin.close()
    process.stdin = open(os.devnull, "wb")  # noqa: SIM115 - for the host to close

    process.wait(timeout=20)
    time.sleep(0.1)
    assert host.leftover_commands() == []


def test_the_time_limit_of_a_request_begins_when_its_process_is_ready(
    tmp_path: Path, host: PluginProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    (slow := tmp_path / "slow").write_text(f'#!/bin/sh\nsleep 2\nexec {sys.executable} "$@"\n')
    slow.chmod(0o700)
    monkeypatch.setattr("litmus_core.plugins._process.host.sys.executable", str(slow))

    with pytest.raises(PluginFailedError, match="is not a module of Litmus"):
        host.ask({"do": "builtins:print"}, timeout_s=1)


def test_output_is_read_to_its_end_though_the_run_of_its_log_is_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the process would wait for ever until somebody reads what it prints."""
    process = PluginProcess(tmp_path, tmp_path / "gone" / "custom.log")
    monkeypatch.setattr(Path, "is_dir", lambda _: True)  # it was there a moment ago
    process._read_output(io.BytesIO(b"x" * 100_000))
    assert process.printed_bytes == 100_000
    process.close()


def test_the_classes_of_a_run_are_imported_before_they_are_used(tmp_path: Path) -> None:
    imported = tmp_path / "imported"
    (modules := tmp_path / "run" / "modules").mkdir(parents=True)
    (modules / "slow_parts.py").write_text(f"open({str(imported)!r}, 'w').close()\nclass Slow: ...\n")
    sign_modules(modules)

    start_hosts(
        [PluginRef(point="algorithm", reference="", module="slow_parts", name="Slow")], tmp_path / "run"
    )
    try:
        until = time.monotonic() + 60
        while not imported.exists() and time.monotonic() < until:
            time.sleep(0.02)
        assert imported.exists()
    finally:
        end_hosts(tmp_path / "run")
