"""The data report: a table's contents, its problems, and its fixes."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from litmus_core.report._check_summary import check_sentence
from litmus_core.report._page import bars, page, share_bar, table
from litmus_core.types import COLUMN_KINDS

if TYPE_CHECKING:
    from litmus_core.data import ColumnProfile, NumberFigures, Profile
    from litmus_core.types import CheckReport, DatasetVersion, Finding

_WORDS = {"harmful": "Would mislead the model", "warning": "Worth a look", "hint": "Good to know"}
_MOST_COLUMNS = 500
_TOP = 5


def data_report(
    version: DatasetVersion, profile: Profile, report: CheckReport | None, *, created_at: str
) -> str:
    """Return the report on ``version`` as one self-contained HTML page.

    ``report`` None means that no checks were run, which the page says. ``created_at`` is UTC, ISO 8601.
    """
    return page(f"Data report: {version.name}", _parts(version, profile, report, created_at=created_at))


def _parts(
    version: DatasetVersion, profile: Profile, report: CheckReport | None, *, created_at: str
) -> Iterator[str]:
    from litmus_core.data import fix_title

    yield f"<h1>{escape(version.name)}</h1>"
    yield (
        f'<p class="quiet">Version {version.version}: {version.n_rows:,} rows, {len(version.columns):,} '
        f"columns, from {escape(version.source_name)}. "
        f"Report of {escape(created_at[:16].replace('T', ' '))} UTC.</p>"
    )
    yield from _checks(version, report)
    if version.lineage.fixes:
        yield "<h2>Fixed</h2><ul>"
        yield from (f"<li>{escape(fix_title(fix))}</li>" for fix in version.lineage.fixes)
        yield "</ul>"
    if version.notes:
        yield "<h2>What reading it did</h2><ul>"
        yield from (f"<li>{escape(note)}</li>" for note in version.notes)
        yield "</ul>"
    yield "<h2>Columns</h2>"
    if len(profile.columns) > _MOST_COLUMNS:
        yield f"<p>The first {_MOST_COLUMNS} of {len(profile.columns):,}.</p>"
    yield '<div class="columns">'
    yield from (_column(column) for column in profile.columns[:_MOST_COLUMNS])
    yield "</div>"


def _checks(version: DatasetVersion, report: CheckReport | None) -> Iterator[str]:
    if report is None:
        yield '<p class="lead">The checks were not made when this report was written.</p>'
        return
    yield f'<p class="lead">{escape(check_sentence(report))}</p>'
    if report.target is not None:
        yield f"<p class=\"quiet\">Checked for predicting '{escape(report.target)}'.</p>"
    if report.findings:
        yield "<h2>Checks, the most harmful first</h2>"
    yield from map(_finding, report.findings)
    if report.not_made:
        from litmus_core.checks import CHECKS

        titles = {check.kind: check.title for check in CHECKS}
        yield "<h2>Checks not made</h2>"
        yield table(
            ("check", "why"),
            [(titles.get(check.kind, check.kind), check.reason) for check in report.not_made],
        )


def _finding(finding: Finding) -> str:
    from litmus_core.checks import evidence_sentences, finding_sentence
    from litmus_core.data import fix_title

    mark = "hint" if finding.dismissed else finding.severity
    word = _WORDS[finding.severity] + (" (ignored)" if finding.dismissed else "")
    lines = "".join(f"<li>{escape(line)}</li>" for line in evidence_sentences(finding))
    shown = "" if finding.table is None else table(finding.table.header, finding.table.rows)
    fix = "" if finding.fix is None else f'<p class="quiet">Fix: {escape(fix_title(finding.fix))}.</p>'
    return (
        f'<section class="finding {mark}"><div class="word">{word}</div>'
        f"<h3>{escape(finding_sentence(finding))}</h3>{f'<ul>{lines}</ul>' if lines else ''}"
        f"{shown}{fix}</section>"
    )


def _column(column: ColumnProfile) -> str:
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in _facts(column))
    kind = COLUMN_KINDS[column.kind].label
    return (
        f'<section class="column"><header><strong>{escape(column.name)}</strong>'
        f'<span class="quiet">{kind}</span></header>{_plot(column)}<dl>{facts}</dl></section>'
    )


def _plot(column: ColumnProfile) -> str:
    if column.histogram is not None and column.histogram.counts:
        counts = column.histogram.counts
        tallest = max(counts) or 1
        most = column.histogram.labels[counts.index(max(counts))]
        return bars([count / tallest for count in counts], reading=f"Most values: {most}")
    return "".join(
        share_bar(top.value, f"{top.n_rows / column.n_rows:.0%}", top.n_rows / column.n_rows)
        for top in column.top[:_TOP]
    )


def _missing_text(column: ColumnProfile) -> str:
    """Return the share of missing cells; never "0.0%" for a few."""
    if not column.n_missing:
        return "none"
    share = f"{column.missing_share:.1%}" if column.missing_share >= 0.001 else "under 0.1%"
    return f"{column.n_missing:,} ({share})"


def _facts(column: ColumnProfile) -> Iterator[tuple[str, str]]:
    yield "missing", _missing_text(column)
    yield "different values", f"{column.n_distinct:,}"
    if column.numbers:
        yield from _number_facts(column.numbers)
    if column.dates:
        yield "from, to", f"{column.dates.first[:10]}, {column.dates.last[:10]}"
    if texts := column.texts:
        yield "letters", f"{texts.mean_letters:.1f} on average, {texts.most_letters:,} at most"
    if column.examples and column.histogram is None:
        yield "examples", "; ".join(example[:60] for example in column.examples)


def _number_facts(numbers: NumberFigures) -> Iterator[tuple[str, str]]:
    lower, median, upper = numbers.quartiles
    facts = (
        ("lowest", numbers.low),
        ("lower quarter", lower),
        ("middle", median),
        ("upper quarter", upper),
        ("highest", numbers.high),
        ("mean", numbers.mean),
        ("spread (std)", numbers.std),
    )
    yield from ((name, f"{value:,.6g}") for name, value in facts if value is not None)
