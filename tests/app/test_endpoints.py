"""Export once something answers: its state, its versions, its certificate, its environments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from litmus_core.errors import BusyError
from litmus_core.experiments import (
    BundlesService,
    CertificatesService,
    EndpointChange,
    EndpointsService,
    OutcomesService,
    RunsService,
    Studio,
)
from litmus_core.experiments._deploy.deployable.history import ChangeKind
from litmus_core.experiments._deploy.retraining import RetrainingService
from litmus_core.store import Workspace
from litmus_core.types import (
    BundleCertified,
    BundleExported,
    CertificateForm,
    EndpointStats,
    LiveCauses,
    LiveComparison,
    LiveJudgement,
    LiveVerdict,
    OutcomeCounts,
    OutcomeProblem,
    Restarts,
)
from tests.app.certified import SHOP, bundle, certificate, stats
from tests.app.visit import visit
from tests.app.world import EXPERIMENT, RUN, World, validation_rows
from tests.live_verdicts import live_verdict

WAITING = f"promote-{stats().id}-2"


class Place:
    """A run whose first two models are exported; what the studio is asked is written down."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.world = World(Workspace.locate())
        self.asked: list[Any] = []
        self.says: str | None = None
        self.found: list[EndpointStats] = [stats(n_versions=2)]
        self.world.run(self.world.experiment())
        for number in (0, 1):
            record = bundle(number, str(self.world.workspace.bundles))
            self.world.workspace.bundles.joinpath(f"model-{number}.zip").write_bytes(b"zip")
            self.world.journal.append(BundleExported(bundle=record))

        def note(name: str) -> Any:
            return lambda _, *what, **how: self.asked.append((name, *what, *how.values()))

        for service, names in (
            (EndpointsService, ("promote", "rollback", "stop", "start", "deploy")),
            (CertificatesService, ("start", "stop")),
            (BundlesService, ("export_as",)),
        ):
            noun = service.__name__.removesuffix("Service").lower()
            for name in names:
                monkeypatch.setattr(service, name, note(f"{noun}.{name}"))
        monkeypatch.setattr(EndpointsService, "list", lambda _: [])
        monkeypatch.setattr(EndpointsService, "all_stats", lambda _: self.found)
        monkeypatch.setattr(EndpointsService, "stats", lambda *_: self.found[0])
        monkeypatch.setattr(OutcomesService, "last_verdict", lambda *_: None)
        monkeypatch.setattr(OutcomesService, "source", lambda *_: None)
        monkeypatch.setattr(EndpointsService, "log", lambda *_, **__: "Version 1 is ready.")
        monkeypatch.setattr(CertificatesService, "progress", lambda *_: self.says)
        monkeypatch.setattr(RunsService, "validation_rows", lambda *_: validation_rows(self.world.model))

    def certify(self, number: int, *, form: CertificateForm = "full", passed: bool = True) -> None:
        earned = certificate(bundle(number).id, form=form, passed=passed)
        self.world.journal.append(BundleCertified(certificate=earned))

    def open(self, number: int = 0) -> AppTest:
        return visit("export", experiment=EXPERIMENT, candidate=f"{RUN}-model-{number}")


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Place:
    return Place(monkeypatch)


def text(app: AppTest) -> str:
    return "\n".join(each.value for each in (*app.markdown, *app.caption))


def keys(app: AppTest) -> list[str | None]:
    return [button.key for button in app.button]


def test_an_endpoint_shows_its_counts_times_and_log(place):
    app = place.open()
    assert "**Answering**" in text(app)
    assert {each.label: each.value for each in app.metric}["Requests"] == "1,200"
    assert "What was refused or failed: row does not fit: 2" in text(app)
    assert app.code[0].value == "Version 1 is ready."
    assert "deploy" not in keys(app)


def test_a_restart_is_said(place):
    place.found = [stats(restarts=Restarts(n=1, last_reason="The server was ended by signal 9."))]
    assert "Restarted by itself: The server was ended by signal 9." in text(place.open())


def test_an_endpoint_that_was_cut_off_says_so_and_starts_again_by_a_click(place):
    place.found = [stats(state="stopped", message="It was cut off: the process that kept it was killed.")]
    app = place.open()
    assert "It was cut off: the process that kept it was killed." in [each.value for each in app.warning]
    app.button(key=f"start-{stats().id}").click().run()
    assert place.asked == [("endpoints.start", "leave")]


def test_a_version_waits_for_its_full_certificate_with_the_reason(place):
    place.certify(1, form="short")
    app = place.open()
    assert app.button(key=WAITING).disabled
    assert "It needs a full certificate first" in text(app)


def test_a_version_that_passed_in_full_is_promoted_by_a_click(place):
    place.certify(1)
    app = place.open()
    app.button(key=WAITING).click().run()
    app.text_input(key=f"because-{stats().id}-2").set_value(" Nobody sends outcomes here. ")
    app.button(key=WAITING).click().run()
    assert place.asked == [
        ("endpoints.promote", "leave", 2, ""),
        ("endpoints.promote", "leave", 2, "Nobody sends outcomes here."),
    ]


