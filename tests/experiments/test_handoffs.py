"""Asking a scientist and getting an answer that runs; runs end as the test says, so nothing is trained."""

from __future__ import annotations

import ast
import io
import json
import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from litmus_core import Studio
from litmus_core.errors import BusyError, NotFoundError, UsageError
from litmus_core.experiments import RecipesService, RunsService
from litmus_core.plugins import CheckResult, PlugInReport, PlugInState, digest_of_file
from litmus_core.recipes import RecipeError
from litmus_core.store import rebuild
from litmus_core.types import Algorithm, Answer, Experiment, Handoff, HandoffAnswered, RunJudged, RunPlan
from tests.app.world import World
from tests.walks import RECIPE

CAPS = '''\
from litmus_core.plugins import preprocessor


@preprocessor(title="Capped sizes")
class Caps:
    """Cuts sizes."""

    def __init__(self, most: float = 20.0):
        self.most = most

    def transform(self, frame):
        return frame.assign(size=frame["size"].clip(upper=self.most))
'''


@pytest.fixture
def told(studio: Studio) -> Experiment:
    """An experiment that the journal tells of alone: enough where nothing looks at the table."""
    experiment = World(studio.workspace).experiment()
    studio.store.refresh()
    return experiment


def add_caps(studio: Studio, *, trusted: bool = True) -> None:
    file = studio.plugins.create_file("caps.py", CAPS)
    if trusted:
        PlugInState(studio.workspace.path).trust(file)
        passed = CheckResult(name="runs", passed=True, seconds=0.1)
        report = PlugInReport(
            point="preprocess", name="Caps", reference="plugins/caps.py:Caps", results=(passed,)
        )
        PlugInState(studio.workspace.path).store_report(digest_of_file(file), report)


def test_a_question_waits_with_who_asked_and_all_that_belongs_to_it(studio, experiment, train_to):
    train_to(0.82)
    run = studio.runs.start(experiment.id)

    asked = studio.handoffs.ask(experiment.id, "  What else\nhelps?  ", by=" Ann  Lee ")

    assert (asked.state, asked.question, asked.asked_by) == ("open", "What else\nhelps?", "Ann Lee")
    assert asked.leading_run_id == run.id
    context = studio.handoffs.get_context(asked.id)
    assert [each.id for each in context.runs] == [run.id]
    assert context.leader_id == run.chosen_id
    assert context.experiment == experiment
    assert context.n_evaluations == 1


def test_the_looks_at_the_test_rows_are_those_that_the_verdict_counts(studio, experiment, train_to):
    train_to(0.82)
    run = studio.runs.start(experiment.id)
    verdict = replace(run.verdict, n_evaluations=4)  # three in other experiments
    studio.journal.append(RunJudged(run_id=run.id, candidate_id=run.chosen_id, verdict=verdict))

    folder = studio.handoffs.folder(studio.handoffs.ask(experiment.id, "What now?").id)

    assert "The test rows were looked at 4 times." in (folder / "README.md").read_text()


def test_the_folder_tells_it_without_litmus(studio, experiment, train_to):
    train_to(0.82)
    studio.runs.start(experiment.id)
    asked = studio.handoffs.ask(experiment.id, "Is <script> in the way?", by="Ann")

    folder = studio.handoffs.folder(asked.id)

    assert folder == studio.workspace.path / "handoffs" / asked.id
    there = {each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()}
    assert there == {"README.md", "question.html", "handoff.json", "data_report.html", "runs/run_1.py"}
    readme = (folder / "README.md").read_text()
    assert "Ann asked at" in readme
    assert r"> Is \<script> in the way?" in readme
    assert "Good enough: roc_auc >= 0.9." in readme
    assert "| Run 1 | misses | 0.820 (0.810 to 0.830) |" in readme
    page = (folder / "question.html").read_text()
    assert "Is &lt;script&gt; in the way?" in page
    assert "http" not in page.replace("http-equiv", "")
    ast.parse((folder / "runs" / "run_1.py").read_text())
    assert json.loads((folder / "handoff.json").read_text())["handoff"]["id"] == asked.id


def test_the_folder_can_be_taken_along_as_a_zip_and_is_made_anew_where_it_is_gone(studio, told):
    asked = studio.handoffs.ask(told.id, "What now?")
    shutil.rmtree(studio.workspace.handoffs)

    archive = zipfile.ZipFile(io.BytesIO(studio.handoffs.zip(asked.id)))

    assert f"{asked.id}/README.md" in archive.namelist()


