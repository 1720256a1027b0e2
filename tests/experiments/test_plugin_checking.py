"""Plug-ins checked in the background, and trusted as they were read."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from litmus_core.errors import BusyError, UsageError
from litmus_core.experiments import Studio
from litmus_core.plugins import PlugIn

SOUND = """from litmus_core.plugins import hook


@hook
class Quiet:
    def on_run_end(self, ended):
        return None
"""
HANGS = SOUND.replace("Quiet", "Slow").replace(
    "return None", "import subprocess, time; subprocess.Popen(['sleep', '601']); time.sleep(600)"
)


@pytest.fixture
def studio() -> Iterator[Studio]:
    with Studio.open() as studio:
        yield studio


def put(studio: Studio, text: str) -> Path:
    file = studio.plugins.create_file("look.py", text)
    studio.plugins.trust(file)
    return file


def only(studio: Studio) -> PlugIn:
    (plugin,) = studio.plugins.list(built_in=False)
    return plugin


def sleeping() -> list[str]:
    found = []
    for each in psutil.process_iter():
        try:
            found += [" ".join(each.cmdline())] if each.cmdline()[-1:] == ["601"] else []
        except psutil.Error:
            continue
    return found


def test_it_says_how_far_it_is_and_keeps_what_it_found(studio: Studio) -> None:
    put(studio, SOUND)
    said = []
    studio.plugin_checks.start(only(studio))
    while (now := studio.plugin_checks.progress(only(studio))) is not None:
        said.append(now)
        time.sleep(0.02)

    assert studio.plugin_checks.problem(only(studio)) == ""
    assert only(studio).state == "ready"
    assert {each.partition(":")[0] for each in said} <= {"Starting.", "Quiet"}


def test_one_process_checks_a_file_and_is_stopped_with_all_that_it_started(studio: Studio) -> None:
    put(studio, HANGS)
    studio.plugin_checks.start(only(studio))
    try:
        with pytest.raises(BusyError, match=r"plugins/look.py is being checked already"):
            studio.plugin_checks.start(only(studio))
        while not sleeping():
            time.sleep(0.05)
        assert studio.plugin_checks.progress(only(studio)) == "Slow: 0 of 3 checks made. Now: looks on…"
    finally:
        studio.plugin_checks.stop(only(studio))

    assert studio.plugin_checks.progress(only(studio)) is None
    assert sleeping() == []
    assert only(studio).state == "not checked"


def test_why_it_came_to_nothing_is_said(studio: Studio) -> None:
    file = put(studio, SOUND)
    plugin = only(studio)
    file.write_text(f"{SOUND}# changed\n")

    studio.plugin_checks.start(plugin)
    while studio.plugin_checks.progress(plugin) is not None:
        time.sleep(0.02)

    assert "plugins/look.py is not trusted" in studio.plugin_checks.problem(plugin)


def test_the_source_is_the_file_and_what_it_imports_from_beside_it(studio: Studio) -> None:
    studio.plugins.create_file("_words.py", "WORD = 'done'\n")
    file = studio.plugins.create_file("look.py", f"from _words import WORD\n{SOUND}")

    source = studio.plugins.source(file)

    assert [name for name, _ in source.texts] == ["look.py", "_words.py"]
    assert source.sha256 == studio.plugins.trust(file, shown=source.sha256)


def test_what_changed_after_it_was_read_is_not_trusted(studio: Studio) -> None:
    file = studio.plugins.create_file("look.py", SOUND)
    read = studio.plugins.source(file).sha256
    file.write_text(f"{SOUND}# and something else\n")

    with pytest.raises(UsageError, match=r"look.py was changed after you read it"):
        studio.plugins.trust(file, shown=read)

    assert only(studio).state == "not trusted"


def test_a_file_that_is_there_is_not_written_over(studio: Studio) -> None:
    file = studio.plugins.create_file("look.py", SOUND)

    with pytest.raises(UsageError, match=r"There is a file plugins/look.py already"):
        studio.plugins.create_file("look.py", HANGS)

    assert file.read_text() == SOUND
