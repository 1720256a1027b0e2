"""A visitor who opens a page and reads it."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]


def visit(page: str, **query: str) -> AppTest:
    """Open a page with ``query`` in its address, as one who was nowhere before; a bug fails the test."""
    app = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    return go(app, page)


def go(app: AppTest, page: str) -> AppTest:
    """Go on to another page in the same session."""
    app.switch_page(str(ROOT / "pages" / f"{page}.py")).run()
    assert not app.exception, [each.value for each in app.exception]
    return app


def text(app: AppTest) -> str:
    """Return what can be read on the page."""
    parts = (*app.title, *app.header, *app.subheader, *app.markdown, *app.caption, *app.warning)
    return "\n".join(each.value for each in parts)


def links(app: AppTest) -> list[str]:
    """Return the addresses that the page links to."""
    return [each.proto.page for each in app.get("page_link")]
