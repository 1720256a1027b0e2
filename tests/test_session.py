"""What one process of a session makes, all of them have."""

from __future__ import annotations

import fcntl
import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.session import made_once, shared_folder


def test_it_is_made_once_and_again_only_where_that_failed(tmp_path_factory: pytest.TempPathFactory) -> None:
    name, made = secrets.token_hex(4), []

    def make(folder: Path) -> str:
        made.append(folder)
        (folder / "left behind").touch(exist_ok=False)
        if len(made) == 1:
            raise ValueError("no luck")
        return "trained"

    with pytest.raises(ValueError, match="no luck"):
        made_once(tmp_path_factory, name, make)
    assert [made_once(tmp_path_factory, name, make) for _ in range(2)] == ["trained"] * 2
    assert len(made) == 2


def test_who_asks_while_another_makes_it_waits(tmp_path_factory: pytest.TempPathFactory) -> None:
    name = secrets.token_hex(4)
    folder = shared_folder(tmp_path_factory) / f"once-{name}"
    folder.mkdir()
    with ThreadPoolExecutor() as pool, (folder / "lock").open("w") as another:
        fcntl.flock(another, fcntl.LOCK_EX)
        asked = pool.submit(made_once, tmp_path_factory, name, str)
        with pytest.raises(TimeoutError):
            asked.result(timeout=0.5)
        fcntl.flock(another, fcntl.LOCK_UN)
        assert asked.result(timeout=60) == str(folder / "files")
