"""Tables to check: written from columns, imported as anyone would."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from litmus_core.checks import evidence_sentences, finding_sentence, run_checks
from litmus_core.data import import_table
from litmus_core.store import Workspace
from litmus_core.types import CheckReport, from_plain, to_plain


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., CheckReport]:
    """Return a function that imports a frame (and own test rows) and gives what the checks find."""
    workspace = Workspace(tmp_path / "workspace").create()

    def check(frame: pd.DataFrame, *, test: pd.DataFrame | None = None, **asked: Any) -> CheckReport:
        path = tmp_path / "table.csv"
        frame.to_csv(path, index=False)
        version = import_table(workspace, path)
        own = None
        if test is not None:
            test.to_csv(tmp_path / "test.csv", index=False)
            own = import_table(workspace, tmp_path / "test.csv", like=version)
        report = run_checks(workspace, version, test=own, **asked)
        assert from_plain(CheckReport, json.loads(json.dumps(to_plain(report)))) == report
        said = [(finding_sentence(finding), *evidence_sentences(finding)) for finding in report.findings]
        assert all(text[0].strip() and text.endswith(".") for texts in said for text in texts)
        return report

    return check
