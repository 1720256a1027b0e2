"""Words that findings share: numbers, shares, lists, and one finding for many columns that are alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from litmus_core.types import Finding, Fix

_MOST_FINDINGS = 12
_WHOLE_COLUMN_FIXES = ("leave_out", "trim", "fold_case")


def share(part: float, whole: float = 1.0) -> str:
    """Return a share as people say it.

    >>> share(1, 8), share(1, 3000), share(2999, 3000)
    ('12 %', 'less than 1 %', 'more than 99 %')
    """
    percent = 100.0 * part / whole
    if 0 < percent < 1:
        return "less than 1 %"
    if 99 < percent < 100:
        return "more than 99 %"
    return f"{percent:.0f} %"


def counted(n: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: ``counted(1, "row")`` is "1 row"."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def listed(names: Iterable[str], *, most: int = 3) -> str:
    """Return names in quotes, the first ``most`` of them.

    >>> listed(["a", "b", "c", "d", "e"])
    "'a', 'b', 'c' and 2 more"
    """
    quoted = [f"'{short(name)}'" for name in names]
    if len(quoted) > most:
        return f"{', '.join(quoted[:most])} and {len(quoted) - most:,} more"
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def short(text: str, *, most: int = 60) -> str:
    """Return a text cut to ``most`` letters, on one line."""
    line = " ".join(text.split()) if "\n" in text or "\r" in text else text
    return line if len(line) <= most else line[: most - 1] + "…"


def number(value: float) -> str:
    """Return a number without needless digits.

    >>> number(-999.0), number(0.123456)
    ('-999', '0.1235')
    """
    if float(value).is_integer() and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.4g}"


def gathered(findings: Sequence[Finding], *, sentence: str, title: str = "") -> Iterator[Finding]:
    """Yield the findings of one kind, or one for all of a severity where they are too many to read.

    ``sentence`` and ``title`` (the fix's) are those of the one; ``{n}`` in them is the number of columns.
    """
    for severity in ("harmful", "warning", "hint"):
        alike = [each for each in findings if each.severity == severity]
        if len(alike) <= _MOST_FINDINGS:
            yield from alike
            continue
        columns = tuple(dict.fromkeys(name for each in alike for name in each.columns))
        yield Finding(
            kind=alike[0].kind,
            severity=alike[0].severity,
            columns=columns,
            sentence=sentence.format(n=f"{len(columns):,}"),
            evidence=tuple(each.sentence for each in alike[:_MOST_FINDINGS]),
            fix=_one_fix(alike, title.format(n=f"{len(columns):,}")),
            score=max(each.score for each in alike),
        )


def _one_fix(findings: Sequence[Finding], title: str) -> Fix | None:
    fixes = [each.fix for each in findings if each.fix is not None]
    kinds = {fix.kind for fix in fixes}
    if len(fixes) < len(findings) or len(kinds) > 1 or not kinds <= set(_WHOLE_COLUMN_FIXES) or not title:
        return None
    columns = tuple(dict.fromkeys(name for fix in fixes for name in fix.columns))
    return Fix(kind=fixes[0].kind, columns=columns, title=title, safe=all(fix.safe for fix in fixes))
