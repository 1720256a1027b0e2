"""Plug-ins of a workspace: nothing runs before it is trusted, and each has a state and a reason."""

from __future__ import annotations

import importlib.metadata
import shutil
from pathlib import Path

import pytest

from litmus_core.errors import UnknownNameError, UsageError, WorkspaceError
from litmus_core.plugins import (
    CheckResult,
    PlugIn,
    PlugInReport,
    PlugInState,
    describe,
    digest_of_file,
    disable_part,
    find_plugin,
    find_plugins,
    resolve_part,
)
from litmus_core.types import PluginRef

CAPS = """
from pathlib import Path
Path(__file__).with_name("ran").touch()
from litmus_core.plugins import preprocessor
import shop_words


@preprocessor
class Caps:
    def __init__(self, most: float = 9.0):
        self.most = most

    def transform(self, frame):
        return frame.clip(upper=self.most)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "caps.py").write_text(CAPS)
    (tmp_path / "plugins" / "_hidden.py").write_text("raise SystemExit")
    (tmp_path / "plugins" / "shop_words.py").write_text("from litmus_core.plugins import hook\n")
    return tmp_path


def passed(name: str, *, point: str = "preprocess", said: str = "") -> PlugInReport:
    result = CheckResult(name="runs", passed=not said, message=said)
    return PlugInReport(point=point, name=name, reference="", results=(result,))  # type: ignore[arg-type]


def state_of(home: Path, where: str = "plugins/caps.py") -> PlugIn:
    return next(each for each in find_plugins(home) if each.where == where)


def test_nothing_of_a_file_is_run_before_it_is_trusted(home: Path) -> None:
    found = state_of(home)

    assert (found.state, found.described) == ("not trusted", None)
    assert "plugins/_hidden.py" not in {each.where for each in find_plugins(home)}
    assert not list(home.rglob("ran"))


def test_trusted_then_checked_it_is_ready(home: Path) -> None:
    state = PlugInState(home)
    key = state.trust(home / "plugins" / "caps.py")
    waiting = state_of(home)
    assert (waiting.state, waiting.name) == ("not checked", "Caps")

    state.store_report(key, passed("Caps"))

    ready = find_plugin(home, "preprocess", "Caps")
    assert ready.described is not None
    assert ready.described.reference == "plugins/caps.py:Caps"
    assert ready.described.part(most=3).parameters == (("most", 3.0),)
    assert (
        resolve_part(home, PluginRef(point="preprocess", reference="Caps")).reference
        == "plugins/caps.py:Caps"
    )
    assert not list((home / "plugins").glob("ran"))  # a copy was run


@pytest.mark.parametrize("changed", ["caps.py", "shop_words.py"])
def test_a_changed_file_or_what_it_imports_is_asked_for_again(home: Path, changed: str) -> None:
    state = PlugInState(home)
    state.store_report(state.trust(home / "plugins" / "caps.py"), passed("Caps"))
    assert state_of(home).state == "ready"

    with (home / "plugins" / changed).open("a") as file:
        file.write("# another line\n")

    assert state_of(home).state == "not trusted"
    with pytest.raises(UnknownNameError, match=r"Not trusted yet: plugins/caps.py"):
        find_plugin(home, "preprocess", "Caps")


def test_a_workspace_from_someone_else_brings_no_trust(
    home: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    PlugInState(home).trust(home / "plugins" / "caps.py")
    assert state_of(home).state == "not checked"

    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("another-person")))

    assert state_of(home).state == "not trusted"
    PlugInState(home).trust(home / "plugins" / "shop_words.py")  # a key of their own now
    assert state_of(home).state == "not trusted"


def test_the_key_is_for_its_owner_alone(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    PlugInState(home).trust(home / "plugins" / "caps.py")

    own_key = tmp_path / "config" / "litmus" / "trust.key"
    assert own_key.stat().st_mode & 0o777 == 0o600


def test_a_kept_copy_that_was_changed_is_not_run(home: Path) -> None:
    state = PlugInState(home)
    key = state.trust(home / "plugins" / "caps.py")
    (state.source_of(key) / "modules" / "shop_words.py").write_text("evil = True")

    with pytest.raises(UsageError, match="The copy of a trusted plug-in was changed"):
        state.source_of(key)


def test_failed_and_disabled_ones_say_why(home: Path) -> None:
    state = PlugInState(home)
    key = state.trust(home / "plugins" / "caps.py")
    state.store_report(key, passed("Caps", said="ValueError: no luck"))
    with pytest.raises(UsageError, match="cannot be used: runs: ValueError: no luck"):
        find_plugin(home, "preprocess", "Caps")

    state.store_report(key, passed("Caps"))
    disable_part(home, PluginRef(point="preprocess", reference="", name="Caps"), "it hung")
    with pytest.raises(
        UsageError, match=r"cannot be used: it hung. Once it is fixed: litmus plugins enable Caps"
    ):
        find_plugin(home, "preprocess", "Caps")

    state.enable("preprocess", "Caps")
    assert find_plugin(home, "preprocess", "Caps").state == "ready"


def test_two_of_one_name_are_said_with_both_files(home: Path) -> None:
    shutil.copy(home / "plugins" / "caps.py", home / "plugins" / "more.py")
    state = PlugInState(home)
    for name in ("caps.py", "more.py"):
        state.store_report(state.trust(home / "plugins" / name), passed("Caps"))

    with pytest.raises(
        UsageError, match=r"plugins/caps.py and plugins/more.py both have a pre-processor called 'Caps'"
    ):
        find_plugin(home, "preprocess", "Caps")


def test_a_metric_called_like_one_of_litmus_own_is_said(home: Path) -> None:
    file = home / "plugins" / "scores.py"
    file.write_text(
        "from litmus_core.plugins import metric\n"
        "@metric(needs='labels', greater_is_better=True)\ndef accuracy(truth, answer):\n    return 1.0\n"
    )
    PlugInState(home).trust(file)

    found = state_of(home, "plugins/scores.py")
    assert found.state == "two with the same name"
    assert "Litmus itself has a metric called 'accuracy'" in found.reason


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("def broken(:\n", "scores.py is not valid Python: invalid syntax, in line 1"),
        ("import nowhere_at_all\n", "No module named 'nowhere_at_all', in line 1 of scores.py"),
        ("x = 1\n", "scores.py holds no plug-in"),
        ("import time\n@property\ndef x(self): ...\n1/0\n", "ZeroDivisionError: division by zero, in line 4"),
        (
            "from litmus_core.plugins import preprocessor\n@preprocessor\nclass P:\n    pass\n",
            "the pre-processor P has no transform",
        ),
        (
            "from litmus_core.plugins import preprocessor\n@preprocessor\nclass P:\n"
            "    def __init__(self, x): ...\n    def transform(self, frame): ...\n",
            "the parameter x of P has no default",
        ),
        (
            "from litmus_core.plugins import preprocessor\n@preprocessor\nclass P:\n"
            "    def __init__(self, x: list = ()): ...\n    def transform(self, frame): ...\n",
            "annotated as neither bool, int, float, str nor Literal",
        ),
        (
            "from typing import Annotated\nfrom litmus_core.plugins import Range, preprocessor\n"
            "@preprocessor\nclass P:\n    def __init__(self, x: Annotated[float, Range(0, 1)] = 5): ...\n"
            "    def transform(self, frame): ...\n",
            "the default of P is not valid: x of P is between 0 and 1, not 5",
        ),
        (
            "from litmus_core.plugins import data_source\n@data_source(prefix='shop')\ndef read(at): ...\n",
            "write one such as shop://",
        ),
        (
            "from litmus_core.plugins import data_source\n@data_source(prefix='s3://')\ndef read(at): ...\n",
            "Litmus reads s3:// itself",
        ),
    ],
)
def test_a_file_that_cannot_be_used_says_why(home: Path, content: str, said: str) -> None:
    file = home / "plugins" / "scores.py"
    file.write_text(content)
    if "broken" not in content:
        PlugInState(home).trust(file)

    found = state_of(home, "plugins/scores.py")
    assert found.state == "broken"
    assert said in found.reason


def test_a_plug_in_says_its_parameters(tmp_path: Path) -> None:
    from tests.testing.sound import SOURCE

    file = tmp_path / "sound_parts.py"
    file.write_text(SOURCE)
    caps, words, *_ = describe(file)

    assert (caps.title, caps.when, words.title) == ("Capped prices", "A few prices run away", "Words")
    share, how, name = caps.parameters
    assert (share.kind, share.default, share.low, share.high) == ("float", 0.95, 0, 1)
    assert share.help == "the share that stays"
    assert (how.kind, how.choices) == ("choice", ("cut", "log"))
    assert (name.kind, name.optional) == ("text", True)
    assert caps.sha256 == digest_of_file(file)
    with pytest.raises(UnknownNameError, match="Did you mean 'share'"):
        caps.part(shares=1)
    with pytest.raises(UsageError, match="share of Caps is between 0 and 1, not 2"):
        caps.part(share=2)


def test_an_installed_package_offers_plug_ins_by_entry_points(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    info = site / "shop_addons-2.5.dist-info"
    info.mkdir(parents=True)
    (site / "shop_addons.py").write_text(
        "from litmus_core.plugins import exporter\n@exporter\nclass Shelf:\n"
        "    def write(self, bundle, to): ...\n"
    )
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: shop-addons\nVersion: 2.5\n")
    (info / "entry_points.txt").write_text("[litmus.plugins]\nshelf = shop_addons:Shelf\n")
    (info / "top_level.txt").write_text("shop_addons\n")
    (info / "RECORD").write_text("shop_addons.py,,\n")
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.setenv("PYTHONPATH", str(site), prepend=":")
    assert importlib.metadata.version("shop-addons") == "2.5"

    found = state_of(home, "shop-addons")
    assert (found.origin, found.name, found.state) == ("installed", "Shelf", "not checked")
    assert found.described is not None
    assert found.described.version == "2.5"


def test_a_key_that_cannot_be_kept_is_said(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    with pytest.raises(WorkspaceError, match=r"cannot be kept at .*trust\.key: Not a directory") as error:
        PlugInState(home).trust(home / "plugins" / "caps.py")
    assert "XDG_CONFIG_HOME" in error.value.hint