def test_a_version_says_who_let_it_answer_and_why_and_an_older_one_takes_no_reason(place, monkeypatch):
    def change(number: int, kind: ChangeKind, **more: str) -> EndpointChange:
        return EndpointChange(
            at="2026-01-01T00:00:00+00:00",
            kind=kind,
            version=number,
            bundle_id=bundle(number - 1).id,
            by="Ada",
            **more,
        )

    history = [
        change(1, "started"),
        change(2, "promoted", reason="It is fairer."),
        change(3, "promoted", proof="Version 3 is better."),
    ]
    monkeypatch.setattr(EndpointsService, "history", lambda *_: history)
    place.found = [stats(n_versions=3, version=3, previous=2, bundle_id=bundle(2).id)]
    place.certify(0)
    app = place.open()
    assert "Promoted 1 Jan 2026 by Ada: It is fairer." in text(app)
    assert "Promoted 1 Jan 2026 by Ada: Version 3 is better." in text(app)
    assert not app.button(key=f"promote-{stats().id}-1").disabled
    assert [field.key for field in app.text_input if (field.key or "").startswith("because")] == []


def test_the_version_before_comes_back_by_a_click(place):
    place.found = [stats(n_versions=2, version=2, previous=1, bundle_id=bundle(1).id)]
    place.open(1).button(key="rollback-ep_00000000aa").click().run()
    assert place.asked == [("endpoints.rollback", "leave")]


def test_another_model_under_the_same_name_becomes_a_version_that_waits(place):
    place.found = [stats()]
    app = place.open(1)
    assert app.text_input(key="deploy.name.leave").value == "leave"
    primary = [each.label for each in app.button if each.proto.type == "primary"]
    assert ("Deploy" in primary, "Start again" in primary) == (True, False), "one next step"
    assert "**leave** goes on answering with LightGBM 0. This model becomes a version that waits" in text(app)
    app.button(key="deploy").click().run()
    assert place.asked == [("endpoints.deploy", bundle(1).id, "leave", None, None, None)]


def test_a_stopped_endpoint_offers_to_deploy_under_its_name(place):
    place.found = [stats(state="stopped")]
    app = place.open()
    assert "**Stopped**" in text(app)
    assert app.text_input(key="deploy.name.leave").value == "leave"


def test_an_endpoint_that_wants_a_key_says_so_where_it_is_called(place):
    place.found = [stats(needs_key=True)]
    app = place.open()
    shell, python = app.code[1].value, app.code[2].value
    assert '-H "X-API-Key: $LITMUS_KEY"' in shell
    assert '"X-API-Key": os.environ["LITMUS_KEY"]' in python
    compile(python, "snippet", "exec")
    assert app.text_input(key="try.ep_00000000aa.key").label == "Its API key"


def test_endpoints_of_other_experiments_are_listed_and_can_be_stopped(place):
    place.found = [stats(), stats(name="other", id="ep_00000000bb", bundle_id="bd_gone", versions=())]
    app = place.open()
    assert "**other** at" in text(app)
    app.button(key="stop-ep_00000000bb").click().run()
    assert place.asked == [("endpoints.stop", "ep_00000000bb")]


def test_a_certificate_is_read_line_by_line(place):
    place.certify(0, passed=False)
    said = text(place.open())
    assert "Full certificate: 1 line failed" in said
    assert "**failed**] · **Memory**  \n46" in said
    assert "“web shop”" in said


def test_a_full_certificate_is_asked_for_in_an_environment(place):
    place.certify(0, form="short")
    app = place.open()
    assert app.selectbox(key="certify.place").options[0].startswith("small server: 1 processor")
    app.selectbox(key="certify.place").select("batch machine").run()
    app.button(key="certify").click().run()
    assert place.asked == [("certificates.start", bundle(0).id, "batch machine")]


def test_a_certification_under_way_says_where_it_is(place):
    place.says = "Asking over HTTP with 4 callers."
    app = place.open()
    assert "Asking over HTTP with 4 callers." in text(app)
    assert "certify" not in keys(app)
    app.button(key="certify.stop").click().run()
    assert place.asked == [("certificates.stop", bundle(0).id)]


def test_an_environment_is_added_changed_and_deleted(place):
    app = place.open()
    app.selectbox(key="environment.picked").select("A new one").run()
    app.text_input(key="environment..name").set_value("web shop")
    app.number_input(key="environment..cpus").set_value(2)
    app.number_input(key="environment..memory").set_value(4000)
    app.number_input(key="environment..price").set_value(0.36)
    next(each for each in app.button if each.label == "Save").click().run()
    assert [each for each in Studio.open().environments.list() if each.name == "web shop"] == [SHOP]

    app.selectbox(key="environment.picked").select("web shop").run()
    app.button(key="environment.delete").click().run()
    assert not app.exception
    assert "web shop" not in [each.name for each in Studio.open().environments.list()]


