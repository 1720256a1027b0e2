"""The HTML page of a report, with its own style for light, dark and print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

_STYLE = """
:root{color-scheme:light dark;--ink:light-dark(#1d2230,#e8eaf1);--soft:light-dark(#f4f5fa,#1d212b);
--line:light-dark(#dfe2ec,#333948);--quiet:light-dark(#6b7280,#a3a9b8);--accent:light-dark(#3b4cc0,#9aa8ff);
--bad:light-dark(#b3261e,#ff8a80);--near:light-dark(#b45309,#fbb454);--ground:light-dark(#fff,#12141a)}
body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:var(--ink);
background:var(--ground)}
h1{line-height:1.2;margin-bottom:.2rem;overflow-wrap:anywhere}h2{margin-top:2.2rem}
p.lead{font-size:1.15rem}.quiet{color:var(--quiet)}
table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid var(--line);padding:.3rem .6rem;
text-align:left;vertical-align:top;overflow-wrap:anywhere;min-width:4.5rem}
.wide{overflow-x:auto}
.finding{border:1px solid var(--line);border-left-width:5px;border-radius:.5rem;padding:.7rem 1rem;
margin:.7rem 0;break-inside:avoid}
.harmful{border-left-color:var(--bad)}.warning{border-left-color:var(--near)}
.hint{border-left-color:var(--quiet)}
.caution{border-left:5px solid var(--near);padding-left:.8rem}
.finding .word{font-weight:600;font-size:.85rem}
.harmful .word{color:var(--bad)}.warning .word{color:var(--near)}
.finding h3{margin:.1rem 0 .4rem;font-size:1.02rem}
.columns{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(18rem,100%),1fr));gap:.8rem}
.column{border:1px solid var(--line);border-radius:.5rem;padding:.6rem .8rem;break-inside:avoid;min-width:0}
.column header{display:flex;justify-content:space-between;gap:.6rem}
.column header strong{overflow-wrap:anywhere}
.column svg{display:block;width:100%;height:64px;margin:.4rem 0}
.column svg rect{fill:var(--accent);opacity:.75}
.column dl{display:grid;grid-template-columns:auto 1fr;gap:0 .8rem;margin:.3rem 0;font-size:.85rem}
.column dt{color:var(--quiet)}.column dd{margin:0;overflow-wrap:anywhere}
.bar{display:flex;gap:.5rem;position:relative;font-size:.85rem;padding:0 .3rem;margin-bottom:2px}
.bar i{position:absolute;left:0;top:0;bottom:0;background:var(--accent);opacity:.18;border-radius:3px}
.bar span{flex:1;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;position:relative}
pre{background:var(--soft);border-radius:.4rem;padding:.8rem;overflow-x:auto;font-size:.85rem;white-space:pre-wrap}
@media print{:root{color-scheme:light;print-color-adjust:exact;-webkit-print-color-adjust:exact}
body{margin:0;max-width:none}table.models{min-width:0!important;font-size:.78rem}
table.models td,table.models th{padding:.2rem .35rem}
h2,h3{break-after:avoid}tr,.verdict,.tracks>*,svg.plot{break-inside:avoid}}
"""
_DRAWN = """
:root{--good:light-dark(#0b7a5b,#4fd1a5);--unsure:light-dark(#4b63d3,#9aa8ff);
--likely:light-dark(#0e7490,#67d7ec)}
.good{--tone:var(--good)}.likely{--tone:var(--likely)}
.unsure{--tone:var(--unsure)}.near{--tone:var(--near)}.bad{--tone:var(--bad)}
.track.quiet,.verdict.quiet{--tone:var(--quiet)}.accent{--tone:var(--accent)}
.verdict{border:1px solid var(--line);border-left:5px solid var(--tone);border-radius:.5rem;
padding:.7rem 1rem;margin:1rem 0}.verdict .word{font-weight:600;color:var(--tone)}
.verdict .lead{margin:.2rem 0 .8rem}
main>dl,.verdict dl{display:grid;grid-template-columns:minmax(8rem,auto) 1fr;gap:.1rem 1.2rem;margin:.6rem 0}
main>dl dt,.verdict dt{color:var(--quiet)}main>dl dd,.verdict dd{margin:0;overflow-wrap:anywhere}
.track{position:relative;height:22px;border-radius:3px;background:linear-gradient(var(--line),var(--line))
center/100% 1px no-repeat}.track i{position:absolute}
.track .span{top:9px;height:4px;border-radius:2px;background:var(--tone);opacity:.55}
.track .dot{top:5px;width:12px;height:12px;margin-left:-6px;border-radius:50%;background:var(--tone)}
.track .dot.hollow{background:var(--ground);border:2px solid var(--tone);box-sizing:border-box}
.track .bar{top:0;padding:0;margin:0;height:22px;border-left:2px dashed var(--ink)}
.track .base{top:4px;height:14px;border-left:1px solid var(--quiet)}
.verdict .track{height:26px;max-width:34rem}.verdict .track+.quiet{margin:.2rem 0 .8rem;font-size:.9rem}
.tracks{display:grid;grid-template-columns:minmax(6rem,14rem) minmax(8rem,1fr) minmax(8rem,19rem);
gap:.25rem 1rem;align-items:center;font-size:.9rem}.tracks .name,.tracks .says{overflow-wrap:anywhere}
@media(max-width:40rem){.tracks{grid-template-columns:1fr 1fr}.tracks .says{grid-column:1/-1;
margin:-.2rem 0 .5rem;color:var(--quiet)}main>dl,.verdict dl{display:block}
main>dl dd,.verdict dd{margin:0 0 .4rem}}
table.models{min-width:44rem}table.models td,table.models th{overflow-wrap:break-word;min-width:0}
svg.plot{display:block;width:100%;min-width:30rem;max-width:44rem;height:auto;font:13px system-ui,sans-serif}
.plot text{fill:var(--quiet)}.plot text.ink{fill:var(--ink);font-size:12px;paint-order:stroke;
stroke:var(--ground);stroke-width:4px;stroke-linejoin:round}
.plot .grid{stroke:var(--line)}.plot .corner{fill:var(--good);opacity:.1}
.plot .bar-line{stroke:var(--ink);stroke-width:1.6;stroke-dasharray:6 4}
.plot .link{stroke:var(--quiet);stroke-dasharray:2 3;fill:none;opacity:.55}
.plot .edge{stroke:var(--accent);stroke-width:2;fill:none;opacity:.55}.plot .mark.small{opacity:.75}
.plot .faint{fill:var(--accent);opacity:.45}
.plot .mark{fill:var(--quiet);stroke:var(--quiet);stroke-width:1.5}
.plot .whisker{stroke:var(--quiet);opacity:.6}
.plot .mark.single{fill:var(--unsure);stroke:var(--unsure)}.plot .whisker.single{stroke:var(--unsure)}
.plot .mark.chosen{fill:var(--accent);stroke:var(--accent)}.plot .whisker.chosen{stroke:var(--accent)}
.plot .mark.outside{fill:var(--ground)}
table.heat{width:auto}.heat td{text-align:right;font-variant-numeric:tabular-nums}
.heat td,.heat th{min-width:3rem}
"""


def page(title: str, body: Iterable[str]) -> str:
    """Return a complete HTML page; ``body`` are its parts as HTML."""
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}{_DRAWN}</style>"
    )
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}</head><body><main>\n'
        + "\n".join(body)
        + "\n</main></body></html>\n"
    )


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, kind: str = "") -> str:
    """Return a table of text cells, escaped; ``kind`` is its class in the page's style."""
    lines = [_line("th", header), *(_line("td", row) for row in rows)]
    named = f' class="{kind}"' if kind else ""
    return f'<div class="wide"><table{named}>{"".join(lines)}</table></div>'


def _line(tag: str, cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"


def pairs(items: Iterable[tuple[str, str]]) -> str:
    """Return a list of names and descriptions, escaped."""
    return "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in items)


def bars(heights: Sequence[float], *, reading: str) -> str:
    """Return a small histogram as SVG; ``heights`` (k,) are from 0 to 1, ``reading`` describes it."""
    width = 100 / max(1, len(heights))
    drawn = "".join(
        f'<rect x="{place * width:.3g}" width="{0.9 * width:.3g}" y="{100 * (1 - height):.4g}" '
        f'height="{100 * height:.4g}"/>'
        for place, height in enumerate(heights)
    )
    return (
        f'<svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="{escape(reading)}">'
        f"{drawn}</svg>"
    )


def share_bar(label: str, text: str, share: float) -> str:
    """Return a value with its share (0 to 1) drawn behind it."""
    return (
        f'<div class="bar"><i style="width:{100 * share:.4g}%"></i><span>{escape(label)}</span>'
        f"<em>{escape(text)}</em></div>"
    )
