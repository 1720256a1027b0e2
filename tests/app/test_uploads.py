"""A path that is typed on a page is read only where it lies below a folder that may be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.uploads import allowed_path
from litmus_core.errors import UsageError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with a table, keys, links to both, and something outside."""
    home = tmp_path / "home"
    for name in ("home/data", "home/.ssh/deep", "home/work/.git", "outside", "here"):
        (tmp_path / name).mkdir(parents=True)
    for name in (
        "data/shop.csv",
        ".ssh/id.csv",
        ".ssh/deep/id.csv",
        ".netrc",
        "work/.env",
        "work/.git/x.csv",
    ):
        (home / name).write_text("a\n1\n")
    (tmp_path / "outside" / "x.csv").write_text("a\n1\n")
    (home / "link.csv").symlink_to(home / "data" / "shop.csv")
    (home / "keys").symlink_to(home / ".ssh")
    (home / "away").symlink_to(tmp_path / "outside")
    (home / "circle").symlink_to(home / "circle")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("LITMUS_DATA_FOLDERS", raising=False)
    monkeypatch.chdir(tmp_path / "here")
    return home


@pytest.mark.parametrize("text", ["~/data/shop.csv", "~/.ssh/../data/shop.csv", "~/link.csv"])
def test_a_table_below_the_home_folder_is_read_where_it_really_is(home: Path, text: str) -> None:
    assert allowed_path(text) == (home / "data" / "shop.csv").resolve()


def test_the_folder_where_litmus_was_started_is_read(home: Path) -> None:
    assert allowed_path("shop.csv") == (home.parent / "here" / "shop.csv").resolve()


@pytest.mark.parametrize(
    "text",
    ["~/.ssh/id.csv", "~/.ssh", "~/.ssh/deep/id.csv", "~/.netrc", "~/work/.env", "~/work/.git/x.csv",
     "~/keys/id.csv", "~/data/../.ssh/id.csv", "~/keys/deep/../id.csv", "~/.not-there"],
)  # fmt: skip
def test_what_begins_with_a_dot_is_never_read_by_whatever_way(home: Path, text: str) -> None:
    with pytest.raises(UsageError, match=r"begins with a dot.*Upload the file instead"):
        allowed_path(text)


@pytest.mark.parametrize(
    "text", ["../outside/x.csv", "~/away/x.csv", "/etc/passwd", "~/../outside/x.csv", "/"]
)
def test_what_lies_elsewhere_is_refused_whether_it_is_there_or_not(home: Path, text: str) -> None:
    with pytest.raises(UsageError, match="outside the folders that may be read here"):
        allowed_path(text)


@pytest.mark.parametrize("text", ["~/circle", "~nobody-of-this-name/x", "a\0b"])
def test_what_is_no_path_is_said(home: Path, text: str) -> None:
    with pytest.raises(UsageError):
        allowed_path(text)


def test_other_folders_can_be_named_and_replace_the_usual_ones(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = home.parent / "outside"
    monkeypatch.setenv("LITMUS_DATA_FOLDERS", os.pathsep.join([str(outside), "~/work"]))

    assert allowed_path(str(outside / "x.csv")) == (outside / "x.csv").resolve()
    with pytest.raises(UsageError, match="outside the folders"):
        allowed_path("~/data/shop.csv")
    with pytest.raises(UsageError, match="begins with a dot"):
        allowed_path("~/work/.env")