def test_a_nameless_environment_is_refused_in_words(place):
    app = place.open()
    app.selectbox(key="environment.picked").select("A new one").run()
    next(each for each in app.button if each.label == "Save").click().run()
    assert app.warning[0].proto.title == "An environment needs a name."


def test_a_bundle_is_made_in_another_form_beside_it(place):
    place.open().button(key="form.make.mlflow").click().run()
    to = place.world.workspace.bundles / "model-0-mlflow.tar"
    assert place.asked == [("bundles.export_as", bundle(0).id, "mlflow", to)]


def test_bundles_of_the_experiment_are_listed_once_the_section_is_open(place):
    app = place.open()
    assert "Select a line to delete its file." not in text(app)
    app.session_state["bundles.folded"] = True
    app.run()
    assert "Select a line to delete its file." in text(app)
    assert [*app.dataframe[-1].value["Fingerprint"]]


def test_leaderboards_say_what_a_million_predictions_cost(place):
    place.certify(0)
    frame = visit("leaderboards").dataframe[0].value
    assert [round(each, 3) for each in frame["cost"]] == [0.1]


def test_outcomes_are_added_and_the_verdict_is_said(place, monkeypatch):
    added: list[Any] = []

    def add(_: OutcomesService, name: str, path: Path, **more: Any) -> OutcomeCounts:
        added.append((name, path.read_text(), more))
        problem = OutcomeProblem(place=1, message="'maybe' is not a label of 'leaves'.")
        return OutcomeCounts(n_sent=2, n_stored=1, n_refused=1, problems=(problem,))

    verdict = live_verdict("not any more", sentence="It no longer meets its bar of at least 80 %.")
    monkeypatch.setattr(OutcomesService, "add", add)
    monkeypatch.setattr(OutcomesService, "verdict", lambda *_: verdict)
    app = place.open()
    assert "No longer meets the bar" not in text(app)
    assert app.button(key="live.add.leave").disabled
    app.file_uploader(key="live.file.leave").upload(
        "true.csv", b"number,leaves\n1,yes\n2,maybe\n", "text/csv"
    )
    app.selectbox(key="live.by.leave").select("A column of the rows").run()
    app.text_input(key="live.key.leave").input("number").run()
    app.button(key="live.add.leave").click().run()

    more = {"key": "number", "outcome": None}
    assert added == [("leave", "number,leaves\n1,yes\n2,maybe\n", more)]
    assert "2 outcomes: 1 stored, 1 not readable." in text(app)
    assert "Row 2: 'maybe' is not a label of 'leaves'." in text(app)
    assert "No longer meets the bar" in text(app)
    assert "at least 80 %" in text(app)

    why = LiveCauses(name="leave", sentences=("Where 'age' is '61', answers got worse.",))
    monkeypatch.setattr(OutcomesService, "causes", lambda *_: why)
    app.button(key="live.why.leave").click().run()
    assert "Where 'age' is '61', answers got worse." in text(app)


@pytest.mark.parametrize("state", ["better", "undecided"])
def test_a_waiting_version_that_outcomes_prove_better_is_promoted_beside_the_proof(place, monkeypatch, state):
    judgement = LiveJudgement(state="not any more")
    verdict = live_verdict(judgement)
    comparison = LiveComparison(
        name="leave",
        version=1,
        challenger=2,
        metric="accuracy",
        n_rows=9,
        state=state,
        sentence="Version 2 is what it is.",
    )
    monkeypatch.setattr(OutcomesService, "verdict", lambda *_: verdict)
    monkeypatch.setattr(RetrainingService, "compare", lambda *_: comparison)
    app = place.open()
    app.button(key="live.judge.leave").click().run()
    assert "Version 2 is what it is." in text(app)
    assert ("live.promote.leave" in keys(app)) == (state == "better")
    if state == "better":
        app.button(key="live.promote.leave").click().run()
        assert place.asked == [("endpoints.promote", "leave", 2, "")]


def test_the_last_verdict_stands_there_without_a_click(place, monkeypatch):
    verdict = live_verdict(
        "doubtful", headline="Perhaps below the bar", judged_at="2026-11-01T09:00:00+00:00"
    )
    monkeypatch.setattr(OutcomesService, "last_verdict", lambda *_: verdict)
    app = place.open()
    assert "Perhaps below the bar" in text(app)
    assert "Judged 1 Nov 2026." in text(app)
    assert "live.why.leave" in keys(app)


def test_an_endpoint_is_judged_by_a_click_and_an_error_is_said(place, monkeypatch):
    def refuse(*_: Any) -> LiveVerdict:
        raise BusyError("Others are writing answers or outcomes.", hint="Try again in a moment.")

    monkeypatch.setattr(OutcomesService, "verdict", refuse)
    app = place.open()
    app.button(key="live.judge.leave").click().run()

    assert not app.exception
    assert any("Others are writing" in str(each.proto) for each in app.main)
