"""Plug-ins as a visitor meets them: read, trusted, checked, switched off and on, asked for by a run."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.examples import examples
from litmus_core.experiments import PluginChecksService, Studio
from litmus_core.plugins import CheckResult, PlugInReport, PlugInState, digest_of_file
from litmus_core.store import Workspace
from litmus_core.types import Bar, PlugInFailed
from tests.app.visit import text, visit
from tests.app.world import EXPERIMENT, METRICS, RUN, World

CAPS = "preprocess.Caps"
PASSED = CheckResult(name="runs", passed=True, seconds=0.1)
FAILED = CheckResult(
    name="missing values", passed=False, message="ValueError: no price, in line 7 of caps.py"
)


@pytest.fixture
def file() -> Path:
    """The guides' pre-processor, in the workspace."""
    example = next(each for each in examples() if each.point == "preprocess")
    with Studio.open() as studio:
        return studio.plugins.create_file(example.file, example.text)


def trust(file: Path) -> None:
    PlugInState(file.parents[1]).trust(file)


def judge(file: Path, *results: CheckResult) -> None:
    """Keep a report, as if the file had been checked."""
    report = PlugInReport(point="preprocess", name="Caps", reference="plugins/caps.py:Caps", results=results)
    PlugInState(file.parents[1]).store_report(digest_of_file(file), report)


def buttons(app: AppTest) -> list[str]:
    return [each.key for each in app.button if each.key and not each.key.startswith("write-")]


def test_an_example_is_written_by_one_click_and_then_waits_for_trust() -> None:
    app = visit("plugins")
    assert "No plug-in yet" in text(app)

    app.button(key="write-caps.py").click().run()

    assert "Not trusted yet" in text(app)
    assert (Workspace.locate().path / "plugins" / "caps.py").read_text() == next(
        each.text for each in examples() if each.file == "caps.py"
    )
    assert buttons(app) == ["trust-plugins/caps.py"]


def test_what_is_written_among_the_examples_is_then_shown(file: Path) -> None:
    app = visit("plugins", section="examples")

    app.button(key="write-rescue.py").click().run()

    assert {"trust-plugins/caps.py", "trust-plugins/rescue.py"} <= set(buttons(app))


def test_a_file_that_is_there_is_not_written_again(file: Path) -> None:
    app = visit("plugins", section="examples")

    assert app.button(key="write-caps.py").disabled
    assert not app.button(key="write-rescue.py").disabled


def test_the_source_is_shown_before_it_is_trusted(file: Path) -> None:
    app = visit("plugins")
    app.button(key="trust-plugins/caps.py").click().run()
    assert "class Caps:" in "\n".join(each.value for each in app.code)

    app.button(key="trust.confirm").click().run()

    assert "Not checked yet" in text(app)
    assert buttons(app) == [f"check-{CAPS}", f"disable-{CAPS}"]


def test_what_changed_after_it_was_read_is_not_trusted(file: Path) -> None:
    app = visit("plugins")
    app.button(key="trust-plugins/caps.py").click().run()
    file.write_text(f"{file.read_text()}\n# and something else\n")

    app.button(key="trust.confirm").click().run()

    assert "caps.py was changed after you read it." in [each.proto.title for each in app.warning]
    assert not PlugInState(file.parents[1]).is_trusted(digest_of_file(file))


def test_two_of_one_name_are_told_apart(file: Path) -> None:
    with Studio.open() as studio:
        other = studio.plugins.create_file("more_caps.py", file.read_text())
    trust(file)
    trust(other)

    said = text(visit("plugins"))

    assert said.count("Name taken twice") == 2
    assert "plugins/caps.py and plugins/more_caps.py both have a pre-processor called 'Caps'" in said


def test_leaving_it_trusts_nothing(file: Path) -> None:
    app = visit("plugins")
    app.button(key="trust-plugins/caps.py").click().run()

    app.button(key="trust.cancel").click().run()

    assert "Not trusted yet" in text(app)
    assert "trust.confirm" not in buttons(app)


