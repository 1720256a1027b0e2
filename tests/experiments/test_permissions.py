"""Who signed in does what their role permits, and every fact bears their id."""

from __future__ import annotations

import inspect
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from litmus_core import Studio
from litmus_core.errors import NotPermittedError, UsageError
from litmus_core.experiments._permissions import PERMISSIONS, Guarded, permission_of
from litmus_core.people import ROLES, Person, Role, Roles, is_at_least
from litmus_core.types import PluginRef, RunPlan

ROLES_HERE = Roles(people={"ada@shop.example": "admin", "sue@shop.example": "scientist"})
ACTIONS = sorted(action for row in PERMISSIONS for action in row.actions())


def person(role: Role | None, name: str = "ben@shop.example") -> Person:
    return Person(id=name, role=role, is_signed_in=True, roles=ROLES_HERE)


def forbidden(role: Role | None) -> list[str]:
    return [action for action in ACTIONS if not is_at_least(role, permission_of(action).role)]


def service_methods(studio: Studio) -> list[str]:
    """Return what a studio's services offer, as service.method."""
    return sorted(
        f"{noun}.{name}"
        for noun, service in vars(studio).items()
        if type(service).__name__.endswith("Service")
        for name, _ in inspect.getmembers(type(service), callable)
        if not name.startswith("_")
    )


def test_the_table_names_every_method_of_every_service_once(studio: Studio) -> None:
    assert service_methods(studio) == ACTIONS
    assert len(ACTIONS) == len(set(ACTIONS))


@pytest.mark.parametrize("role", [None, *ROLES])
def test_every_action_that_a_role_lacks_is_refused_and_no_other(studio: Studio, role: Role | None) -> None:
    view, lacking = studio.acting_as(person(role)), {}
    before = studio.journal.last_id()
    for action in ACTIONS:
        noun, _, method = action.partition(".")
        call = getattr(getattr(view, noun), method)  # a page may hand it on
        with pytest.raises((NotPermittedError, TypeError)) as refused:  # no method has such an option
            call(no_such_option=True)
        if isinstance(refused.value, NotPermittedError):
            lacking[action] = refused.value.least

    assert lacking == {action: permission_of(action).role for action in forbidden(role)}
    assert studio.journal.last_id() == before


def test_more_than_sixty_pairs_of_role_and_action_are_forbidden() -> None:
    counts = {role: len(forbidden(role)) for role in ("viewer", "asker", "scientist", "admin")}

    assert sum(counts.values()) >= 60
    assert counts["admin"] == 0
    assert counts["viewer"] > counts["asker"] > counts["scientist"] > 0


CALLS: tuple[tuple[Role | None, str, tuple[Any, ...], dict[str, Any]], ...] = (
    (None, "datasets.list", (), {}),
    (None, "experiments.summaries", (), {}),
    ("viewer", "datasets.import_file", ("/etc/hostname",), {}),
    ("viewer", "datasets.rename", ("ds_1", "Mine"), {}),
    ("viewer", "runs.start", ("ex_1",), {}),
    ("viewer", "handoffs.ask", ("ex_1", "Why?"), {}),
    ("viewer", "decisions.move_bar", ("ex_1", 0.5), {}),
    ("asker", "decisions.use_anyway", ("run_1",), {"because": "I like it"}),
    ("asker", "candidates.reveal_test", ("run_1-a",), {}),
    ("asker", "plugins.create_file", ("x", "import os"), {}),
    ("asker", "endpoints.deploy", ("bd_1",), {}),
    ("asker", "runs.delete", ("run_1",), {}),
    ("scientist", "datasets.delete", ("ds_1",), {}),
    ("scientist", "trust.grant", (), {}),
)


@pytest.mark.parametrize(("role", "action", "positional", "named"), CALLS, ids=lambda each: str(each))
def test_a_refused_call_says_which_role_is_needed_and_whom_to_ask(
    studio: Studio, role: Role | None, action: str, positional: tuple[Any, ...], named: dict[str, Any]
) -> None:
    noun, _, method = action.partition(".")
    with pytest.raises(NotPermittedError) as refused:
        getattr(getattr(studio.acting_as(person(role)), noun), method)(*positional, **named)

    shown = f"with the role {role}" if role else "without a role"
    needed = permission_of(action)
    assert refused.value.message == (
        f"{needed.words} needs the role {needed.role}. You are signed in as ben@shop.example {shown}."
    )
    assert refused.value.hint.startswith("Ask ada@shop.example")


