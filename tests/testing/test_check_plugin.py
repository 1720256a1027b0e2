"""The conformance checks: what is sound passes, and each way to be faulty is caught and named."""

from __future__ import annotations

import importlib.util
import secrets
import sys
from pathlib import Path

import psutil
import pytest

from litmus_core.errors import UsageError
from litmus_core.plugins import PluginDescription, describe
from litmus_core.testing import check_file, check_plugin
from tests.cases import thinned
from tests.testing import faults
from tests.testing.faults import FAULTS, Fault
from tests.testing.sound import NAMES, SOURCE

PATIENCE_S = 60.0  # a busy machine is not a fault of a plug-in's


@pytest.fixture
def mark(monkeypatch: pytest.MonkeyPatch) -> str:
    """What every process that is started from here carries in its environment."""
    mark = secrets.token_hex(8)
    monkeypatch.setenv("LITMUS_TEST_MARK", mark)
    return mark


def processes_of(mark: str) -> list[str]:
    found = []
    for each in psutil.process_iter():
        try:
            if each.environ().get("LITMUS_TEST_MARK") == mark and each.status() != psutil.STATUS_ZOMBIE:
                found.append(" ".join(each.cmdline()))
        except (psutil.Error, OSError):
            continue
    return found


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> dict[str, PluginDescription]:
    file = tmp_path_factory.mktemp("faulty") / "faulty_parts.py"
    file.write_text(faults.SOURCE)
    described = {each.name: each for each in describe(file)}
    return {fault.name: described[faults.CLASSES[fault.name]] for fault in FAULTS}


def first_of_each_check() -> list[int]:
    """Return the places of the faults that are the first of their plug-in's kind that a check catches."""
    kinds = [(fault.name.partition(":")[0], fault.check) for fault in FAULTS]
    return [place for place, kind in enumerate(kinds) if kind not in kinds[:place]]


@pytest.mark.parametrize(
    "fault",
    thinned(
        FAULTS,
        keep=first_of_each_check(),
        reason="each check catches one fault of each kind; tests/plugins/test_apart.py says how code ends",
    ),
    ids=lambda fault: fault.name,
)
def test_a_faulty_plug_in_is_caught_and_named_and_leaves_no_process(
    faulty: dict[str, PluginDescription], mark: str, fault: Fault
) -> None:
    report = check_plugin(faulty[fault.name], limit_s=fault.limit_s or PATIENCE_S)

    assert not report.passed
    said = {each.name: each.message for each in report.failures}
    assert fault.check in said, said
    assert fault.said in said[fault.check]
    assert fault.said in report.reason
    assert processes_of(mark) == []


def test_a_file_is_checked_plug_in_by_plug_in(tmp_path: Path) -> None:
    file = tmp_path / "two_parts.py"
    file.write_text(
        "from litmus_core.plugins import metric\n\n\n"
        "@metric(needs='labels', low=0, high=1, greater_is_better=True)\n"
        "def share(truth, answer):\n    return float((truth == answer).mean())\n\n\n"
        "@metric(needs='labels', low=0, high=1, greater_is_better=True)\n"
        "def word(truth, answer):\n    return 'good'\n"
    )

    reports = check_file(file)

    assert {each.name: each.passed for each in reports} == {"share": True, "word": False}


def test_there_are_faults_of_each_kind_at_several_points() -> None:
    assert len(FAULTS) >= 25
    assert len({fault.name.partition(":")[0] for fault in FAULTS}) == 10


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, PluginDescription]:
    file = tmp_path_factory.mktemp("sound") / "sound_parts.py"
    file.write_text(SOURCE)
    return {each.name: each for each in describe(file)}


@pytest.mark.parametrize("name", NAMES)
def test_a_sound_plug_in_passes(sound: dict[str, PluginDescription], mark: str, name: str) -> None:
    report = check_plugin(sound[name], limit_s=PATIENCE_S)

    assert report.passed, report.reason
    assert not [each for each in report.results if each.skipped]
    assert processes_of(mark) == []


def test_an_author_checks_the_class_itself(tmp_path: Path) -> None:
    file = tmp_path / "author_parts.py"
    file.write_text(SOURCE + "\n\nclass Plain:\n    pass\n")
    spec = importlib.util.spec_from_file_location("author_parts", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["author_parts"] = module
    try:
        spec.loader.exec_module(module)
        report = check_plugin(module.Logged)
        assert (report.name, report.passed) == ("Logged", True)
        with pytest.raises(UsageError, match=r"'Plain' of author_parts.py is not marked as a plug-in"):
            check_plugin(module.Plain)
    finally:
        del sys.modules["author_parts"]


def test_what_is_no_class_of_a_file_is_refused() -> None:
    with pytest.raises(UsageError, match="is not a class or function of a file"):
        check_plugin(5)