def test_checks_are_made_in_the_background_and_can_be_stopped(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(file)
    going: list[str] = []
    monkeypatch.setattr(PluginChecksService, "start", lambda self, plugin: going.append(plugin.name))
    monkeypatch.setattr(PluginChecksService, "stop", lambda self, plugin: going.clear())
    monkeypatch.setattr(
        PluginChecksService,
        "progress",
        lambda self, plugin: "Caps: 3 of 12 checks made. Now: missing values…" if going else None,
    )
    app = visit("plugins")

    app.button(key=f"check-{CAPS}").click().run()
    assert "3 of 12 checks made" in text(app)
    assert buttons(app) == [f"stop-{CAPS}"]

    app.button(key=f"stop-{CAPS}").click().run()
    assert "checks made" not in text(app)
    assert buttons(app) == [f"check-{CAPS}", f"disable-{CAPS}"]


def test_what_the_checks_found_stands_line_by_line(file: Path) -> None:
    trust(file)
    judge(file, PASSED, FAILED)

    app = visit("plugins")

    assert "Failed its checks" in text(app)
    assert "ValueError: no price, in line 7 of caps.py." in text(app)
    assert app.expander[0].label == "1 of 2 checks failed"
    assert app.button(key=f"check-{CAPS}").label == "Check again"


def test_a_ready_one_is_disabled_and_enabled_again(file: Path) -> None:
    trust(file)
    judge(file, PASSED)
    app = visit("plugins")
    assert "Ready" in text(app)

    app.button(key=f"disable-{CAPS}").click().run()
    assert "You disabled it." in text(app)

    app.button(key=f"enable-{CAPS}").click().run()
    assert "You disabled it." not in text(app)
    assert f"disable-{CAPS}" in buttons(app)


def test_the_call_follows_the_form(file: Path) -> None:
    trust(file)
    judge(file, PASSED)
    app = visit("plugins")

    app.number_input(key=f"call-{CAPS}-share").set_value(0.5).run()

    assert "Caps(share=0.5)" in app.code[0].value


def test_a_file_that_cannot_be_imported_says_where(file: Path) -> None:
    file.write_text("from litmus_core.plugins import preprocessor\n\nraise OSError('no prices')\n")
    trust(file)

    app = visit("plugins")

    assert "Cannot be used" in text(app)
    assert "OSError: no prices, in line 3 of caps.py." in text(app)


def test_a_run_leads_to_the_plug_in_that_it_went_on_without(file: Path) -> None:
    trust(file)
    world = World(Workspace.locate())
    said = "Your pre-processor Caps stopped: KeyError: 'price', in line 15 of caps.py."
    world.run(world.experiment())
    world.journal.append(PlugInFailed(run_id=RUN, point="preprocess", name="Caps", sentence=said))
    PlugInState(file.parents[1]).disable("preprocess", "Caps", reason="KeyError: 'price', in line 15")

    app = visit("results", experiment=EXPERIMENT, run=RUN)

    assert said in text(app)
    assert "See pre-processor Caps" in [each.proto.label for each in app.get("page_link")]
    assert "KeyError: 'price', in line 15." in text(visit("plugins", plugin=CAPS))


def test_without_a_run_there_is_no_code_and_a_way_to_begin() -> None:
    assert "No run yet" in text(visit("plugins", section="code"))


def test_the_code_of_any_run_is_shown_and_can_be_taken_along() -> None:
    world = World(Workspace.locate())
    asked = world.experiment()
    world.run(asked)
    world.second_run(asked)

    app = visit("plugins", section="code")
    app.selectbox(key="code.run").set_value(RUN).run()

    assert "litmus_core.train(" in app.code[0].value
    names = [each.proto.label for each in app.get("download_button")]
    assert names == ["As a script", "As a notebook"]


def test_results_offer_the_python_of_their_run_folded() -> None:
    world = World(Workspace.locate())
    world.run(world.experiment())

    app = visit("results", experiment=EXPERIMENT, run=RUN)

    assert "The Python of this run" in [each.label for each in app.expander]
    assert not app.code, "it is written when somebody opens it"


@pytest.mark.parametrize("page", ["results", "leaderboards"])
def test_a_metric_that_waits_for_trust_leads_to_it(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(METRICS, "binary", ("profit", Bar(metric="profit", op=">=", value=0.85)))
    world = World(Workspace.locate())
    world.run(world.experiment(), outcome="misses", diagnosed=False)
    (world.workspace.path / "plugins").mkdir(exist_ok=True)
    (world.workspace.path / "plugins" / "money.py").write_text("from litmus_core.plugins import metric\n")

    app = visit(page, experiment=EXPERIMENT, run=RUN)

    assert app.warning[0].proto.title == "There is no metric 'profit'."
    assert "It may be in plugins/money.py, which is not trusted yet." in app.warning[0].value
    assert "litmus plugins trust plugins/money.py" in app.warning[0].value
    assert "See what waits for trust" in [each.proto.label for each in app.get("page_link")]
