"""Draw Plug-ins: custom plug-ins, their states and checks, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import streamlit as st

from app import state
from app.components import empty_state, permitted_button, redraw_page, state_text
from app.errors import guard
from app.presenters.markdown import literal
from app.presenters.plugin_snippet import call_of
from app.presenters.plugins import BuiltInView, CheckLine, PlugInsView, PlugInView
from app.presenters.tables.examples import ExampleView
from app.views.fields import draw_fields
from litmus_core.plugins import PlugInSource

__all__ = [
    "CheckPlugin",
    "DisablePlugin",
    "EnablePlugin",
    "PlugInOperations",
    "Section",
    "TrustFile",
    "Wish",
    "WriteExample",
    "begin_again",
    "draw_built_in",
    "draw_examples",
    "draw_plugins",
    "draw_sections",
]

Section = Literal["yours", "examples", "litmus", "code"]
_EVERY_S = 0.5
_ASKS = "trust.open"  # the key of the file that the dialog asks about
_SHOWN = "trust.shown"  # its source as shown in the dialog: a click refers to that, even if the file changes
_TURN = "plugins.turn"  # a new value selects the first part of the page


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustFile:
    """Trust a file as ``shown``: the hash of the text that was read."""

    file: str
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPlugin:
    """Run a plug-in's checks."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnablePlugin:
    """Enable a disabled plug-in."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisablePlugin:
    """Disable a plug-in."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteExample:
    """Write an example to the workspace."""

    file: str
    text: str


Wish = TrustFile | CheckPlugin | EnablePlugin | DisablePlugin | WriteExample


class PlugInOperations(Protocol):
    """The data that the view reads while drawing; each method may raise a LitmusError."""

    def source(self, view: PlugInView, /) -> PlugInSource:
        """Return the source of a plug-in's file."""
        ...

    def checking(self, view: PlugInView, /) -> str | None:
        """Return the progress of its checks; None if none are running."""
        ...

    def problem(self, view: PlugInView, /) -> str:
        """Return why the last attempt to check it failed."""
        ...

    def stop(self, view: PlugInView, /) -> None:
        """Stop checking it."""
        ...

    def act(self, wish: Wish | None, /) -> None:
        """Carry out a request from a dialog."""
        ...


def draw_sections(*, at_first: str | None, n_custom: int) -> Section:
    """Draw the choice of the page's part; ``at_first`` is the part in the address."""
    names: dict[Section, str] = {
        "yours": f"Yours ({n_custom})" if n_custom else "Yours",
        "examples": "Examples",
        "litmus": "What Litmus brings",
        "code": "Code of a run",
    }
    return st.segmented_control(
        "What to look at",
        list(names),
        default=at_first if at_first in names else "yours",
        required=True,
        format_func=names.__getitem__,
        key=f"plugins.section.{state.stored(_TURN, 0)}",
        label_visibility="collapsed",
    )


def begin_again() -> None:
    """Make the page open with the custom plug-ins, whatever part was selected."""
    state.keep(_TURN, state.stored(_TURN, 0) + 1)


def draw_plugins(view: PlugInsView, operations: PlugInOperations, *, folder: str) -> Wish | None:
    """Draw each plug-in with its next step; ``folder`` is where files belong."""
    if not view.plugins:
        empty_state(
            "No plug-in yet",
            "Any part of Litmus can be replaced by a few lines of Python. Begin with an example below, "
            f"or put a file of your own into `{folder}`.",
            icon=":material/extension:",
        )
        return None
    st.markdown(f"{view.reading} Files lie in `{folder}`.")
    wishes = [_draw_plugin(plugin, operations) for plugin in view.plugins]
    return next((wish for wish in wishes if wish), None)


def _draw_plugin(view: PlugInView, operations: PlugInOperations) -> Wish | None:
    checking = operations.checking(view) if view.described is not None else None
    with st.container(border=True, key=f"verdict-{view.state.tone}-{view.key}", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            title = f": {literal(view.title)}" if view.title else ""
            st.markdown(
                f"**{literal(view.name)}**{title}  \n"
                f":small[:gray[{view.noun} in {literal(view.where)}]]  \n"
                f"{state_text(view.state.word, view.state.icon, view.state.tone)}",
                width="stretch",
            )
            wish = None if checking is not None else _draw_buttons(view)
        for text in (view.reason, view.about):
            if text:
                st.markdown(literal(text))
        if checking is not None:
            _draw_checking(view, operations)
        elif view.described is not None and (problem := operations.problem(view)):
            st.warning(literal(problem), title="The checks could not run", icon=":material/info:")
        with st.container(gap="xxsmall"):
            _draw_folded(view, operations)
    if state.stored(_ASKS, "") == view.key:
        _ask_trust(view, operations)
    return wish


def _draw_buttons(view: PlugInView) -> Wish | None:
    wishes: list[Wish | None] = []
    with st.container(horizontal=True, gap="small", width="content"):
        if view.moves.step == "trust":
            permitted_button(
                "Read and trust",
                action="plugins.trust",
                key=f"trust-{view.key}",
                type="primary",
                icon=":material/lock_open:",
                on_click=_open_trust,
                args=(view.key,),
            )
        if view.moves.step == "enable" and permitted_button(
            "Enable", action="plugins.enable", key=f"enable-{view.key}", icon=":material/toggle_on:"
        ):
            wishes.append(EnablePlugin(key=view.key))
        if view.moves.can_check and permitted_button(
            "Check again" if view.checks else "Check",
            action="plugin_checks.start",
            key=f"check-{view.key}",
            type="primary" if view.moves.step == "check" else "tertiary",
            icon=":material/rule:",
        ):
            wishes.append(CheckPlugin(key=view.key))
        if view.moves.can_disable and permitted_button(
            "Disable", action="plugins.disable", key=f"disable-{view.key}", type="tertiary"
        ):
            wishes.append(DisablePlugin(key=view.key))
    return next(iter(wishes), None)


def _draw_checking(view: PlugInView, operations: PlugInOperations) -> None:
    @st.fragment(run_every=_EVERY_S)
    def poll() -> None:
        report = operations.checking(view)
        if report is None:
            redraw_page()
            return
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f":material/progress_activity: {literal(report)}", width="stretch")
            if permitted_button(
                "Stop", action="plugin_checks.stop", key=f"stop-{view.key}", icon=":material/stop_circle:"
            ):
                with guard(safe="Nothing was changed."):
                    operations.stop(view)
                    st.rerun()

    poll()


