"""What is decided after a score is known: another bar, or to use a model anyway."""

from __future__ import annotations

from dataclasses import replace

import pytest

from litmus_core.errors import BusyError, UsageError
from litmus_core.experiments import Studio
from litmus_core.experiments._actions.stored import STORED
from litmus_core.store import Workspace
from litmus_core.types import AssertionResult, AssertionsChanged, BarMoved, CandidateTested
from litmus_core.verdicts import bar_at, read_assertion, verdict_sentence
from tests.app.world import EXPERIMENT, METRICS, RUN, SECOND_RUN, World

BAR = METRICS["binary"][1]


@pytest.fixture
def world() -> World:
    world = World(Workspace.locate())
    world.run(world.experiment(), outcome="misses")
    return world


def test_a_bar_is_moved_and_the_verdict_follows(world: World) -> None:
    with Studio.open() as studio:
        task = studio.decisions.move_bar(EXPERIMENT, 0.88, by="Ada").task
        judged = studio.runs.get(RUN).verdict
        [summary] = studio.experiments.summaries()
    assert task.bar == replace(BAR, value=0.88)
    assert (judged.outcome, judged.bar, judged.moved.by, judged.moved.before) == (
        "meets",
        task.bar,
        "Ada",
        BAR,
    )
    assert summary.verdict == judged


def test_the_journal_and_the_verdict_say_who_moved_it_and_why(world: World) -> None:
    with Studio.open() as studio:
        studio.decisions.move_bar(EXPERIMENT, 0.88, by="Ada", because="A person\n checks it.")
        judged = studio.runs.get(RUN).verdict
    [moved] = [event.fact for event in world.journal.events(types=[BarMoved])]
    assert (moved.bar.value, moved.by, moved.experiment_id) == (0.88, "Ada", EXPERIMENT)
    assert moved.because == judged.moved.because == "A person checks it."
    said = "The bar was moved from 0.85 after this score was known. The reason: “A person checks it.”"
    assert said in verdict_sentence(judged)


def test_moved_back_the_first_verdict_holds_again(world: World) -> None:
    with Studio.open() as studio:
        first = studio.runs.get(RUN).verdict
        studio.decisions.move_bar(EXPERIMENT, 0.88)
        studio.decisions.move_bar(EXPERIMENT, BAR.value)
        assert studio.runs.get(RUN).verdict == first


def test_a_broken_assertion_stays_broken_whichever_way_the_bar_moves(world: World) -> None:
    line = read_assertion("rises with area")
    broken = AssertionResult(assertion=line, state="broken", n_rows=160, n_broken=160)
    with Studio.open() as studio:
        verdict = replace(studio.runs.get(RUN).verdict, assertions=(broken,))
        changed = AssertionsChanged(
            experiment_id=EXPERIMENT, assertions=(line,), by="", verdicts=((RUN, verdict),)
        )
        world.journal.append(changed)
        for value in (0.7, BAR.value):
            studio.decisions.move_bar(EXPERIMENT, value)
            assert studio.runs.get(RUN).verdict.broken == (broken,)
            assert studio.decisions.gate(RUN).outcome == "not met"


def test_a_bar_that_somebody_moved_is_no_proposal(world: World) -> None:
    with Studio.open() as studio:
        task = studio.experiments.get(EXPERIMENT).task
    assert not bar_at(replace(task, bar=replace(BAR, is_proposed=True)), 0.7).is_proposed


def test_a_bar_is_looked_at_without_being_moved(world: World) -> None:
    n_events = len(world.journal.events())
    with Studio.open() as studio:
        assert studio.decisions.verdict_at(RUN, 0.95).outcome == "misses"
        assert studio.decisions.promised(RUN) == replace(BAR, value=0.88)
        assert studio.experiments.get(EXPERIMENT).task.bar == BAR
    assert len(world.journal.events()) == n_events


def test_a_look_at_the_same_rows_since_then_lowers_the_promise(world: World) -> None:
    model = world.worse_run(world.asked)
    world.journal.append(CandidateTested(candidate_id=model.id, test=model.validation, reason="chosen"))
    with Studio.open() as studio:
        assert studio.decisions.promised(RUN).value == pytest.approx(0.877)
        assert studio.decisions.verdict_at(RUN, 0.88).outcome == "undecided"


def test_every_run_is_judged_by_the_moved_bar(world: World) -> None:
    world.worse_run(world.asked)
    with Studio.open() as studio:
        studio.decisions.move_bar(EXPERIMENT, 0.8)
        assert [studio.runs.get(each).verdict.bar.value for each in (RUN, SECOND_RUN)] == [0.8, 0.8]


def test_whoever_saw_another_bar_moves_nothing(world: World) -> None:
    with Studio.open() as first, Studio.open() as second:
        first.decisions.move_bar(EXPERIMENT, 0.88, instead_of=BAR)
        with pytest.raises(BusyError, match=r"moved the bar meanwhile: it is accuracy >= 0.88"):
            second.decisions.move_bar(EXPERIMENT, 0.7, instead_of=BAR)
        assert second.experiments.get(EXPERIMENT).task.bar.value == 0.88


@pytest.mark.parametrize("value", [1.2, -0.1, float("nan")])
def test_an_impossible_bar_is_refused_and_nothing_changes(world: World, value: float) -> None:
    with Studio.open() as studio:
        with pytest.raises(UsageError):
            studio.decisions.move_bar(EXPERIMENT, value)
        assert studio.experiments.get(EXPERIMENT).task.bar == BAR


def test_a_list_of_actions_for_the_old_bar_is_forgotten(world: World) -> None:
    stored = world.workspace.run_dir(RUN) / STORED
    stored.write_text("{}")
    with Studio.open() as studio:
        studio.decisions.move_bar(EXPERIMENT, 0.88)
    assert not stored.exists()


def test_a_model_is_used_anyway_with_a_name_and_a_reason(world: World) -> None:
    with Studio.open() as studio:
        studio.decisions.use_anyway(RUN, because="Sales need\n it now.", by="Ada")
        [summary] = studio.experiments.summaries()
        found = summary.experiment.decision
    assert (found.by, found.reason, found.run_id, found.bar) == ("Ada", "Sales need it now.", RUN, BAR)
    assert found.verdict.startswith("Misses the bar")


def test_a_decision_outlives_a_rename_and_is_taken_back(world: World) -> None:
    with Studio.open() as studio:
        studio.decisions.use_anyway(RUN, because="It helps.")
        studio.experiments.rename(EXPERIMENT, "Another name")
        assert studio.experiments.get(EXPERIMENT).decision is not None
        studio.decisions.withdraw(EXPERIMENT)
        assert studio.experiments.get(EXPERIMENT).decision is None
        with pytest.raises(UsageError, match="no decision"):
            studio.decisions.withdraw(EXPERIMENT)


def test_a_decision_needs_a_reason_and_a_verdict(world: World) -> None:
    world.second_run(world.asked)
    with Studio.open() as studio:
        with pytest.raises(UsageError, match="needs a reason"):
            studio.decisions.use_anyway(RUN, because="  ")
        with pytest.raises(UsageError, match="501 letters is too long"):
            studio.decisions.move_bar(EXPERIMENT, 0.7, because=501 * "a")
        with pytest.raises(UsageError, match="no verdict yet"):
            studio.decisions.use_anyway(SECOND_RUN, because="It helps.")
