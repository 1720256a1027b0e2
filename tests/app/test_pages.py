"""Every page, on an empty workspace and on one that looks like months of use."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from app import navigation
from app.navigation import PAGES
from litmus_core.errors import UsageError
from tests.app.visit import go, links, text, visit


@pytest.fixture(scope="module")
def wanted() -> dict[str, str]:
    """What each page says first where there is nothing yet."""
    return {
        "home": "Welcome to Litmus",
        "data": "Begin with a table",
        "target": "There is no table yet",
        "train": "No model yet",
        "improve": "No model yet",
        "leaderboards": "There is nothing to compare yet",
        "forecast": "No table has a column of times yet",
        "targets": "No table has several targets yet",
        "recipes": "Not used yet.",
        "plugins": "No plug-in yet",
        "handoffs": "No question yet",
    }


def test_every_page_opens_on_an_empty_workspace_and_says_what_to_do_first(wanted):
    app = visit("home")
    for page in PAGES:
        go(app, page)
        assert wanted.get(page, "") in text(app), page
        assert app.button or links(app), page


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("Reslts", "Did you mean 'results'? The sidebar lists all pages."),
        ("wp-admin", "The sidebar lists all pages."),
    ],
)
def test_an_unknown_address_says_where_to_go(monkeypatch, address, hint):
    registered = {}
    monkeypatch.setattr(navigation.st, "navigation", lambda pages, **_: pages[-1])
    monkeypatch.setattr(navigation.st, "Page", lambda run, **options: registered.update(options) or run)
    monkeypatch.setattr(navigation.st, "context", SimpleNamespace(url=f"http://localhost:8501/{address}"))
    with pytest.raises(UsageError, match=address) as refused:
        navigation.build()()
    assert (registered["url_path"], refused.value.hint) == (address, hint)


def test_every_page_opens_on_a_workspace_in_use(seeded):
    app = visit("home")
    for page in PAGES:
        assert not go(app, page).exception, page


def test_the_sidebar_leads_to_every_page_in_the_order_of_the_journey(seeded):
    leads = links(visit("home"))[-len(PAGES) :]
    assert leads == [
        "",
        "data",
        "target",
        "train",
        "results",
        "improve",
        "export",
        "leaderboards",
        "forecast",
        "targets",
        "recipes",
        "plugins",
        "handoffs",
    ]


def test_an_id_that_is_gone_is_said_in_words(seeded):
    app = visit("train", experiment="ex_ffffffffff")
    assert [each.proto.title for each in app.warning] == [
        "There is no experiment 'ex_ffffffffff' in this workspace."
    ]


@pytest.mark.parametrize(
    ("page", "query", "said"),
    [
        ("results", {"experiment": "ex_12"}, "There is no experiment 'ex_12' in this workspace."),
        ("data", {"dataset": "<script>"}, "There is no table '<script>' in this workspace."),
        (
            "results",
            {"experiment": "ex_0000000000", "run": "run_ffffffffff"},
            "There is no run 'run_ffffffffff' in this workspace.",
        ),
    ],
)
def test_a_wrong_id_is_said_in_words_with_ways_back(seeded, page, query, said):
    app = visit(page, **query)
    assert [each.proto.title for each in app.warning] == [said]
    assert "leaderboards" in links(app)[:-1]  # beside the sidebar's


def test_an_address_with_nonsense_in_it_is_read_as_without(seeded):
    app = visit("leaderboards", compare="'; drop table experiments")
    assert len(app.dataframe) == 1
    assert not app.warning


def test_no_page_has_an_icon_that_the_browser_would_ask_elsewhere_for(monkeypatch):
    given = []
    monkeypatch.setattr(navigation.st, "Page", lambda *_, **words: given.append(words))

    for spec in PAGES.values():
        navigation._page(spec)

    assert len(given) == len(PAGES)
    assert all("icon" not in words for words in given)
