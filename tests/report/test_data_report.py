"""The data report: one file, everything of it escaped, nothing loaded from elsewhere."""

from __future__ import annotations

import re

from litmus_core.data import import_table, profile
from litmus_core.report import check_sentence, data_report
from litmus_core.store import Workspace
from litmus_core.types import CheckReport, EvidenceTable, Finding, Fix, SkippedCheck, Statement

EVIL = "<script>alert(1)</script>"


def _version(tmp_path, content):
    workspace = Workspace(tmp_path / "workspace").create()
    path = tmp_path / "orders.csv"
    path.write_text(content)
    version = import_table(workspace, path)
    return version, profile(workspace, version)


def _report(version, *findings, **given):
    return CheckReport(
        dataset_version_id=version.id, target="price", test_version_id=None, findings=findings, **given
    )


def test_findings_columns_and_their_figures_are_told(tmp_path):
    rows = "".join(f"{n},{'red' if n % 2 else 'blue'},{10 * n}\n" for n in range(60))
    version, counted = _version(tmp_path, "size,colour,price\n" + rows)
    finding = Finding(
        kind="leakage",
        severity="harmful",
        columns=("size",),
        statement=Statement.plain("'size' gives the answer away."),
        evidence=(Statement.plain("With it 0.99, without it 0.71."),),
        table=EvidenceTable(header=("with", "without"), rows=(("0.99", "0.71"),)),
        fix=Fix(kind="leave_out", columns=("size",)),
    )
    html = data_report(version, counted, _report(version, finding), created_at="2026-11-25T15:00:00+00:00")
    for told in (
        "One problem to fix.",
        "Checked for predicting 'price'.",
        "With it 0.99, without it 0.71.",
        "Leave &#x27;size&#x27; out",
        "60 rows",
        "2026-11-25 15:00 UTC",
        "<td>0.71</td>",
    ):
        assert told in html
    assert html.count("<svg") == 2  # the two columns of numbers
    assert "50%" in html  # red and blue


def test_nothing_of_the_table_becomes_markup_and_nothing_is_loaded(tmp_path):
    version, counted = _version(tmp_path, f"{EVIL},b\n" + f"{EVIL},1\nx,2\n" * 15)
    evil = Statement.plain(EVIL)
    finding = Finding(kind="x", severity="hint", statement=evil, evidence=(evil,))
    html = data_report(
        version,
        counted,
        _report(version, finding, not_made=(SkippedCheck(kind=EVIL, reason=EVIL),)),
        created_at="2026",
    )
    assert "<script" not in html
    assert not re.search(r"(src|href)\s*=|url\(|@import", html)


def test_checks_that_were_not_made_are_said(tmp_path):
    version, counted = _version(tmp_path, "a,b\n" + "1,2\n3,4\n" * 15)
    assert "The checks were not made" in data_report(version, counted, None, created_at="2026")
    assert "No serious data problems found." in data_report(
        version, counted, _report(version), created_at="2026"
    )


def test_what_was_not_looked_for_is_said_before_anybody_feels_safe(tmp_path):
    version, counted = _version(tmp_path, "a,b\n" + "1,2\n3,4\n" * 15)
    report = _report(
        version,
        not_made=(
            SkippedCheck(kind="leakage", reason="It needs a target.", lacks="target"),
            SkippedCheck(kind="shift", reason="It needs test rows.", lacks="test"),
            SkippedCheck(kind="imbalance", reason="'b' is empty."),
            SkippedCheck(kind="rare_labels", reason="'b' is empty."),
        ),
    )
    assert check_sentence(report) == (
        "No serious data problems found so far. 1 more check needs to know what you want to "
        "predict. 2 checks could not be made: 'b' is empty."
    )
    html = data_report(version, counted, report, created_at="2026")
    assert "<td>Columns that give the answer away</td>" in html


def test_what_someone_said_is_fine_is_marked_and_does_not_count(tmp_path):
    version, counted = _version(tmp_path, "a,b\n" + "1,2\n3,4\n" * 15)
    said = Statement.plain("'a' tells.")
    fine = Finding(kind="leakage", severity="harmful", statement=said, columns=("a",), dismissed=True)
    html = data_report(version, counted, _report(version, fine), created_at="2026")
    assert "No serious data problems found." in html
    assert "Would mislead the model (ignored)" in html


def test_a_few_missing_cells_are_never_said_to_be_none(tmp_path):
    version, counted = _version(tmp_path, "a,b\n" + ",2\n" + "3,4\n" * 2000)
    html = data_report(version, counted, None, created_at="2026")
    assert "<dd>1 (under 0.1%)</dd>" in html
    assert "<dd>none</dd>" in html