def test_a_folder_that_is_made_anew_has_its_answer_again(studio, told):
    asked = studio.handoffs.ask(told.id, "What now?", by="Ann")
    studio.handoffs.answer(asked.id, "Try the weather.", by="Bob")
    shutil.rmtree(studio.handoffs.folder(asked.id))

    assert "Try the weather." in (studio.handoffs.folder(asked.id) / "answer.md").read_text()


def test_it_is_asked_before_any_run_too(studio, told):
    asked = studio.handoffs.ask(told.id, "Where do I begin?")

    assert asked.leading_run_id == ""
    assert "No model was finished so far." in (studio.handoffs.folder(asked.id) / "README.md").read_text()


def test_the_same_question_that_still_waits_is_not_asked_twice(studio, told):
    assert studio.handoffs.ask(told.id, "What now?") == studio.handoffs.ask(told.id, " What now? ")
    assert len(studio.handoffs.list(told.id)) == 1


@pytest.mark.parametrize("question", ["", "  \n ", "a" * 10_001])
def test_an_empty_or_endless_question_is_refused(studio, told, question):
    with pytest.raises(UsageError, match=r"is empty|is too long"):
        studio.handoffs.ask(told.id, question)

    assert studio.handoffs.list() == []
    assert not studio.workspace.handoffs.exists()


def test_a_question_about_nothing_is_refused(studio):
    with pytest.raises(NotFoundError):
        studio.handoffs.ask("ex_0000000000", "What now?")
    with pytest.raises(NotFoundError):
        studio.handoffs.answer("ho_0000000000", "Nothing.")


def test_those_that_wait_come_first(studio, told):
    first, second = studio.handoffs.ask(told.id, "One?"), studio.handoffs.ask(told.id, "Two?")
    studio.handoffs.answer(second.id, "Like this.")
    third = studio.handoffs.ask(told.id, "Three?")
    studio.handoffs.close(first.id)

    assert [each.id for each in studio.handoffs.list()] == [third.id, second.id, first.id]
    assert [each.id for each in studio.handoffs.list(state="answered")] == [second.id]
    assert studio.handoffs.list("ex_other") == []


def test_an_answer_in_words_is_read_and_closed(studio, told):
    asked = studio.handoffs.ask(told.id, "What now?", by="Ann")

    answered = studio.handoffs.answer(asked.id, "Ask for the colour, too.", by="Bob")

    assert (answered.state, answered.answered_by) == ("answered", "Bob")
    assert answered.answer.words == "Ask for the colour, too."
    assert "Bob answered" in (studio.handoffs.folder(asked.id) / "answer.md").read_text()
    with pytest.raises(UsageError, match="proposes nothing that Litmus can start"):
        studio.handoffs.start_answer(asked.id)
    closed = studio.handoffs.close(asked.id, text="Thanks", by="Ann")
    assert (closed.state, closed.closing.ending, closed.closing.by) == ("closed", "solved", "Ann")


def test_a_later_answer_replaces_the_one_before(studio, told):
    asked = studio.handoffs.ask(told.id, "What now?")
    studio.handoffs.answer(asked.id, "This.")

    assert studio.handoffs.answer(asked.id, "No, that.").answer.words == "No, that."


def test_a_closed_question_takes_no_answer(studio, told):
    asked = studio.handoffs.ask(told.id, "What now?")
    assert studio.handoffs.close(asked.id).closing.ending == "withdrawn"

    with pytest.raises(UsageError, match=r"was closed \(withdrawn\)"):
        studio.handoffs.answer(asked.id, "Like this.")


def test_a_recipe_in_the_answer_is_followed_by_one_call(studio, experiment, train_to):
    train_to(0.82)
    studio.recipe_editor.save(RECIPE, run_tests=False)
    asked = studio.handoffs.ask(experiment.id, "What now?")
    answered = studio.handoffs.answer(asked.id, "Try ours.", recipe="our-way", knobs={"minutes": 2})
    assert (answered.answer.recipe, answered.answer.version) == ("our-way", 1)

    taken = studio.handoffs.start_answer(asked.id)

    assert studio.runs.get(taken.run_id).plan.step.recipe == "our-way"
    assert dict(studio.recipes.walk(experiment.id).recipe.settings) == {"minutes": 2}
    closed = studio.handoffs.get(asked.id)
    assert (closed.state, closed.closing.ending, closed.closing.started_run_id) == (
        "closed",
        "started",
        taken.run_id,
    )


