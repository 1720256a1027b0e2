"""The stage of README and guides, which all tests share, and a copy of it for each document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guides import stage
from tests.guides.blocks import ROOT
from tests.session import shared_folder
from tests.warm import client as warm

_EXPORTS = re.compile(r"export.*\bmodel\.zip")


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory, warm_workers: warm.Server) -> Path:
    warm_workers.start()
    return stage.made_stage(shared_folder(tmp_path_factory) / "stage of guides")


@pytest.fixture
def folder(base: Path, tmp_path: Path, document: str) -> Iterator[Path]:
    text = (ROOT / document).read_text(encoding="utf-8")
    here = stage.copy_stage(base, tmp_path / "here", makes_model=bool(_EXPORTS.search(text)))
    yield here
    stage.end_all(here)
