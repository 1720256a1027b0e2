"""Custom certificate lines on a real model: they are given its rows, and stop what they refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from litmus_core import Studio
from litmus_core.deploy import read_certificate
from litmus_core.deploy._endpoints.folder import EndpointFolder, State
from litmus_core.errors import BundleError, UsageError
from litmus_core.plugins import PlugInReport, PlugInState
from litmus_core.testing import check_file
from litmus_core.types import BundleCertified, Certificate, EndpointVersion
from tests.trained import Trained, copied, opened

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "plugin-certificate-lines.md"
EXAMPLES = dict(re.findall(r"```python\n# plugins/(\w+)\.py\n(.*?)```", GUIDE.read_text(), re.S))
LINE = """
from litmus_core.plugins import certificate_line


@certificate_line(title="Sells to somebody")
class Sells:
    def check(self, facts, rows, predictions):
        said, names = set(predictions["prediction"]), set(predictions)
        assert list(rows) == ["size", "colour", "day", "sold"], list(rows)
        assert names == {"prediction", "probability yes", "probability no"}, names
        assert len(rows) == len(predictions) and facts["verdict"]["n_rows"] > 0
        assert (facts["bundle"]["size_mb"], facts["model"]["family"]) > (0, "")
        return {"passed": said <= {"no"}, "figure": len(rows), "sentence": f"It says {sorted(said)}."}
"""
REFUSED = r"It says \['no', 'yes'\]\."


def add(studio: Studio, text: str, *names: str, file: str = "rules.py") -> None:
    """Put a trusted and checked file of lines into the workspace."""
    state = PlugInState(studio.workspace.path)
    state.folder.mkdir(exist_ok=True)
    (state.folder / file).write_text(text)
    digest = state.trust(state.folder / file)
    for name in names:
        state.store_report(digest, PlugInReport(point="certificate_line", name=name, reference=name))


@pytest.fixture(scope="module")
def certified(
    trained: Trained, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Studio, str, Certificate]]:
    """A studio with a bundle that was certified before anybody wrote a line, and the certificate."""
    with opened(copied(trained, tmp_path_factory.mktemp("lines"))) as studio:
        bundle = studio.bundles.export(trained.run.chosen_id or "")
        yield studio, bundle.id, studio.certificates.create(bundle.id, full=False)


def test_a_line_that_fails_fails_the_certificate_and_stops_deploying_and_the_gate(
    certified: tuple[Studio, str, Certificate], trained: Trained
) -> None:
    studio, bundle_id, before = certified
    assert before.passed, before.failures
    add(studio, LINE, "Sells")

    with pytest.raises(BundleError, match=REFUSED) as refused:
        studio.endpoints.deploy(bundle_id, name="shop")
    assert refused.value.hint.endswith("litmus plugins disable Sells.")
    certificate = studio.certificates.get(bundle_id)
    assert certificate is not None
    assert read_certificate(Path(studio.store.bundle(bundle_id).path)) == certificate
    assert (certificate.passed, certificate.report) == (False, before.report)
    assert certificate.lines[:-1] == before.lines
    line = certificate.lines[-1]
    assert (line.title, line.passed, line.text) == ("Sells to somebody", False, "It says ['no', 'yes'].")
    assert line.figure == 96
    gate = studio.decisions.gate(trained.run.id, "probably meets")
    assert gate.outcome == "not met"
    assert "It says ['no', 'yes']." in gate.sentence
    assert "certificate: Sells" in [check.name for check in gate.checks]
    report = studio.reports.experiment(trained.experiment.id)
    assert "Sells to somebody</dt><dd>Failed. It says [&#x27;no&#x27;, &#x27;yes&#x27;]." in report


def test_a_waiting_version_that_a_line_refuses_is_not_promoted_even_if_it_is_better(
    certified: tuple[Studio, str, Certificate], monkeypatch: pytest.MonkeyPatch
) -> None:
    studio, bundle_id, before = certified
    add(studio, LINE, "Sells")
    studio.context.record(BundleCertified(certificate=replace(before, form="full")))
    version = EndpointVersion(number=1, bundle_id="bd_live", path="/b", sha256="", added_at="2026")
    versions = (version, replace(version, number=2, bundle_id=bundle_id))
    state = State(id="ep_1", name="shop", versions=versions, live=1, started_at="2026")
    EndpointFolder(studio.workspace, "shop").write(state)
    monkeypatch.setattr("litmus_core.deploy.check_running", lambda *_: None, raising=False)
    compared = SimpleNamespace(state="better", challenger=2)
    monkeypatch.setattr(type(studio.retraining), "compare", lambda *_: compared)

    for promote in (studio.endpoints.promote, studio.retraining.promote):
        with pytest.raises(UsageError, match=REFUSED):
            promote("shop", because="It is better.")


def test_the_examples_of_the_guide_pass_their_checks_and_judge_a_model(
    certified: tuple[Studio, str, Certificate], tmp_path: Path
) -> None:
    studio, bundle_id, _ = certified
    for name, text in EXAMPLES.items():
        (tmp_path / f"{name}.py").write_text(text)
        for report in check_file(tmp_path / f"{name}.py", limit_s=60):
            assert report.passed, report.reason
    strict = EXAMPLES["groups"].replace("] = 5.0", "] = 0.0").replace("] = 100", "] = 20")
    add(studio, strict + EXAMPLES["small"], "NoGroupBehind", "FitsOnDevice")

    certificate = studio.certificates.current(bundle_id)

    assert certificate is not None
    lines = {line.plugin: line for line in certificate.plugin_lines}
    assert lines["FitsOnDevice"].passed
    assert lines["FitsOnDevice"].text.endswith("MB, and 50 MB are allowed.")
    assert lines["NoGroupBehind"].passed is False
    assert re.match(r"The group that falls behind most is colour = \w+: \d", lines["NoGroupBehind"].text)


def test_where_the_run_s_files_are_gone_a_line_gets_no_rows(
    certified: tuple[Studio, str, Certificate], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    studio, bundle_id, _ = certified
    text = LINE.replace(
        "said, names =", "return dict(passed=None, sentence=f'{len(rows)} rows')\n        said, names ="
    )
    add(studio, text, "Sells")
    monkeypatch.setattr(type(studio.workspace), "run_dir", lambda *_: tmp_path / "gone")

    certificate = studio.certificates.current(bundle_id)

    assert certificate is not None
    (line,) = certificate.plugin_lines
    assert (line.passed, line.text) == (None, "0 rows")
