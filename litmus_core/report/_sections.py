"""A report of plain sections: title, sentences and table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from litmus_core.report._page import page, table


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section of plain text: sentences, then a table (``rows`` empty: none)."""

    title: str
    texts: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def sections_page(title: str, *, about: str, lead: str, sections: Sequence[Section]) -> str:
    """Return a self-contained HTML page.

    ``about`` stands in grey above ``lead``, whose line breaks are kept; the sections follow.
    """
    return page(title, _parts(title, about, lead, sections))


def _parts(title: str, about: str, lead: str, sections: Sequence[Section]) -> Iterator[str]:
    yield f'<h1>{escape(title)}</h1><p class="quiet">{escape(about)}</p>'
    yield f'<p class="lead">{"<br>".join(map(escape, lead.splitlines()))}</p>'
    for section in sections:
        yield f"<h2>{escape(section.title)}</h2>"
        yield from (f"<p>{escape(text)}</p>" for text in section.texts)
        if section.rows:
            yield table(section.header, section.rows)
