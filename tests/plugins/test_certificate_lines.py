"""Certificate lines of a workspace: what they may answer, and that none of them vanishes by failing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from litmus_core.deploy import DEFAULT_ENVIRONMENTS
from litmus_core.plugins import PluginFailedError as Failed
from litmus_core.plugins import (
    PlugInReport,
    PlugInState,
    find_plugins,
    has_current_lines,
    read_line,
    try_lines,
)
from litmus_core.types import Certificate, CertificateLine, LabReport

SOURCE = """
import time
import numpy as np
from litmus_core.plugins import certificate_line


@certificate_line(title="Small enough")
class Small:
    def check(self, facts, rows, predictions):
        share = (rows["sold"] == predictions["prediction"]).mean()
        return {"passed": share >= 0.5, "figure": np.float32(0.5), "sentence": f" {len(rows)} \\n rows "}


@certificate_line
class Raises:
    def check(self, facts, rows, predictions):
        raise OSError("no licence server")


@certificate_line
class Hangs:
    def check(self, facts, rows, predictions):
        time.sleep(600)


@certificate_line
class Odd:
    def check(self, facts, rows, predictions):
        return {"pased": True, "sentence": "Fine."}
"""
NAMES = ("Small", "Raises", "Hangs", "Odd")
ROWS = pd.DataFrame({"size": [1.0, 2.0], "sold": ["yes", "no"]})
ANSWERS = pd.DataFrame({"prediction": ["yes", "yes"]})


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A workspace whose four lines are trusted and passed their checks."""
    state = PlugInState(tmp_path)
    state.folder.mkdir()
    (state.folder / "rules.py").write_text(SOURCE)
    ready(tmp_path)
    return tmp_path


def ready(home: Path) -> None:
    state = PlugInState(home)
    digest = state.trust(state.folder / "rules.py")
    for name in NAMES:
        state.store_report(digest, PlugInReport(point="certificate_line", name=name, reference=name))


def tried(home: Path) -> dict[str, CertificateLine]:
    return {line.plugin: line for line in try_lines(home, {}, ROWS, ANSWERS, timeout_s=3)}


def certificate(lines: tuple[CertificateLine, ...]) -> Certificate:
    report = LabReport(environment=DEFAULT_ENVIRONMENTS[0], own_environment=False)
    return Certificate(
        bundle_id="bd_1", bundle_sha256="", form="short", made_at="2026", lines=lines, report=report
    )


def test_a_check_answers_with_a_line_and_each_that_does_not_is_a_failed_line(home: Path) -> None:
    found = tried(home)

    small = found.pop("Small")
    assert (small.title, small.passed, small.figure, small.text) == ("Small enough", True, 0.5, "2 rows")
    assert small.version == find_plugins(home)[0].key
    assert {name: (line.passed, line.version) for name, line in found.items()} == dict.fromkeys(
        ("Raises", "Hangs", "Odd"), (False, "")
    )
    assert found["Raises"].text == (
        "Your check Raises gave no answer: OSError: no licence server, in line 17 of rules.py."
    )
    assert "3 s" in found["Hangs"].text
    assert found["Odd"].text.endswith("the line has 'pased', which nothing reads (did you mean 'passed'?).")
    assert {plugin.state for plugin in find_plugins(home)} == {"ready"}


def test_only_a_disabled_line_and_a_removed_file_are_left_out(home: Path) -> None:
    state = PlugInState(home)
    for name in ("Hangs", "Odd", "Raises"):
        state.disable("certificate_line", name, reason="you disabled it")
    assert set(tried(home)) == {"Small"}

    (state.folder / "rules.py").write_text(SOURCE.replace(">= 0.5", ">= 0.9"))
    line = tried(home)["Small"]
    assert (line.passed, line.version) == (False, "")
    assert line.text == (
        "Your check Small gave no answer: it is not trusted: nothing of it was run (plugins/rules.py)."
    )
    (state.folder / "rules.py").unlink()
    assert tried(home) == {}


def test_a_line_whose_checks_were_not_made_fails(home: Path) -> None:
    state = PlugInState(home)
    (state.folder / "rules.py").write_text(SOURCE.replace(">= 0.5", ">= 0.1"))
    state.trust(state.folder / "rules.py")

    line = tried(home)["Small"]

    assert (line.passed, line.version) == (False, "")
    assert line.text.endswith("gave no answer: its checks were not made yet (plugins/rules.py).")
    assert has_current_lines(home, certificate(tuple(tried(home).values())))


def test_a_certificate_is_current_until_a_line_is_added_changed_or_left_unanswered(home: Path) -> None:
    state = PlugInState(home)
    assert not has_current_lines(home, certificate(()))
    for name in ("Hangs", "Odd", "Raises"):
        state.disable("certificate_line", name, reason="you disabled it")
    lines = tuple(tried(home).values())
    assert has_current_lines(home, certificate(lines))
    state.enable("certificate_line", "Raises")
    assert not has_current_lines(home, certificate(lines))
    assert not has_current_lines(home, certificate(tuple(tried(home).values())))
    state.disable("certificate_line", "Raises", reason="you disabled it")
    (state.folder / "rules.py").write_text(SOURCE.replace(">= 0.5", ">= 0.9"))
    ready(home)
    assert not has_current_lines(home, certificate(lines))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "check returned nothing, not a dictionary"),
        ([], "check returned list"),
        ({"passed": True}, "the line has no 'sentence'"),
        ({"sentence": "Fine."}, "the line has no 'passed'"),
        ({"passed": 1, "sentence": "Fine."}, "passed is 1; write True, False, or None"),
        ({"passed": True, "sentence": " "}, "the sentence is ' '"),
        ({"passed": True, "sentence": "x" * 1_001}, "1,001 letters"),
        ({"passed": True, "sentence": "Fine.", "figure": float("nan")}, "the figure is nan"),
        ({"passed": True, "sentence": "Fine.", "figure": "3"}, "the figure is '3'"),
        ({"passed": True, "sentence": "Fine.", "name": "x"}, "'name', which nothing reads"),
    ],
)
def test_a_line_that_cannot_be_read_is_said(answer: Any, said: str) -> None:
    with pytest.raises(Failed, match=said):
        read_line(answer, name="Small")
