"""Every page, on an empty workspace and on one that looks like months of use."""

from __future__ import annotations

import pytest

from app.navigation import PAGES
from tests.app.visit import go, links, text, visit


@pytest.fixture(scope="module")
def wanted() -> dict[str, str]:
    """What each page says first where there is nothing yet."""
    return {
        "home": "Welcome to Litmus",
        "data": "Begin with a table",
        "target": "There is no table yet",
        "train": "Nothing to train yet",
        "leaderboards": "There is nothing to compare yet",
    }


def test_every_page_opens_on_an_empty_workspace_and_says_what_to_do_first(wanted):
    app = visit("home")
    for page in PAGES:
        go(app, page)
        assert wanted.get(page, "") in text(app), page
        assert app.button or links(app), page


def test_every_page_opens_on_a_workspace_in_use(seeded):
    app = visit("home")
    for page in PAGES:
        assert not go(app, page).exception, page


def test_the_sidebar_leads_to_every_page_in_the_order_of_the_journey(seeded):
    leads = links(visit("home"))[-len(PAGES) :]
    assert leads == ["", "data", "target", "train", "results", "export", "leaderboards"]


def test_an_id_that_is_gone_is_said_in_words(seeded):
    app = visit("train", experiment="ex_ffffffffff")
    assert [each.proto.title for each in app.warning] == [
        "There is no experiment 'ex_ffffffffff' in this workspace."
    ]


def test_an_address_with_nonsense_in_it_is_read_as_without(seeded):
    app = visit("leaderboards", compare="'; drop table experiments")
    assert len(app.dataframe) == 1
    assert not app.warning
