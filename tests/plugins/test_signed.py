"""Source that a run keeps is run for who brought it, and for nobody else before they say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from litmus_core.errors import UsageError
from litmus_core.plugins import copy_parts, plugin_proxy, sign_modules
from litmus_core.types import PluginRef

CODE = "class Twice:\n    def apply(self, answers, rows):\n        return 2 * answers\n"


@pytest.fixture
def run(tmp_path: Path) -> tuple[Path, PluginRef]:
    """A run's folder with the source of a step, as its author had it copied."""
    (tmp_path / "steps.py").write_text(CODE)
    part = PluginRef(point="postprocess", reference=f"{tmp_path / 'steps.py'}:Twice")
    folder = tmp_path / "run_1"
    (brought,) = copy_parts([part], base=tmp_path, to=folder / "modules")
    return folder, brought


def test_who_brought_it_is_not_asked(run: tuple[Path, PluginRef]) -> None:
    folder, part = run

    assert plugin_proxy(part, folder).call("apply", 3.0, None) == 6.0


def test_someone_else_is_asked_once(
    run: tuple[Path, PluginRef], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, part = run
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "someone else"))
    with pytest.raises(UsageError, match="'run_1' keeps was not brought by you, so none") as error:
        plugin_proxy(part, folder)
    assert "litmus trust run_1" in error.value.hint

    sign_modules(folder / "modules")
    assert plugin_proxy(part, folder).call("apply", 3.0, None) == 6.0


def test_a_change_is_another_source(run: tuple[Path, PluginRef]) -> None:
    folder, part = run
    (folder / "modules" / "steps.py").write_text(CODE.replace("2", "3"))

    with pytest.raises(UsageError, match="was not brought by you"):
        plugin_proxy(part, folder)