def test_an_answer_whose_first_step_cannot_begin_yet_says_so_and_is_followed(studio, experiment, monkeypatch):
    studio.recipe_editor.save(RECIPE, run_tests=False)
    asked = studio.handoffs.ask(experiment.id, "What now?")
    studio.handoffs.answer(asked.id, "Try ours.", recipe="our-way")

    def busy(*_, **__):
        raise BusyError("Somebody else is continuing this just now.")

    monkeypatch.setattr(RecipesService, "apply_step", busy)

    taken = studio.handoffs.start_answer(asked.id)

    assert taken.run_id == ""
    assert "Its next step cannot begin yet: Somebody else is continuing" in taken.message
    assert studio.recipes.walk(experiment.id).next.step.number == 1


def test_a_recipe_that_does_not_fit_the_asker_is_said_to_the_scientist(studio, experiment):
    studio.recipe_editor.save(RECIPE.replace("name: size", "name: sizes"), run_tests=False)
    asked = studio.handoffs.ask(experiment.id, "What now?")

    with pytest.raises(RecipeError, match="The nearest is 'size'"):
        studio.handoffs.answer(asked.id, "Try ours.", recipe="our-way")
    with pytest.raises(NotFoundError, match="Did you mean 'our-way'"):
        studio.handoffs.answer(asked.id, "Try ours.", recipe="our-wax")

    assert studio.handoffs.get(asked.id).state == "open"


def test_of_two_who_start_an_answer_at_once_one_does(studio, experiment, train_to):
    trainer = train_to(0.82, 0.83)
    studio.recipe_editor.save(RECIPE, run_tests=False)
    asked = studio.handoffs.ask(experiment.id, "What now?")
    studio.handoffs.answer(asked.id, "Try ours.", recipe="our-way")
    both = Barrier(2)

    def take() -> str:
        both.wait()
        try:
            return studio.handoffs.start_answer(asked.id).run_id
        except UsageError as error:
            return str(error)

    with ThreadPoolExecutor(2) as pool:
        said = sorted(future.result() for future in [pool.submit(take), pool.submit(take)])

    assert said[0].startswith("The question was closed (started)")
    assert [said[1]] == [each.id for each in studio.runs.list(experiment.id)]
    assert len(trainer.plans) == 1


def test_a_plug_in_in_the_answer_runs_with_what_led(studio, experiment, train_to, monkeypatch):
    trainer = train_to(0.82, 0.95)
    studio.runs.start(experiment.id)
    add_caps(studio)
    monkeypatch.setattr(RunsService, "check_plan", lambda *_: None)  # which runs it
    asked = studio.handoffs.ask(experiment.id, "What now?")
    answered = studio.handoffs.answer(asked.id, "Sizes run away.", plugin="Caps(most=12)")
    assert answered.answer.plugin == "Caps(most=12)"

    taken = studio.handoffs.start_answer(asked.id)

    (part,) = trainer.plans[1].preprocess
    assert (part.reference, part.parameters) == ("plugins/caps.py:Caps", (("most", 12.0),))
    assert studio.runs.get(taken.run_id).title == "With Caps(most=12)"


def test_an_answer_that_names_other_code_starts_nothing(studio, experiment, train_to):
    trainer = train_to(0.82)
    asked = studio.handoffs.ask(experiment.id, "What now?")
    system = RunPlan(algorithms=(Algorithm(key="os:system"),))
    answer = Answer(words="Try this.", by="", plugin="Caps", plan=system)
    studio.context.record(HandoffAnswered(handoff_id=asked.id, answer=answer))

    with pytest.raises(UsageError, match="The answer would run os:system, which is not a trusted plug-in"):
        studio.handoffs.start_answer(asked.id)

    assert trainer.plans == []
    assert studio.handoffs.get(asked.id).state == "answered"


def test_a_plug_in_that_is_not_ready_is_said_to_the_scientist(studio, experiment):
    add_caps(studio, trusted=False)
    asked = studio.handoffs.ask(experiment.id, "What now?")

    with pytest.raises(NotFoundError, match="no plug-in 'Caps'"):
        studio.handoffs.answer(asked.id, "Sizes run away.", plugin="Caps")
    with pytest.raises(UsageError, match="not both"):
        studio.handoffs.answer(asked.id, "Both.", plugin="Caps", recipe="small-table")


