"""Draw a trained forecast: the decision, the plot with its earlier origins, the values, and the way out."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Protocol

import streamlit as st

from app import theme
from app.charts import forecast_chart
from app.errors import guard
from app.presenters.forecasting.past import NOW, PlotView, decimals_for
from app.presenters.forecasting.result import ErrorLine, ResultView
from app.presenters.markdown import literal
from app.views.work import draw_download

__all__ = ["SeriesDesk", "draw_grade", "draw_series"]


class SeriesDesk(Protocol):
    """What the plot asks about the series of a forecast."""

    @property
    def names(self) -> Sequence[str]:
        """The names of the series; "" is that of a table's only one."""

    def origins(self, series: str, /) -> Sequence[str]:
        """Return the times from which the series was forecast, and "Now" as the last."""

    def plot(self, series: str, place: int | None, /, *, is_long: bool) -> PlotView:
        """Return the series with what was forecast at an origin; None: now."""

    def rows(self, series: str, /) -> dict[str, list[object]]:
        """Return the next values as columns of a table."""

    def csv(self) -> bytes:
        """Return the next values of all series."""

    def zipped(self) -> bytes:
        """Return the folder that answers."""


def draw_grade(view: ResultView, *, name: str) -> None:
    """Draw the decision first, beside it the simple forecasts."""
    with st.container(border=True, key=f"verdict-{view.state.tone}-forecast", gap="small"):
        st.caption(literal(name))
        chance = f": {view.chance}" if view.chance else ""
        st.markdown(f"### {view.state.icon} {view.state.word}{literal(chance)}", help=view.help)
        left, right = st.columns([3, 2], gap="medium")
        with left:
            st.markdown(literal(view.sentence))
            st.markdown(literal(view.simple))
            st.markdown(literal(view.coverage))
            st.markdown(f"**{literal(view.advice)}**")
        with right:
            st.html(_bars(view.lines))
        for note in view.notes:
            st.caption(f":material/info: {note}")
        with st.expander("Why?", icon=":material/help:"):
            st.markdown("\n".join(f"- {literal(sentence)}" for sentence in view.why))


def _bars(lines: Sequence[ErrorLine]) -> str:
    """Return the errors as bars, the forecast's own in its verdict's colour."""
    parts = []
    for line in lines:
        colour = f"background:var(--litmus-{line.tone});opacity:.35;" if line.tone else ""
        parts.append(
            f'<div class="litmus-value"><b style="{colour}width:{line.share:.1%}"></b>'
            f"<span>{escape(line.title)}</span><em>{escape(line.error)}</em></div>"
        )
    return f'<div class="litmus-errors"><small>Error, shorter is better</small>{"".join(parts)}</div>'


def draw_series(desk: SeriesDesk, *, key: str) -> None:
    """Draw a series with its forecast, its earlier origins to look through, and its next values."""

    @st.fragment
    def draw() -> None:
        series = _pick_series(desk.names, key=key)
        origins = desk.origins(series)
        origin = st.select_slider(
            "Look back: known until",
            origins,
            value=NOW,
            key=f"{key}.origin.{series}",
            help="At each of these times it was forecast without the values after it, and judged by them.",
        )
        is_long = st.session_state.get(f"{key}.whole", False)
        with guard():
            place = None if origin == NOW else list(origins).index(origin)
            _draw_plot(desk.plot(series, place, is_long=is_long), key=key)
        has_rows = False
        with guard():
            _draw_rows(desk.rows(series))
            has_rows = True
        with st.container(horizontal=True, gap="small"):
            if has_rows:
                draw_download("Download as CSV", desk.csv, f"{key}.csv", key=key, first=True)
            draw_download("Export the folder", desk.zipped, f"{key}.zip", key=key, first=not has_rows)
        _draw_use(key)

    draw()


def _pick_series(names: Sequence[str], *, key: str) -> str:
    if len(names) == 1:
        return names[0]
    return st.selectbox("Series", names, key=f"{key}.series", width=320)


def _draw_plot(view: PlotView, *, key: str) -> None:
    st.vega_lite_chart(spec=forecast_chart(view, dark=theme.is_dark()), key=f"{key}.plot", alt=view.reading)
    st.caption(literal(view.reading))
    if view.has_more:
        st.toggle("Show the whole history", key=f"{key}.whole")


def _draw_rows(rows: dict[str, list[object]]) -> None:
    columns = list(rows)[1:]
    decimals = decimals_for([rows[name] for name in columns])
    number = st.column_config.NumberColumn(format=f"%,.{decimals}f")
    st.subheader("Next values", anchor=False)
    st.dataframe(
        rows,
        hide_index=True,
        column_config=dict.fromkeys(columns, number),
        height="content" if len(rows["Time"]) <= 12 else 460,
        alt="The next values with their ranges",
    )


def _draw_use(key: str) -> None:
    with st.expander("Use it without this app", icon=":material/terminal:"):
        st.code(f"litmus forecasts export my-forecast --id {key}\nlitmus serve my-forecast", language="bash")
        st.code(
            'from litmus_core import load_forecaster\n\nmodel = load_forecaster("my-forecast")\n'
            "model.forecast(model.names[0]).rows()",
            language="python",
        )
