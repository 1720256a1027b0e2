"""Endpoints in words: their state, their versions, what keeps one from being promoted."""

from __future__ import annotations

from dataclasses import replace

from app.presenters.shipping.endpoints import Certification, certificate_message, present_endpoint
from litmus_core.experiments import ServedModel
from litmus_core.text import NARROW
from litmus_core.types import Restarts
from tests.app.certified import bundle, certificate, stats

FIRST, SECOND = bundle(0), bundle(1)
MODELS = {
    stored.id: ServedModel(title=title, source="experiment", source_id="ex_1", has_certificate=True)
    for stored, title in ((FIRST, "LightGBM"), (SECOND, "Team"))
}


def shown(proof: Certification = Certification(), **more):  # noqa: B008 - frozen
    return present_endpoint(stats(n_versions=2, **more), models=MODELS, proofs={SECOND.id: proof})


def test_an_endpoint_says_how_it_fares():
    view = shown()
    assert (view.state.word, view.state.tone, view.model) == ("Answering", "good", "LightGBM")
    assert [(what, value.replace(NARROW, " ")) for what, value, _ in view.facts] == [
        ("Requests", "1,200"),
        ("Rows", "1,300"),
        ("Errors", "2"),
        ("Median", "0.21 ms"),
        ("95th percentile", "0.45 ms"),
        ("Restarts", "0"),
    ]
    assert view.problems.errors == "row does not fit: 2"


def test_a_restart_says_when_and_why():
    view = shown(restarts=Restarts(n=1, last_at="2026-10-01T10:00:00+00:00", last_reason="It was killed."))
    assert view.problems.restarts == "Restarted by itself 1 Oct 2026: It was killed."


def test_versions_come_newest_first_and_say_which_answers():
    view = shown(previous=2)
    assert [(each.number, each.model, each.is_live, each.is_previous) for each in view.versions] == [
        (2, "Team", False, True),
        (1, "LightGBM", True, False),
    ]


def test_a_version_without_a_full_certificate_is_blocked_with_the_reason():
    short = Certification(certificate=certificate(SECOND.id, form="short"))
    assert shown(short).versions[0].blocked == "It needs a full certificate first: see the tab Certificate."
    at_it = Certification(certificate=certificate(SECOND.id, form="short"), progress="Installing.")
    assert shown(at_it).versions[0].blocked.startswith("It waits for its full certificate")
    failed = Certification(certificate=certificate(SECOND.id, passed=False))
    assert shown(failed).versions[0].blocked == "It did not pass its full certificate: 46 MB at most."


def test_a_version_that_a_line_of_ones_own_refuses_says_how_it_is_tried_again():
    refused = certificate(SECOND.id, passed=False)
    lines = tuple(replace(line, plugin="Small") if line.passed is False else line for line in refused.lines)
    blocked = shown(Certification(certificate=replace(refused, lines=lines))).versions[0].blocked
    assert blocked == (
        "It did not pass its full certificate: 46 MB at most. "
        "If you changed or disabled the check since, certify it again."
    )


def test_a_version_that_passed_in_full_may_be_promoted():
    assert shown(Certification(certificate=certificate(SECOND.id))).versions[0].blocked == ""


def test_a_version_that_only_breaks_an_assertion_may_be_promoted_for_a_reason():
    refused = certificate(SECOND.id, passed=False)
    lines = tuple(
        replace(line, key="assertion", text="It falls with age.") if line.passed is False else line
        for line in refused.lines
    )
    waiting = shown(Certification(certificate=replace(refused, lines=lines))).versions[0]
    assert (waiting.blocked, waiting.takes_reason) == ("", True)
    assert waiting.broken == "It breaks what must hold of its answers. It falls with age."


def test_proofs_have_words_shapes_and_colours_of_their_own():
    found = [
        certificate_message(proof)
        for proof in (
            Certification(),
            Certification(progress="Starting."),
            Certification(certificate=certificate("bd", form="short")),
            Certification(certificate=certificate("bd", passed=False)),
            Certification(certificate=certificate("bd")),
        )
    ]
    assert [(each.word, each.tone) for each in found] == [
        ("no certificate", "quiet"),
        ("being certified in full", "accent"),
        ("short certificate passed", "good"),
        ("full certificate not passed", "bad"),
        ("full certificate passed", "good"),
    ]
    assert len({each.icon for each in found}) == 5


def test_a_stopped_endpoint_does_not_live():
    view = shown(state="stopped")
    assert (view.is_alive, view.state.word) == (False, "Stopped")