def test_what_a_service_is_made_of_is_not_reached_through_it(studio: Studio) -> None:
    view = studio.acting_as(person("admin"))

    for name in ("context", "users", "replies", "_service_of"):
        with pytest.raises(AttributeError):
            getattr(view.handoffs, name)


def test_a_reader_cannot_record_whatever_leads_there(studio: Studio) -> None:
    view = studio.acting_as(person("viewer"))

    with pytest.raises(NotPermittedError, match="Changing anything here needs the role asker"):
        view.context.record()


def test_facts_bear_the_person_with_several_at_once(studio: Studio, experiment: Any) -> None:
    names = [f"p{number}@shop.example" for number in range(4)]
    views = [studio.acting_as(person("asker", name)) for name in names]
    before = studio.journal.last_id()

    with ThreadPoolExecutor(4) as pool:
        for view, name in zip(views * 5, names * 5, strict=True):
            pool.submit(view.experiments.rename, experiment.id, name)

    facts = studio.journal.events(before)
    assert len(facts) == 20
    assert [event.person for event in facts] == [event.fact.name for event in facts]  # type: ignore[union-attr]


def test_without_sign_in_facts_bear_the_login_name_and_nothing_is_refused(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "u123")
    with Studio.open(studio.workspace.path) as own:
        own.users.set_display_name("Ada")

        assert own.journal.events()[-1].person == "u123"
        assert not any(isinstance(each, Guarded) for each in vars(own).values())


def test_nobody_signs_with_the_name_of_another(studio: Studio) -> None:
    ben = studio.acting_as(Person(id="ben@shop.example", name="Ben", role="scientist", is_signed_in=True))
    ben.users.welcome()

    assert ben.users.author("") == ben.users.author("Ben") == "Ben"
    with pytest.raises(UsageError, match="cannot sign as Ada"):
        ben.users.author("Ada")
    with pytest.raises(UsageError, match="comes from your sign-in"):
        ben.users.set_display_name("Ada")


@pytest.mark.parametrize(
    ("reference", "may"),
    [
        ("/home/me/tidy.py:Tidy", False),
        ("tidy:Tidy", False),
        ("plugins/../uploads/tidy.py:Tidy", False),
        ("Caps", True),
        ("plugins/caps.py:Caps", True),
    ],
)
def test_code_by_its_file_is_not_for_askers(
    studio: Studio, experiment: Any, reference: str, may: bool
) -> None:
    plan = RunPlan(preprocess=(PluginRef(point="preprocess", reference=reference),))

    with pytest.raises((NotPermittedError, UsageError)) as refused:  # there is no such plug-in either
        studio.acting_as(person("asker")).runs.check_plan(experiment.task, plan)

    assert isinstance(refused.value, NotPermittedError) is not may


QUESTION_DOORS = ("experiments.create", "runs.check_plan", "runs.quote", "tasks.baselines")


@pytest.mark.parametrize("action", QUESTION_DOORS)
@pytest.mark.parametrize("reference", ["/home/me/tidy.py:Tidy", "tidy:Tidy", "plugins/../uploads/t.py:T"])
def test_a_question_by_its_file_is_not_for_askers(
    studio: Studio, experiment: Any, action: str, reference: str
) -> None:
    kind = PluginRef(point="task_type", reference=reference)
    task, (noun, _, method) = replace(experiment.task, task_type=kind), action.partition(".")
    call = getattr(getattr(studio.acting_as(person("asker")), noun), method)

    with pytest.raises(NotPermittedError, match="Writing code or recipes that run here needs"):
        call(task, *([RunPlan()] if method == "check_plan" else []))


@pytest.mark.parametrize(
    ("role", "reference"), [("asker", "plugins/t.py:T"), ("scientist", "/nowhere/t.py:T")]
)
def test_a_question_is_put_by_whoever_may_run_its_code(
    studio: Studio, experiment: Any, role: Role, reference: str
) -> None:
    kind = PluginRef(point="task_type", reference=reference)

    with pytest.raises(UsageError, match="There is no"):  # refused no sooner than that
        studio.acting_as(person(role)).experiments.create(replace(experiment.task, task_type=kind))
