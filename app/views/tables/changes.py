"""Draw the effect of a fix on rows: old text is struck through, with new text beside it."""

from __future__ import annotations

from html import escape

from app.presenters.invisible_characters import visible_html
from app.presenters.tables.changes import ChangedRow, ChangeView

__all__ = ["changes_html"]


def changes_html(view: ChangeView) -> str:
    """Return the rows as a table in HTML; every text of the table is escaped, invisible characters shown."""
    header = "".join(f"<th>{escape(name)}</th>" for name in ("row", *view.header))
    rows = "".join(map(_row, view.rows))
    return (
        '<div class="litmus-changes" tabindex="0" role="region" aria-label="Before and after"><table>'
        f"<thead><tr>{header}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(row: ChangedRow) -> str:
    kind = ' class="litmus-gone"' if row.is_removed else ""
    cells = "".join(_cell(before, new_text, is_removed=row.is_removed) for before, new_text in row.cells)
    return f"<tr{kind}><td>{row.number:,}</td>{cells}</tr>"


def _cell(before: str, new_text: str | None, *, is_removed: bool) -> str:
    if new_text is None:
        shown = visible_html(before)
        return f"<td>{f'<del>{shown}</del>' if is_removed else shown}</td>"
    new = visible_html(new_text) if new_text else "<em>missing</em>"
    old = visible_html(before) if before else "<em>missing</em>"
    return f'<td class="litmus-changed"><del>{old}</del> → <ins>{new}</ins></td>'
