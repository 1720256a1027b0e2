"""Pages, their names and addresses, and links between them."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Literal, NoReturn
from urllib.parse import unquote, urlsplit

import streamlit as st

from app import state
from litmus_core.errors import UsageError

__all__ = ["JOURNEY", "PAGES", "PageKey", "PageSpec", "build", "draw_sidebar", "go", "link"]

PageKey = Literal[
    "home",
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
_LOGO = str(Path(__file__).with_name("litmus.svg"))
# Streamlit's page links do not announce the current page to screen readers.
_mark_current_page = st.components.v2.component(
    "litmus_current_page", js=Path(__file__).with_name("current_page.js").read_text(encoding="utf-8")
)
_FOLDER = Path(__file__).resolve().parents[1] / "pages"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSpec:
    """One page: ``key`` is its script's name and its address; ``sentence`` is the user's own question.

    ``group`` is its heading in the sidebar, which it shares with other pages of the group.
    """

    key: PageKey
    title: str
    icon: str
    sentence: str
    group: str = ""

    @property
    def path(self) -> Path:
        """The absolute path of the page's script, which is not beside the entry file."""
        return _FOLDER / f"{self.key}.py"


PAGES: dict[PageKey, PageSpec] = {
    spec.key: spec
    for spec in (
        PageSpec(key="home", title="Home", icon=":material/home:", sentence="Where was I?"),
        PageSpec(key="data", title="Data", icon=":material/table_chart:", sentence="Is my table any good?"),
        PageSpec(
            key="target",
            title="Target",
            icon=":material/flag:",
            sentence="What do I want, and how good is good enough?",
        ),
        PageSpec(
            key="train",
            title="Train",
            icon=":material/model_training:",
            sentence="How long, and is it getting anywhere?",
        ),
        PageSpec(key="results", title="Results", icon=":material/fact_check:", sentence="So, can I use it?"),
        PageSpec(
            key="improve",
            title="Improve",
            icon=":material/trending_up:",
            sentence="It missed. Now what?",
        ),
        PageSpec(key="export", title="Export", icon=":material/rocket_launch:", sentence="Put it to work."),
        PageSpec(
            key="leaderboards",
            title="Leaderboards",
            icon=":material/leaderboard:",
            sentence="Which of all these is ready?",
        ),
        PageSpec(
            key="forecast",
            title="Forecast",
            icon=":material/timeline:",
            sentence="How many will I sell next month?",
        ),
        PageSpec(
            key="targets",
            title="Many targets",
            icon=":material/sell:",
            sentence="Which tags belong to it?",
        ),
        PageSpec(
            key="recipes",
            title="Recipes",
            icon=":material/menu_book:",
            sentence="Let others do this without me.",
            group="For scientists",
        ),
        PageSpec(
            key="plugins",
            title="Plug-ins",
            icon=":material/extension:",
            sentence="Let others do this without me.",
            group="For scientists",
        ),
        PageSpec(
            key="handoffs",
            title="Hand-offs",
            icon=":material/support_agent:",
            sentence="Let others do this without me.",
            group="For scientists",
        ),
    )
}
JOURNEY: tuple[PageKey, ...] = ("data", "target", "train", "results", "improve", "export")


def _page(spec: PageSpec) -> st.Page:
    # Without an icon: the browser would request it from a Google server, to show it in the tab.
    return st.Page(
        spec.path,
        title=spec.title,
        url_path=spec.key,
        default=spec.key == "home",
    )


def build() -> st.Page:
    """Register the pages and return the one that the address names; an unknown one is refused."""
    pages = [_page(spec) for spec in PAGES.values()]
    if name := _unknown_page(st.context.url or ""):
        pages.append(st.Page(partial(_refuse, name), title="Page not found", url_path=name))
    return st.navigation(pages, position="hidden")


def _unknown_page(url: str) -> str:
    """Return the page that an address names, "" if there is such a page or none is named.

    >>> _unknown_page("http://localhost:8501/result"), _unknown_page("http://localhost:8501/results")
    ('result', '')
    """
    name = unquote(urlsplit(url).path.strip("/").rpartition("/")[2])
    return "" if name in PAGES else name


def _refuse(name: str) -> NoReturn:
    near = get_close_matches(name.lower(), PAGES, n=1)
    raise UsageError(
        f"There is no page '{name}'.",
        hint=f"Did you mean '{near[0]}'? The sidebar lists all pages."
        if near
        else "The sidebar lists all pages.",
    )


def go(key: PageKey, **ids: str | None) -> NoReturn:
    """Open another page, with the current selection (``experiment=``, ``run=``, …) in its address."""
    st.switch_page(_page(PAGES[key]), query_params=state.query(**ids))


def link(key: PageKey, label: str | None = None, *, icon: str | None = None, **ids: str | None) -> None:
    """Draw a link to a page, with the current selection in its address; ``icon`` "" draws none."""
    spec = PAGES[key]
    shown = spec.icon if icon is None else icon or None
    st.page_link(_page(spec), label=label or spec.title, icon=shown, query_params=state.query(**ids))


def draw_sidebar() -> None:
    """Draw the sidebar; links keep the selected experiment or table."""
    experiment, dataset = state.selected("experiment"), state.selected("dataset")
    by_table = experiment is None or state.is_table_selected()
    st.logo(_LOGO, size="large")
    with st.sidebar:
        group = ""
        for key, spec in PAGES.items():
            if spec.group != group:
                st.caption(spec.group)
                group = spec.group
            if key not in JOURNEY:
                link(key)
            elif by_table and key in ("data", "target"):
                link(key, dataset=dataset)
            else:
                link(key, experiment=experiment)
        _mark_current_page(key="current-page")