def _draw_folded(view: PlugInView, operations: PlugInOperations) -> None:
    if view.checks:
        with st.expander(view.checks.title, type="compact", expanded=view.checks.has_failed):
            _draw_checks(view.checks.lines)
    if view.described is not None:
        title = "Parameters and the call" if view.fields else "The call"
        with st.expander(title, type="compact"):
            values = draw_fields(view.fields, key=f"call-{view.key}")
            st.code(call_of(view.described, values), language="python", wrap_lines=True)
    if view.source:
        key = f"source-{view.key}"
        folded = st.expander("Source", type="compact", key=key, on_change="rerun")
        if folded.open:
            with folded, guard():
                _draw_source(operations.source(view))


def _draw_checks(lines: Sequence[CheckLine]) -> None:
    """Draw one line per check, with its finding."""
    messages = []
    for line in lines:
        note = f": {literal(line.note)}" if line.note else ""
        duration = f" :small[:gray[{line.duration}]]" if line.duration else ""
        messages.append(f"{state_text(line.word, line.icon, line.tone)} {literal(line.name)}{note}{duration}")
    st.markdown("  \n".join(messages))


def _draw_source(source: PlugInSource) -> None:
    for name, text in source.texts:
        if len(source.texts) > 1:
            st.caption(literal(name))
        st.code(text, language="python", line_numbers=True, wrap_lines=True)


def _open_trust(key: str) -> None:
    state.keep(_ASKS, key)
    state.keep(_SHOWN, None)


def _close_trust() -> None:
    state.keep(_ASKS, "")
    state.keep(_SHOWN, None)


@st.dialog("Trust this code?", icon=":material/lock_open:", width="large", on_dismiss=_close_trust)
def _ask_trust(view: PlugInView, operations: PlugInOperations) -> None:
    with guard(safe="Nothing was trusted."):
        shown: PlugInSource | None = state.stored(_SHOWN, None)
        source = shown or operations.source(view)
        state.keep(_SHOWN, source)
        st.markdown(
            f"This is all the code of **{literal(view.where)}**. Trusted code runs on this computer. "
            "It can read and write all that you can. Litmus asks once, and again when the code changes."
        )
        with st.container(height=380, border=False):
            _draw_source(source)
        with st.container(horizontal=True, gap="small"):
            trusted = st.button("Trust it", type="primary", key="trust.confirm")
            left = st.button("Leave it", key="trust.cancel")
        st.caption(f"SHA-256 {source.sha256[:16]}…")
        if trusted:
            _close_trust()
            operations.act(TrustFile(file=view.source, shown=source.sha256))
    if left:
        _close_trust()
        st.rerun()


def draw_examples(views: Sequence[ExampleView]) -> Wish | None:
    """Draw a complete example for each extension point."""
    wish: Wish | None = None
    st.subheader("Begin with an example", anchor=False)
    st.caption(
        "Each is a whole file that works. Write one into the workspace, or download it; then make it yours."
    )
    with st.grid(min_column_width=340, gap="small"):
        for view in views:
            with st.container(border=True, key=f"example-{view.file}", gap="small"):
                st.markdown(f"**{view.title}**  \n{view.about}")
                with st.container(horizontal=True, gap="small"):
                    label = "Written" if view.is_there else "Write this example"
                    if permitted_button(
                        label,
                        action="plugins.create_file",
                        key=f"write-{view.file}",
                        icon=":material/check:" if view.is_there else ":material/edit_document:",
                        disabled=view.is_there,
                        help=f"Writes {view.file} into the workspace's plugins folder. Nothing is run.",
                    ):
                        wish = WriteExample(file=view.file, text=view.text)
                    st.download_button(
                        "Download",
                        view.text,
                        file_name=view.file,
                        mime="text/x-python",
                        type="tertiary",
                        key=f"download-{view.file}",
                        on_click="ignore",
                    )
                with st.expander(view.file, type="compact"):
                    st.code(view.text, language="python")
    return wish


def draw_built_in(views: Sequence[BuiltInView]) -> None:
    """Draw the built-in plug-ins by extension point."""
    st.caption("Litmus registers its own parts the same way. Yours appear beside them.")
    for view in views:
        st.subheader(view.title, anchor=False)
        name, title, about = zip(*view.rows, strict=True)
        columns = {"Name": name, "What it is": title}
        if any(about):
            columns["About"] = about
        st.dataframe(columns, hide_index=True, height="content", key=f"built-in-{view.title}")
