"""Nothing that somebody sent runs before it is trusted: every command and every page is used on it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from app.navigation import PAGES
from litmus_core import Studio
from litmus_core.cli import app
from tests.app.visit import go, visit
from tests.cases import amount
from tests.trained import Trained
from tests.trust import foreign

LEFT_OUT = {
    "app": "it serves the pages, which are opened one by one below",
    "demo": "it works on sample data of its own, in a workspace of its own",
}


@pytest.fixture(params=[False, True], ids=["whole", "damaged"])
def damaged(request: pytest.FixtureRequest) -> bool:
    """Whether payloads lie in place of JSON and arrays, too."""
    return bool(request.param)


@pytest.fixture
def sent(trained: Trained, damaged: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> foreign.Foreign:
    """A workspace from somebody else, named as one's own workspace is."""
    made = foreign.make(trained, tmp_path, caches=damaged)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config of the receiver"))
    monkeypatch.setenv("LITMUS_HOME", str(made.path))
    return made


def use(sent: foreign.Foreign, command: str, arguments: list[str], *, damaged: bool = False) -> int:
    """Use a command; a traceback is a failing test, but of caches that hold nonsense."""
    result = CliRunner().invoke(app, [command, *arguments])
    if result.exception is not None and not (damaged or isinstance(result.exception, SystemExit)):
        raise AssertionError(f"litmus {command} {' '.join(arguments)}") from result.exception
    assert sent.fired() == [], f"litmus {command} {' '.join(arguments)}"
    return result.exit_code


def settle(studio: Studio) -> None:
    """Look as the app does, again and again, for as long as a process needs to start."""
    studio.watch(every_s=0.1)
    time.sleep(3)


def test_every_command_is_used(tmp_path: Path) -> None:
    some = foreign.Foreign(**dict.fromkeys(foreign.Foreign.__dataclass_fields__, tmp_path))  # type: ignore[arg-type]
    known = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]

    assert known == {*foreign.commands(some, tmp_path), *LEFT_OUT}


def test_no_command_runs_anything_of_it(sent: foreign.Foreign, damaged: bool, tmp_path: Path) -> None:
    for command, calls in foreign.commands(sent, tmp_path).items():
        # Its other payloads lie in whole ones, too.
        for arguments in [*calls][: amount(1, thorough=99) if damaged else 99]:
            use(sent, command, [str(each) for each in arguments], damaged=damaged)
    with Studio.open(sent.path) as studio:
        settle(studio)
    assert sent.fired() == []
    native = [sent.candidate, "--form", "native", "--to", str(tmp_path / "x")]
    assert use(sent, "export", native) == 2
    assert use(sent, "export", [*native, "--workspace", str(tmp_path / "out-restored")]) == 2


@pytest.mark.parametrize("damaged", [False], indirect=True, ids=["whole"])
def test_no_page_runs_anything_of_it(sent: foreign.Foreign) -> None:
    about = {"experiment": sent.experiment, "run": sent.run, "candidate": sent.candidate}
    visitor = visit("home", **about)
    for page in PAGES:
        go(visitor, page)
        assert any("Somebody else made" in each.proto.title for each in visitor.warning), page
        assert sent.fired() == [], page
    time.sleep(3)
    assert sent.fired() == []


@pytest.mark.parametrize("damaged", [False], indirect=True, ids=["whole"])
def test_what_was_put_there_is_live_for_whoever_trusts_it(sent: foreign.Foreign, tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["trust", "--yes"]).exit_code == 0

    CliRunner().invoke(app, ["export", sent.candidate, "--form", "native", "--to", str(tmp_path / "x")])
    assert "run-predictor-models-trainer" in sent.fired()
    CliRunner().invoke(app, ["predict", str(sent.bundle), str(sent.rows), "--to", str(tmp_path / "y.csv")])
    assert any(name.startswith("bundle-") for name in sent.fired())


@pytest.mark.parametrize("damaged", [False], indirect=True, ids=["whole"])
def test_a_page_asks_once(sent: foreign.Foreign) -> None:
    visitor = visit("home")
    visitor.button(key="workspace-trust.ask").click().run()
    assert any("Runs that will start" in each.value for each in visitor.markdown)

    visitor.button(key="workspace-trust.confirm").click().run()

    assert not any("Somebody else made" in each.proto.title for each in visitor.warning)
    with Studio.open(sent.path) as studio:
        assert not studio.trust.untrusted()


@pytest.mark.parametrize("damaged", [False], indirect=True, ids=["whole"])
def test_nothing_of_it_is_imported_from_where_one_works(
    sent: foreign.Foreign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command that is begun in the workspace's folder finds no module there."""
    monkeypatch.chdir(sent.path)
    assert use(sent, "leaderboard", []) == 0
