"""Target: from a column to an experiment."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from litmus_core.experiments import RunsService, Studio, TasksService
from litmus_core.types import Bar, DatasetVersion
from tests.app.visit import ROOT, go, text, visit
from tests.panels import visits_of_patients

COSTS = '{"female":{"male":20},"male":{"female":1}}'
PENGUINS = ROOT / "sample_data" / "penguins.csv"


@pytest.fixture(scope="module")
def home_with_penguins(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DatasetVersion]:
    folder = tmp_path_factory.mktemp("penguins") / "litmus"
    with Studio.open(folder) as studio:
        return folder, studio.datasets.import_file(PENGUINS, name="penguins")


@pytest.fixture
def penguins(home_with_penguins, monkeypatch: pytest.MonkeyPatch) -> DatasetVersion:
    folder, version = home_with_penguins
    monkeypatch.setenv("LITMUS_HOME", str(folder))
    return version


def ask(version: DatasetVersion, column: str) -> AppTest:
    """Pick the column to predict."""
    app = visit("target", dataset=version.id)
    return app.selectbox(key=f"column-{version.id}").select(column).run()


def test_a_column_becomes_a_question_with_references_for_the_bar(penguins):
    app = ask(penguins, "species")
    assert "say which *species* it is: *Adelie*" in text(app)
    assert "Always guessing 'Adelie' is right" in text(app)
    assert "A simple model, trained in seconds, is right" in text(app)
    guess = re.findall(r"Always guessing 'Adelie' is right ([\d.]+)", text(app))[0]
    assert text(app).count(guess) == 1, "said once"


def test_the_slider_shows_the_time_that_was_typed(penguins):
    app = ask(penguins, "species")
    app = app.number_input(key="time-minutes").set_value(0.7).run()
    slider = next(each for each in app.select_slider if each.label == "How long training may take")
    assert slider.disabled
    assert slider.value == pytest.approx(42.0)
    assert "42 seconds" in slider.options
    app = app.number_input(key="time-minutes").set_value(None).run()
    assert app.select_slider(key="time-limit").value == 120.0


def test_the_chosen_column_is_in_the_address_and_outlives_a_reload(penguins):
    assert ask(penguins, "species").query_params["target"] == "species"
    again = visit("target", dataset=penguins.id, target="species")
    assert "say which *species* it is: *Adelie*" in text(again)
    assert "Which column holds the answer?" in text(visit("target", dataset=penguins.id, target="no such"))


def test_the_bar_says_what_it_means_while_it_is_moved(penguins):
    app = ask(penguins, "species")
    app.slider(key=f"bar-{penguins.id}-species-accuracy").set_value(0.9).run()
    assert "Of 1,000 real cases, about 900 are answered right and 100 wrong." in text(app)


def test_the_bar_can_be_typed_and_moves_the_slider(penguins):
    app = ask(penguins, "species")
    key = f"bar-{penguins.id}-species-accuracy"
    app.number_input(key=f"number-{key}").set_value(0.875).run()
    assert app.slider(key=key).value == 0.875
    app.slider(key=key).set_value(0.9).run()
    assert app.number_input(key=f"number-{key}").value == 0.9


@pytest.mark.parametrize(
    ("bar", "sentence", "can_train"),
    [
        (1.2, "Accuracy never goes above 1.000, so no model can reach 1.200.", False),
        (1.0, "One wrong answer misses a bar of 1.000, and no test can prove it.", True),
        (0.3, "Always guessing reaches 0.436, so a bar of 0.300 asks for nothing.", True),
    ],
)
def test_a_bar_that_makes_no_sense_is_said_so_where_it_is_set(penguins, bar, sentence, can_train):
    app = ask(penguins, "species")
    app.number_input(key=f"number-bar-{penguins.id}-species-accuracy").set_value(bar).run()
    assert sentence in [each.value for each in app.warning]
    assert app.button(key="train").disabled is not can_train


def test_any_time_can_be_given_to_training(penguins):
    app = ask(penguins, "species")
    app.number_input(key="time-minutes").set_value(7.5).run()
    app.button(key="choose-families").click().run()
    with Studio.open() as studio:
        assert studio.experiments.summaries()[0].experiment.task.time_limit_s == 450.0


def test_a_target_of_one_class_is_refused_where_it_is_chosen(tmp_path):
    (tmp_path / "same.csv").write_text("size,sold\n" + "".join(f"{n * 7 % 41},yes\n" for n in range(60)))
    with Studio.open() as studio:
        table = studio.datasets.import_file(tmp_path / "same.csv")
    app = ask(table, "sold")
    assert app.warning[0].proto.title == (
        "'sold' has the same value in every row, so there is nothing to predict."
    )
    app.selectbox(key=f"column-{table.id}").select("size").run()
    assert not any("'sold' has" in each.proto.title for each in app.warning)


def test_the_slider_is_not_begun_anew_while_it_is_moved(penguins):
    app = ask(penguins, "species")
    slider = app.slider(key=f"bar-{penguins.id}-species-accuracy")
    began = slider.proto.default
    slider.set_value(0.9).run()
    assert app.slider(key=f"bar-{penguins.id}-species-accuracy").proto.default == began


def test_the_question_becomes_an_experiment(penguins):
    app = ask(penguins, "species")
    app.slider(key=f"bar-{penguins.id}-species-accuracy").set_value(0.9).run()
    app.selectbox(key="latency").select_index(3).run()
    app.button(key="choose-families").click().run()
    assert "What to try" in [each.label for each in app.button_group]
    with Studio.open() as studio:
        task = studio.experiments.summaries()[0].experiment.task
    assert task.bar == Bar(metric="accuracy", op=">=", value=0.9)
    assert task.budget.max_latency_ms == 50.0
    assert task.target == "species"


def test_before_training_the_page_says_what_it_will_take_and_score(penguins):
    app = ask(penguins, "species")
    found = re.search(
        r"Training and measuring take about (.+) and (.+)\sGB of memory. Likely score: (.+) to (.+)\.",
        text(app),
    )
    assert found is not None
    assert 0.8 < float(found[3]) < float(found[4]) <= 1.0


def test_columns_can_be_left_out(penguins):
    app = ask(penguins, "species")
    app.multiselect(key=f"features-{penguins.id}-species").unselect("island").run()
    assert "*island*: You left it out." in text(app)


def test_another_kind_of_question_is_judged_by_its_own_measure(penguins):
    app = ask(penguins, "year")
    app.button_group(key=f"kind-{penguins.id}-year").set_value("regression").run()
    assert "say how much *year* is" in text(app)
    assert "You chose a number" in text(app)
    assert "of the rows are kept aside for the final test." in text(app)
    assert "With enough time all rows judge instead, each by models that had not seen it." in text(app)
    assert app.selectbox(key=f"metric-{penguins.id}-year-regression").value == "rmse"


def test_another_kind_of_question_proposes_a_bar_of_its_own(penguins):
    app = ask(penguins, "year")
    app.slider(key=f"bar-{penguins.id}-year-accuracy").set_value(0.3).run()
    app.button_group(key=f"kind-{penguins.id}-year").set_value("regression").run()
    assert app.slider(key=f"bar-{penguins.id}-year-rmse").value == 0.725


def test_a_metric_that_fits_one_kind_of_answer_alone_settles_it(penguins):
    app = ask(penguins, "year")
    kind = f"kind-{penguins.id}-year"
    assert app.button_group(key=kind).value == "multiclass"
    app.button_group(key=f"judged-{penguins.id}-year-multiclass").set_value("How far off").run()
    assert app.button_group(key=kind).value == "regression"
    assert app.selectbox(key=f"metric-{penguins.id}-year-regression").value == "rmse"
    assert "say how much *year* is" in text(app)
    app.button_group(key=kind).set_value("multiclass").run()
    assert app.button_group(key=kind).value == "multiclass"
    assert "say how much *year* is" not in text(app)


def test_a_column_of_words_is_not_asked_how_much_it_is(penguins):
    app = ask(penguins, "species")
    assert f"kind-{penguins.id}-species" not in [each.key for each in app.button_group]
    assert "One of several answers. The column holds no numbers" in text(app)


def test_what_keeps_a_question_from_being_trained_is_said_beside_the_bar(penguins):
    app = ask(penguins, "species")
    app.button_group(key=f"split-{penguins.id}-species").set_value("group").run()
    app.selectbox(key=f"split-column-{penguins.id}-species-group").select("sex").run()
    assert app.warning[0].proto.title == "'sex' has too few different values to split by (2)."
    assert not app.button(key="train").disabled


def test_a_fault_of_litmus_beside_the_bar_leaves_the_way_to_train(penguins, monkeypatch):
    def fail(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(TasksService, "baselines", fail)
    app = ask(penguins, "species")
    assert app.warning[0].proto.title == "What guessing and a simple model reach could not be worked out"
    assert app.exception[0].message == "division by zero"
    assert not app.button(key="train").disabled


def test_the_draft_survives_leaving_the_page(penguins):
    app = ask(penguins, "species")
    app.slider(key=f"bar-{penguins.id}-species-accuracy").set_value(0.8).run()
    go(app, "home")
    go(app, "target")
    assert app.slider(key=f"bar-{penguins.id}-species-accuracy").value == 0.8


def test_a_question_that_was_set_is_shown_with_the_way_on(seeded):
    app = visit("target", experiment="ex_0000000000")
    assert "at least 0.85." in text(app)
    assert app.button(key="next").label == "Go on to Train"


def test_asking_differently_starts_from_what_was_asked(seeded):
    app = visit("target", experiment="ex_0000000000")
    app.button(key="vary").click().run()
    assert app.selectbox[1].value == "target"


def test_a_metric_with_a_slider_is_chosen_in_its_group_and_becomes_the_task(penguins):
    app = ask(penguins, "sex")
    mark = f"{penguins.id}-sex-binary"
    app.button_group(key=f"judged-{mark}").set_value("Fixed precision or recall").run()
    app.selectbox(key=f"metric-{mark}-Fixed precision or recall").select("coverage_at_precision").run()
    app.slider(key=f"precision-coverage_at_precision-{mark}").set_value(80.0).run()
    text_of_metric = "coverage_at_precision(precision=0.8)"
    assert app.slider(key=f"bar-{penguins.id}-sex-coverage_at_precision").value > 0
    app.button(key="choose-families").click().run()
    with Studio.open() as studio:
        task = studio.experiments.summaries()[0].experiment.task
    assert task.metric == text_of_metric
    assert task.bar.metric == text_of_metric


def test_costs_are_filled_in_on_the_page_and_the_bar_is_what_1000_cases_cost(penguins):
    app = ask(penguins, "sex")
    mark = f"{penguins.id}-sex-binary"
    app.button_group(key=f"judged-{mark}").set_value("What mistakes cost").run()
    assert "What each answer costs" in text(app)
    assert "Always guessing" in text(app)
    assert "for 1,000 cases" in text(app)
    app.session_state[f"kept.first.costs-{mark}"] = ((0.0, 1.0), (20.0, 0.0))  # as if it was filled in
    app.run()
    app.button(key="choose-families").click().run()
    with Studio.open() as studio:
        task = studio.experiments.summaries()[0].experiment.task
    assert task.metric == f"cost(table={COSTS})"
    assert (task.bar.metric, task.bar.op) == (task.metric, "<=")


def test_a_bar_stays_as_typed_while_costs_change_and_one_that_was_proposed_is_proposed_anew(penguins):
    app = ask(penguins, "sex")
    mark, box = f"{penguins.id}-sex-binary", f"number-bar-{penguins.id}-sex-cost"
    app.button_group(key=f"judged-{mark}").set_value("What mistakes cost").run()
    proposed = app.number_input(key=box).value
    app.session_state[f"kept.first.costs-{mark}"] = ((0.0, 1.0), (20.0, 0.0))
    app.run()
    assert app.number_input(key=box).value != proposed
    app.number_input(key=box).set_value(900.0).run()
    app.session_state[f"kept.first.costs-{mark}"] = ((0.0, 1.0), (30.0, 0.0))
    app.run()
    assert app.number_input(key=box).value == 900.0
    assert app.session_state["kept.draft"].goal.bar == 900.0


def test_a_table_in_which_a_right_answer_is_dearer_is_refused_in_words(penguins):
    app = ask(penguins, "sex")
    mark = f"{penguins.id}-sex-binary"
    app.button_group(key=f"judged-{mark}").set_value("What mistakes cost").run()
    app.session_state[f"kept.first.costs-{mark}"] = ((7.0, 1.0), (20.0, 0.0))
    app.run()
    assert "answering 'female' would cost 1, and the right answer 7" in app.warning[0].proto.title


def test_numbers_are_judged_by_how_far_they_are_off_without_groups(penguins):
    app = ask(penguins, "body_mass_g")
    app.selectbox(key=f"metric-{penguins.id}-body_mass_g-regression").select("quantile_loss").run()
    slider = app.slider(key=f"quantile-quantile_loss-{penguins.id}-body_mass_g-regression")
    assert slider.label == "How much of the truth should lie below the answer, in %"
    slider.set_value(70.0).run()
    assert app.number_input(key=f"number-{slider.key}").value == 70.0
    app.number_input(key=f"number-{slider.key}").set_value(75.0).run()
    assert app.session_state["kept.draft"].metric == "quantile_loss(quantile=0.75)"
    assert f"bar-{penguins.id}-body_mass_g-quantile_loss" in [each.key for each in app.slider]


def test_a_number_is_asked_as_whether_it_is_above_a_line(penguins):
    app = ask(penguins, "body_mass_g")
    mark = f"{penguins.id}-body_mass_g"
    app.selectbox(key=f"asked-as-{mark}").select("above").run()
    app.number_input(key=f"asked-{mark}-above-limit").set_value(4000.0).run()
    assert "Whether a number is above a limit." in text(app)
    assert "Always guessing" in text(app)
    app.button(key="choose-families").click().run()
    with Studio.open() as studio:
        task = studio.experiments.summaries()[0].experiment.task
    assert task.task_type is not None
    assert (task.problem_type, task.positive_class) == ("binary", "yes")
    assert task.task_type.parameters == (("limit", 4000.0),)


def test_the_quote_that_was_shown_is_recorded_with_the_run(penguins, monkeypatch):
    recorded = []
    monkeypatch.setattr(RunsService, "start", lambda service, experiment_id: SimpleNamespace(id="run_1"))
    monkeypatch.setattr(RunsService, "record_quote", lambda service, *given: recorded.append(given))
    app = ask(penguins, "species")
    app.button(key="train").click().run()
    ((run_id, quoted),) = recorded
    assert run_id == "run_1"
    assert quoted.metric == "accuracy"


def test_two_tables_of_one_name_are_told_apart(tmp_path):
    """A list finds what is picked by its name, so the page went to and fro between equal ones for ever."""
    versions = []
    for n_rows in (60, 80):
        path = tmp_path / "shop.csv"
        lines = (f"{size},{'yes' if size % 2 else 'no'}\n" for size in range(n_rows))
        path.write_text("size,sold\n" + "".join(lines))
        with Studio.open() as studio:
            versions.append(studio.datasets.import_file(path))
    first, second = versions

    app = visit("target", dataset=first.id)
    assert app.selectbox(key=f"table-{first.id}").options == ["shop (version 1)", "shop (version 1) (2)"]
    app.selectbox(key=f"table-{first.id}").select("shop (version 1) (2)").run()
    assert app.query_params["dataset"] == second.id
    app.selectbox(key=f"column-{second.id}").set_value("sold").run()
    assert app.query_params["dataset"] == second.id


def test_rows_of_one_patient_stay_together_once_the_checks_know_them_until_somebody_says_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits_of_patients().to_csv(tmp_path / "visits.csv", index=False)
    with Studio.open(tmp_path / "litmus") as studio:
        version = studio.datasets.import_file(tmp_path / "visits.csv")
        studio.checks.run(version.id, target="ill")
    monkeypatch.setenv("LITMUS_HOME", str(tmp_path / "litmus"))
    app = ask(version, "ill")
    assert app.button_group(key=f"split-{version.id}-ill").value == "group"
    whom = app.radio(key=f"groups-{version.id}-ill")
    assert "*patient*: Rows that share it stay together" in text(app)
    assert whom.label == "Several rows share one value of *patient*. Which will you predict for?"
    assert (whom.options, whom.value) == (["New ones", "Those in this table"], True)
    app.button_group(key=f"split-{version.id}-ill").set_value("random").run()
    app.run()
    assert app.button_group(key=f"split-{version.id}-ill").value == "random"
    assert app.radio(key=f"groups-{version.id}-ill").value is False


def test_who_predicts_for_the_same_patients_splits_at_random_and_may_change_their_mind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits_of_patients().to_csv(tmp_path / "visits.csv", index=False)
    with Studio.open(tmp_path / "litmus") as studio:
        version = studio.datasets.import_file(tmp_path / "visits.csv")
        studio.checks.run(version.id, target="ill")
    monkeypatch.setenv("LITMUS_HOME", str(tmp_path / "litmus"))
    app = ask(version, "ill")
    app.radio(key=f"groups-{version.id}-ill").set_value(False).run()
    app.run()
    assert app.button_group(key=f"split-{version.id}-ill").value == "random"
    app.radio(key=f"groups-{version.id}-ill").set_value(True).run()
    app.run()
    assert app.button_group(key=f"split-{version.id}-ill").value == "group"
    assert "patient" not in app.multiselect(key=f"features-{version.id}-ill").value
