"""A version answers once outcomes show that it is better, or because of what a person says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from litmus_core.cli import app
from litmus_core.deploy._endpoints.endpoints import check_running, endpoint_of
from litmus_core.deploy._endpoints.folder import EndpointFolder, State
from litmus_core.errors import NotFoundError, UsageError
from litmus_core.experiments import CertificatesService, Studio
from litmus_core.experiments._deploy.deployable import certification, promotion
from litmus_core.store import Store
from litmus_core.types import EndpointStarted, EndpointVersion, LiveComparison

VERSIONS = tuple(
    EndpointVersion(number=number, bundle_id=f"bd_{number}", path="/b", sha256="", added_at="2026")
    for number in (1, 2, 3)
)


@pytest.fixture
def outcomes() -> SimpleNamespace:
    """What outcomes say of a waiting version; it may be an error."""
    return SimpleNamespace(state="too few rows", error=None, n_asked=0)


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outcomes: SimpleNamespace) -> Iterator[Studio]:
    """A workspace whose endpoint 'shop' answers with version 1; 2 and 3 are certified and wait."""

    def compare(_: Any, name: str, version: int) -> LiveComparison:
        outcomes.n_asked += 1
        if outcomes.error is not None:
            raise outcomes.error
        sentence = f"Version {version} is {outcomes.state}."
        return LiveComparison(
            name=name, version=1, challenger=version, metric="accuracy", n_rows=9,
            state=outcomes.state, sentence=sentence,
        )  # fmt: skip

    def switch(workspace: Any, name: str, version: int | None = None) -> Any:
        home = EndpointFolder(workspace, name)
        before = home.read()
        number = version or (before.versions[-1].number if version is None else 0)
        home.write(replace(before, live=number, previous=before.live))
        return endpoint_of(home.read())

    certificate = SimpleNamespace(form="full", passed=True, failures=(), plugin_lines=())
    monkeypatch.setattr(promotion, "compare_versions", compare)
    monkeypatch.setattr(certification, "candidate_assertions", lambda *_: ())
    monkeypatch.setattr(CertificatesService, "get", lambda *_: certificate)
    monkeypatch.setattr(Store, "bundle", lambda *_: SimpleNamespace(candidate_id="cd", run_id="run"))
    monkeypatch.setattr("litmus_core.deploy.promote_endpoint", switch, raising=False)
    monkeypatch.setattr(
        "litmus_core.deploy.rollback_endpoint",
        lambda workspace, name: switch(workspace, name, EndpointFolder(workspace, name).read().previous),
        raising=False,
    )
    monkeypatch.setattr("litmus_core.deploy.check_running", lambda *_: None, raising=False)
    with Studio.open(tmp_path / "workspace") as opened:
        state = State(id="ep_1", name="shop", versions=VERSIONS, live=1, started_at="2026")
        EndpointFolder(opened.workspace, "shop").write(state)
        opened.context.record(EndpointStarted(endpoint=endpoint_of(state)))
        opened.users.set_display_name("Ada")
        yield opened


@pytest.mark.parametrize("state", ["too few rows", "undecided", "worse"])
def test_a_version_that_outcomes_do_not_show_to_be_better_waits(
    studio: Studio, outcomes: SimpleNamespace, state: str
) -> None:
    outcomes.state = state
    for because in ("", "  "):
        with pytest.raises(UsageError, match=f"Version 2 of 'shop' was not promoted. Version 2 is {state}"):
            studio.endpoints.promote("shop", 2, because=because)
    with pytest.raises(UsageError) as refused:
        studio.endpoints.promote("shop")
    assert refused.value.hint.endswith("litmus endpoints promote shop 3 --because REASON.")
    assert studio.endpoints.stats("shop").version == 1
    assert [change.kind for change in studio.endpoints.history("shop")] == ["started"]


def test_the_version_that_answers_is_not_promoted(studio: Studio) -> None:
    with pytest.raises(UsageError, match="Version 1 of 'shop' answers already"):
        studio.endpoints.promote("shop", 1, because="Again.")
    assert [change.kind for change in studio.endpoints.history("shop")] == ["started"]


def test_a_version_that_outcomes_show_to_be_better_is_promoted_with_the_proof(
    studio: Studio, outcomes: SimpleNamespace
) -> None:
    outcomes.state = "better"
    assert studio.endpoints.promote("shop", 2).version == 2
    last = studio.endpoints.history("shop")[-1]
    assert (last.version, last.by, last.reason) == (2, "Ada", "")
    assert last.proof == "Version 2 is better."


def test_a_comparison_that_was_made_just_now_is_not_made_again(
    studio: Studio, outcomes: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes.state = "better"
    made = promotion.compare_versions(studio.context, "shop", 2)
    monkeypatch.setattr(type(studio.retraining), "compare", lambda *_: made)
    assert studio.retraining.promote("shop", 2)[1] is not None
    with pytest.raises(UsageError, match="Version 3 is worse"):
        studio.endpoints.promote(
            "shop", 3, comparison=replace(made, challenger=3, state="worse", sentence="Version 3 is worse.")
        )
    assert outcomes.n_asked == 1


def test_a_comparison_of_another_version_is_no_proof(studio: Studio, outcomes: SimpleNamespace) -> None:
    outcomes.state = "better"
    made = promotion.compare_versions(studio.context, "shop", 2)
    outcomes.state = "worse"
    with pytest.raises(UsageError, match="Version 3 is worse"):
        studio.endpoints.promote("shop", 3, comparison=made)


def test_a_person_says_why_it_is_promoted_although_it_cannot_be_compared(
    studio: Studio, outcomes: SimpleNamespace
) -> None:
    outcomes.error = NotFoundError(kind="run", id="run_2", hint="It was deleted.")
    with pytest.raises(UsageError, match="There is no run 'run_2'"):
        studio.endpoints.promote("shop", 2)
    home = ["shop", "--workspace", str(studio.workspace.path)]
    told = CliRunner().invoke(
        app, ["endpoints", "promote", "--because", " No outcomes\n here. ", *home[:1], "2", *home[1:]]
    )
    assert (told.exit_code, outcomes.n_asked) == (0, 1)

    listed = json.loads(CliRunner().invoke(app, ["endpoints", "history", *home, "--json"]).stdout)
    assert [(change["kind"], change["version"], change["by"], change["reason"]) for change in listed] == [
        ("started", 1, "Ada", ""), ("promoted", 2, "Ada", "No outcomes here."),
    ]  # fmt: skip
    assert "No outcomes here." in CliRunner().invoke(app, ["endpoints", "history", *home]).stdout
    with pytest.raises(NotFoundError, match="shpo"):
        studio.endpoints.history("shpo")


def test_going_back_takes_no_reason_and_a_given_one_is_recorded(
    studio: Studio, outcomes: SimpleNamespace
) -> None:
    studio.endpoints.promote("shop", 3, because="It is fairer.")
    with pytest.raises(UsageError, match="Version 2 of 'shop' was not promoted"):
        studio.endpoints.promote("shop", 2)  # it is older, and never answered
    assert studio.endpoints.promote("shop", 1).version == 1
    with pytest.raises(UsageError, match="Version 3 of 'shop' was not promoted"):
        studio.endpoints.promote("shop", 3)  # it answered, and was left for an older one
    studio.endpoints.rollback("shop", because="Callers depend on it.")
    assert [(change.kind, change.version, change.reason) for change in studio.endpoints.history("shop")] == [
        ("started", 1, ""),
        ("promoted", 3, "It is fairer."),
        ("promoted", 1, ""),
        ("rolled back", 3, "Callers depend on it."),
    ]


@pytest.mark.parametrize("command", ["promote", "rollback"])
def test_that_it_is_stopped_is_said_before_a_reason_is_asked_for(
    studio: Studio, outcomes: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr("litmus_core.deploy.check_running", check_running, raising=False)
    said = CliRunner().invoke(app, ["endpoints", command, "shop", "--workspace", str(studio.workspace.path)])
    assert "The endpoint 'shop' does not run. Start it first: litmus endpoints start shop" in " ".join(
        said.output.split()
    )
    assert outcomes.n_asked == 0


def test_another_model_after_a_stop_is_recorded_as_not_compared(studio: Studio) -> None:
    home = EndpointFolder(studio.workspace, "shop")
    for live in (1, 2, 2):
        state = replace(home.read(), id=f"ep_{live}", live=live)
        home.write(state)
        studio.context.record(EndpointStarted(endpoint=endpoint_of(state)))
    kinds = [(change.kind, change.version) for change in studio.endpoints.history("shop")]
    assert kinds == [("started", 1), ("started", 1), ("replaced", 2), ("started", 2)]
    said = CliRunner().invoke(
        app, ["endpoints", "history", "shop", "--workspace", str(studio.workspace.path)]
    )
    assert said.stdout.count("in place of another version; nothing was compared.") == 1
