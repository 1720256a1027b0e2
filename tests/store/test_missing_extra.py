"""Where only what a bundle needs is installed, a workspace says what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from litmus_core.errors import MissingExtraError
from litmus_core.store import Workspace, open_store


def test_opening_a_workspace_without_the_train_extra_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("litmus_core.store._store.find_spec", lambda _name: None)

    with pytest.raises(MissingExtraError, match=r"^A workspace needs the 'train' extra\."):
        open_store(Workspace(tmp_path).create())