def test_a_recipes_step_hands_off_and_the_answer_lets_the_walk_go_on(studio, experiment, train_to):
    train_to(0.82, 0.83)
    studio.recipe_editor.save(RECIPE, run_tests=False)
    studio.recipes.take(experiment.id, "our-way")
    studio.walks.follow(experiment.id, minutes=10)
    studio.recipes.skip_step(experiment.id)  # of the request for rows

    studio.walks.follow(experiment.id, minutes=10)

    (asked,) = studio.handoffs.list(experiment.id)
    assert (asked.question, asked.step.number) == ("What now?", 6)
    assert studio.recipes.walk(experiment.id).next.state == "asked"
    assert "step 6 of the recipe our-way v1" in (studio.handoffs.folder(asked.id) / "README.md").read_text()
    studio.handoffs.answer(asked.id, "Let it be.", by="Bob")
    place = studio.recipes.walk(experiment.id).places[-1]
    assert (place.state, place.why) == ("done", "Bob answered: Let it be.")


@pytest.fixture
def asked_by_step(studio, experiment, train_to, our_way) -> Handoff:
    """A question that the last step of a recipe asked, and that waits."""
    train_to(0.82, 0.83)
    studio.recipes.take(experiment.id, "our-way")
    studio.walks.follow(experiment.id, minutes=10)
    studio.recipes.skip_step(experiment.id)  # of the request for rows
    studio.recipes.apply_step(experiment.id)
    (asked,) = studio.handoffs.list(experiment.id)
    return asked


def test_passing_over_a_step_withdraws_what_it_asked(studio, experiment, asked_by_step):
    studio.recipes.skip_step(experiment.id)

    asked = studio.handoffs.get(asked_by_step.id)
    assert (asked.state, asked.closing.ending) == ("closed", "withdrawn")


def test_closing_a_steps_question_without_an_answer_passes_over_the_step(studio, experiment, asked_by_step):
    assert studio.handoffs.close(asked_by_step.id).closing.ending == "withdrawn"

    place = studio.recipes.walk(experiment.id).places[-1]
    assert (place.state, place.why) == ("skipped", "The question was closed without an answer.")


def test_a_question_from_before_the_recipe_was_taken_anew_ends_no_step(studio, experiment):
    text = "format: 1\nname: asks\nversion: 1\ndescription: Asks.\nsteps:\n  - hand off: What now?\n"
    studio.recipe_editor.save(text, run_tests=False)
    for _ in range(2):
        studio.recipes.take(experiment.id, "asks")
        studio.recipes.apply_step(experiment.id)
    newer, older = studio.handoffs.list(experiment.id)

    studio.handoffs.close(older.id)
    assert studio.recipes.walk(experiment.id).places[0].state == "asked"
    studio.handoffs.close(newer.id)
    assert studio.recipes.walk(experiment.id).places[0].state == "skipped"


def test_a_question_of_a_recipe_that_cannot_be_read_any_more_is_closed_all_the_same(studio, asked_by_step):
    shutil.rmtree(studio.workspace.recipes / "our-way")

    assert studio.handoffs.close(asked_by_step.id).state == "closed"


def test_a_display_name_is_kept_in_the_workspace(studio, told, monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "u123")
    studio = Studio.open(studio.workspace.path)
    assert studio.users.display_name() == "u123"

    studio.users.set_display_name(" Ann  Lee ")

    assert studio.handoffs.ask(told.id, "What now?").asked_by == "Ann Lee"
    with pytest.raises(UsageError, match="at least one letter"):
        studio.users.set_display_name("  ")


def test_a_rebuilt_store_tells_the_same(studio, told):
    asked = studio.handoffs.ask(told.id, "What now?")
    studio.handoffs.answer(asked.id, "Like this.", by="Bob")
    before = studio.handoffs.list()
    studio.close()
    rebuild(studio.workspace)

    with Studio.open(studio.workspace.path) as later:
        assert later.handoffs.list() == before


def test_a_deleted_experiment_takes_its_questions_along(studio, told):
    asked = studio.handoffs.ask(told.id, "What now?")
    folder = studio.handoffs.folder(asked.id)

    studio.experiments.delete(told.id)

    assert studio.handoffs.list() == []
    assert not folder.exists()
