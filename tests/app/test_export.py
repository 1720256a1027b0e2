"""Export as a visitor meets it: put a model to work, try it, score a file, take it along."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app import services
from app.presenters.shipping.scoring import present_scoring
from litmus_core.experiments import (
    BundlesService,
    EndpointsService,
    FinalModelsService,
    RunsService,
    ScoringsService,
    Studio,
)
from litmus_core.jobs._scorings import write_scoring
from litmus_core.store import FileLock, Workspace
from litmus_core.types import (
    BundleExported,
    BundleRecord,
    DeployedModelChosen,
    Endpoint,
    EndpointStarted,
    EndpointStopped,
    FinalModelLeftOut,
    FinalModelTrained,
    RunJudged,
    ScoringJob,
)
from litmus_core.types._scorings import ScoringProgress
from tests.app.world import AT, EXPERIMENT, FEATURES, RUN, SECOND_RUN, World, validation_rows, verdict
from tests.store import facts

ROOT = Path(__file__).resolve().parents[2]


class Endpoints(BaseHTTPRequestHandler):
    """Answers like a served bundle: refuses an income of 666."""

    asked: ClassVar[list[Any]] = []

    def do_GET(self) -> None:
        self._say(200, {"status": "ok"})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(body)
        if body["rows"][0]["income"] == 666:
            self._say(422, {"detail": {"message": "income cannot be 666.", "row": 0, "field": "income"}})
        else:
            self._say(200, {"predictions": [{"label": "yes", "probabilities": {"no": 0.2, "yes": 0.8}}]})

    def _say(self, status: int, what: object) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(what).encode())

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@pytest.fixture
def address() -> Iterator[str]:
    """The address of something that answers like an endpoint."""
    Endpoints.asked.clear()
    server = HTTPServer(("127.0.0.1", 0), Endpoints)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, address: str) -> World:
    """A judged run; building, serving and scoring are quick stand-ins that the journal hears of."""

    def export(service: BundlesService, candidate_id: str, **_: object) -> BundleRecord:
        path = service.context.workspace.bundles / f"who-will-leave-{candidate_id}.zip"
        path.write_bytes(b"zip")
        bundle = BundleRecord(
            id="bd_00000000aa",
            candidate_id=candidate_id,
            run_id=RUN,
            experiment_id=EXPERIMENT,
            path=str(path),
            n_bytes=2_500_000,
            sha256="ab" * 32,
            created_at=AT,
        )
        service.context.record(BundleExported(bundle=bundle))
        return bundle

    def deploy(service: EndpointsService, bundle_id: str, **_: object) -> None:
        endpoint = Endpoint(id="ep_00000000aa", bundle_id=bundle_id, url=address, pid=1, started_at=AT)
        service.context.record(EndpointStarted(endpoint=endpoint))

    def start_scoring(service: ScoringsService, bundle_id: str, source: Path, **options: object) -> None:
        assert options["for_spreadsheets"] is True  # a person opens what a page offers
        folder = service.context.workspace.scoring_dir("sc_00000000aa")
        folder.mkdir(parents=True)
        to = folder / f"{source.stem}-predictions.csv"
        head, *rows = source.read_text().split()
        to.write_text("\n".join([f"{head},prediction", *(f"{row},no" for row in rows)]))
        job = ScoringJob(
            id="sc_00000000aa",
            bundle_id=bundle_id,
            bundle="",
            source=str(source),
            to=str(to),
            created_at=AT,
            status="finished",
            progress=ScoringProgress(n_done=2, n_rows=2),
        )
        write_scoring(service.context.workspace, job)

    monkeypatch.setattr(BundlesService, "export", export)
    monkeypatch.setattr(EndpointsService, "deploy", deploy)
    monkeypatch.setattr(ScoringsService, "start", start_scoring)
    monkeypatch.setattr(
        EndpointsService, "list", lambda self: [each for each in self.context.store.endpoints() if each.alive]
    )
    monkeypatch.setattr(
        EndpointsService, "stop", lambda self, id_: self.context.record(EndpointStopped(endpoint_id=id_))
    )
    told = World(Workspace.locate())
    monkeypatch.setattr(RunsService, "validation_rows", lambda *_: validation_rows(told.model))
    return told


def open_export(**query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page(str(ROOT / "pages" / "export.py")).run()
    assert not app.exception
    return app


def text(app: AppTest) -> str:
    return "\n".join(each.value for each in (*app.title, *app.markdown, *app.caption))


def test_an_empty_workspace_says_where_models_come_from():
    assert "A model comes from a table and a question." in text(open_export())


def test_an_experiment_without_models_leads_to_training(world):
    world.experiment()
    assert "Train first" in text(open_export(experiment=EXPERIMENT))


def test_the_chosen_model_is_picked_and_nothing_is_built_by_opening_the_page(world):
    world.run(world.experiment())
    app = open_export(experiment=EXPERIMENT)
    assert app.selectbox(key=f"export.model.{RUN}-model-0").value == f"{RUN}-model-0"
    score = "Accuracy 0.900 (0.880 to 0.920)"
    assert f"Test data: {score} · validation data: {score}" in text(app)
    assert not app.warning
    assert not list(world.workspace.bundles.glob("*"))


def test_what_is_exported_is_of_the_best_run_and_not_of_the_latest(world):
    world.run(world.experiment())
    world.worse_run(world.asked)
    app = open_export(experiment=EXPERIMENT)
    assert app.selectbox(key=f"export.model.{RUN}-model-0").value == f"{RUN}-model-0"
    latest = open_export(experiment=EXPERIMENT, run=SECOND_RUN)
    assert latest.selectbox(key=f"export.model.{SECOND_RUN}-model-0").value == f"{SECOND_RUN}-model-0"


def test_a_test_score_has_the_interval_that_decided(world):
    experiment = world.experiment()
    chosen = world.run(experiment)[0]
    judged = replace(verdict("meets", chosen, experiment.task), low=0.86, high=0.94)
    world.journal.append(RunJudged(run_id=RUN, candidate_id=chosen.id, verdict=judged))
    assert "Test data: Accuracy 0.900 (0.860 to 0.940) · " in text(open_export(experiment=EXPERIMENT))


def test_a_model_that_misses_the_bar_can_be_exported_but_says_so(world):
    world.run(world.experiment(), outcome="misses")
    app = open_export(experiment=EXPERIMENT)
    assert app.warning[0].value.startswith("Misses the bar")
    assert app.button(key="deploy").label == "Deploy"


def test_another_model_warns_that_it_was_never_judged(world):
    world.run(world.experiment())
    app = open_export(experiment=EXPERIMENT, candidate=f"{RUN}-model-1")
    assert "This one has no verdict" in app.warning[0].value


def test_deploying_shows_the_address_and_snippets_that_hold_a_real_row(world, address):
    world.run(world.experiment())
    app = open_export(experiment=EXPERIMENT)
    app.button(key="deploy").click().run()
    assert "**Answering**" in text(app)
    shell, python = app.code[0].value, app.code[1].value
    assert shell.startswith(f"curl -s {address}/predict")
    assert '"income": 41250.5' in shell
    compile(python, "snippet", "exec")


def test_what_was_exported_to_somewhere_else_is_not_deployed(world, tmp_path):
    model = world.run(world.experiment())[0].id
    with Studio.open() as studio:
        stored = studio.bundles.export(model)
        elsewhere = Path(stored.path).rename(tmp_path / "model.zip")
        studio.context.record(BundleExported(bundle=replace(stored, id="bd_bb", path=str(elsewhere))))
    app = open_export(experiment=EXPERIMENT)
    assert app.button(key="build").label == "Build the bundle"
    app.button(key="deploy").click().run()
    assert services.studio().store.endpoints()[0].bundle_id == stored.id


def test_the_form_asks_the_real_endpoint(world):
    world.run(world.experiment())
    app = open_export(experiment=EXPERIMENT)
    app.button(key="deploy").click().run()
    app.number_input(key="try.ep_00000000aa.income").set_value(70.0)
    next(each for each in app.button if each.label == "Ask the endpoint").click().run()
    assert Endpoints.asked[0]["rows"][0]["income"] == 70.0
    assert app.metric[0].value == "yes"
    assert "with a probability of **80.0" in text(app)


def test_the_form_starts_from_the_rows_own_value_however_many_there_are(world, monkeypatch):
    every = pd.concat([validation_rows(world.model)] * 2, ignore_index=True)
    place = FEATURES[1].name
    every[place] = [f"town {at:02d}" for at in range(80)]
    monkeypatch.setattr(RunsService, "validation_rows", lambda *_: every)
    world.run(world.experiment())
    app = open_export(experiment=EXPERIMENT)
    app.button(key="deploy").click().run()
    next(each for each in app.button if each.label == "Ask the endpoint").click().run()
    assert Endpoints.asked[0]["rows"][0][place] == "town 50"


def test_a_refused_row_is_said_in_the_endpoints_own_words(world):
    world.run(world.experiment())
    app = open_export(experiment=EXPERIMENT)
    app.button(key="deploy").click().run()
    app.number_input(key="try.ep_00000000aa.income").set_value(666.0)
    next(each for each in app.button if each.label == "Ask the endpoint").click().run()
    assert app.warning[0].proto.title == "income cannot be 666."


def test_an_endpoint_can_be_stopped(world):
    world.run(world.experiment())
    app = open_export(experiment=EXPERIMENT)
    app.button(key="deploy").click().run()
    app.button(key="stop-ep_00000000aa").click().run()
    assert app.button(key="deploy").label == "Deploy"


def test_a_file_is_scored_and_offered_for_download(world):
    world.run(world.experiment())
    app = open_export(experiment=EXPERIMENT)
    app.file_uploader(key="score.file").upload("new rows.csv", b"income\n1\n2\n", "text/csv").run()
    app.button(key="score").click().run()
    assert "**new rows-predictions.csv** is ready: 2 rows answered." in text(app)
    assert app.dataframe[0].value.columns.tolist() == ["prediction", "income"]
    assert "All rows, the answers in front." in text(app)
    kept = list(world.workspace.scoring_dir("sc_00000000aa").glob("*.csv"))
    assert [file.read_text() for file in kept] == ["income,prediction\n1,no\n2,no"]


def told_of(world: World, **facts: Any) -> AppTest:
    """Open the page where a scoring is as ``facts`` say."""
    world.run(world.experiment())
    app = open_export(experiment=EXPERIMENT)
    app.button(key="build").click().run()
    job = ScoringJob(
        id="sc_00000000bb",
        bundle_id="bd_00000000aa",
        bundle="",
        source="/data/rows.csv",
        to="/data/answers.csv",
        created_at=AT,
    )
    world.workspace.scoring_dir(job.id).mkdir(parents=True, exist_ok=True)
    write_scoring(world.workspace, replace(job, **facts))
    return app.run()


def test_a_scoring_under_way_shows_how_far_it_is_and_can_be_stopped(world, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(ScoringsService, "stop", lambda _, id_: asked.append(id_))
    folder = world.workspace.scoring_dir("sc_00000000bb")
    folder.mkdir(parents=True)
    with FileLock(folder / "worker.lock") as lock:  # its process lives
        assert lock.acquire()
        app = told_of(
            world,
            progress=ScoringProgress(n_done=250, n_rows=1000, rows_per_s=50.0, remaining_s=15.0),
        )
        assert "**answers.csv** is being answered" in text(app)
        assert app.get("progress")[0].proto.text == "250 of 1,000 rows · 50 rows a second · 15 seconds left"
        app.button(key="scoring.stop.sc_00000000bb").click().run()
    assert asked == ["sc_00000000bb"]


def test_a_scoring_that_was_cut_short_goes_on_by_a_click(world, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(ScoringsService, "resume", lambda _, id_: asked.append(id_))
    app = told_of(world, progress=ScoringProgress(n_done=250, n_rows=1000))
    assert "**answers.csv** was cut short" in text(app)
    app.button(key="scoring.go.sc_00000000bb").click().run()
    assert asked == ["sc_00000000bb"]


def test_a_scoring_that_failed_says_why_and_can_be_deleted(world):
    app = told_of(world, status="failed", message="row 2 has 'large'", hint="Correct it.")
    assert (app.warning[0].proto.title, app.warning[0].value) == ("row 2 has 'large'", "Correct it.")
    app.button(key="scoring.delete.sc_00000000bb").click().run()
    assert "answers.csv" not in text(app)


def test_a_workbook_to_score_is_answered_with_the_way_to_a_csv(world):
    world.run(world.experiment())
    app = open_export(experiment=EXPERIMENT)
    app.file_uploader(key="score.file").upload("new rows.xlsx", b"PK", "application/vnd.ms-excel").run()
    assert app.warning[0].proto.title.startswith("'new rows.xlsx' is a workbook")
    assert "Your file is unchanged." in app.warning[0].value
    assert "score" not in [button.key for button in app.button]


def test_a_file_of_another_kind_is_refused_before_a_bundle_is_built(world):
    world.run(world.experiment())
    app = open_export(experiment=EXPERIMENT)
    app.file_uploader(key="score.file").upload("rows.json", b"{}", "application/json").run()
    assert app.warning[0].proto.title == "'rows.json' is neither a CSV nor a Parquet file by its name."
    assert "score" not in [button.key for button in app.button]


def test_a_bundle_is_built_once_and_says_what_is_in_it(world):
    world.run(world.experiment())
    app = open_export(experiment=EXPERIMENT)
    app.button(key="build").click().run()
    assert "who-will-leave-run_00000000aa-model-0.zip, made" in text(app)
    assert "It needs the same Python version and the same AutoGluon version" in text(app)
    assert "It holds real rows of your data" in text(app)
    assert "build" not in [button.key for button in app.button]


@pytest.mark.parametrize(
    ("place", "said"), [(1, "waits: it is next"), (3, "waits: it is number 3 in the queue")]
)
def test_a_scoring_that_waits_says_its_place_and_can_be_stopped(place, said):
    job = ScoringJob(
        id="sc_1", bundle_id="bd_1", bundle="", source="/a.csv", to="/b.csv", created_at=AT,
        status="waiting", place=place,
    )  # fmt: skip
    view = present_scoring(job)
    assert (view.headline, view.is_running, view.can_go_on, view.doing) == (said, True, False, "")


def test_the_page_says_which_model_is_put_to_work_and_switches_it(world):
    world.run(world.experiment())
    chosen = f"{RUN}-model-0"
    world.journal.append(FinalModelTrained(candidate_id=chosen, final=facts.final_model()))
    app = open_export(experiment=EXPERIMENT)
    assert "Judged on 200 rows; the model you use has learned from all 1,000." in text(app)
    app.toggle(key="export.final").set_value(False).run()
    assert "that model is the one you use" in text(app)
    assert [each.fact.final for each in world.journal.events(types=[DeployedModelChosen])] == [False]


def test_a_model_that_was_not_trained_on_all_rows_says_why_and_can_be(world, monkeypatch):
    world.run(world.experiment())
    chosen, started = f"{RUN}-model-0", []
    why = "The model was not trained again on all 1,000 rows: that takes about 40 s, and 12 s were left."
    world.journal.append(FinalModelLeftOut(candidate_id=chosen, reason=why))
    monkeypatch.setattr(FinalModelsService, "start", lambda _, candidate_id: started.append(candidate_id))
    app = open_export(experiment=EXPERIMENT)
    assert why in text(app)
    app.button(key="export.all-rows").click().run()
    assert started == [chosen]


def test_what_the_last_attempt_failed_of_is_said_once(world, monkeypatch):
    world.run(world.experiment())
    why = "The model was not trained again on all 1,000 rows: there was no room on the disk."
    world.journal.append(FinalModelLeftOut(candidate_id=f"{RUN}-model-0", reason=why))
    monkeypatch.setattr(FinalModelsService, "problem", lambda _, _id: f"{why} Free some, and try again.")

    assert text(open_export(experiment=EXPERIMENT)).count(why) == 1
