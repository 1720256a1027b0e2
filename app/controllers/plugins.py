"""The Plug-ins page: read and present the plug-ins, and carry out requests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from app import navigation, services, state
from app.components import empty_state, waiting
from app.errors import guard
from app.examples import examples
from app.presenters.code import CodeView, present_code
from app.presenters.plugins import PlugInView, key_of, present_built_in, present_plugins
from app.presenters.tables.examples import present_examples
from app.views.code import draw_code, draw_which_run
from app.views.plugins import (
    CheckPlugin,
    DisablePlugin,
    EnablePlugin,
    Section,
    TrustFile,
    Wish,
    WriteExample,
    begin_again,
    draw_built_in,
    draw_examples,
    draw_plugins,
    draw_sections,
)
from litmus_core.plugins import PlugIn, PlugInSource
from litmus_core.types import Run

__all__ = ["PlugInController", "code", "draw", "section"]

_LOOKING = "Reading the files in plugins/…"


class PlugInController:
    """Queries and operations on the listed plug-ins."""

    def __init__(self, plugins: Sequence[PlugIn]) -> None:
        self._found = {key_of(plugin): plugin for plugin in plugins}

    def source(self, view: PlugInView) -> PlugInSource:
        """Return the source of the file, as it is now."""
        studio = services.studio()
        return studio.plugins.source(studio.workspace.path / view.source)

    def checking(self, view: PlugInView) -> str | None:
        """Return the progress of its checks; None if none are running."""
        return services.studio().plugin_checks.progress(self._found[view.key])

    def problem(self, view: PlugInView) -> str:
        """Return why the last attempt to check it failed."""
        return services.studio().plugin_checks.problem(self._found[view.key])

    def stop(self, view: PlugInView) -> None:
        """Stop checking it."""
        services.studio().plugin_checks.stop(self._found[view.key])

    def act(self, wish: Wish | None) -> None:
        """Carry out the visitor's request, and redraw the page."""
        studio = services.studio()
        with guard(safe="Nothing was changed."):
            match wish:
                case TrustFile(file=file, shown=shown):
                    studio.plugins.trust(studio.workspace.path / file, shown=shown)
                case CheckPlugin(key=key):
                    studio.plugin_checks.start(self._found[key])
                case EnablePlugin(key=key):
                    studio.plugins.enable(self._found[key].name)
                case DisablePlugin(key=key):
                    studio.plugins.disable(self._found[key].name)
                case WriteExample(file=file, text=text):
                    studio.plugins.create_file(file, text)
                    begin_again()
                    navigation.go("plugins", plugin=f"plugins/{file}")
                case None:
                    return
            st.rerun()


def section() -> Section:
    """Return the selected part of the page."""
    plugins = services.plugins()
    n_custom = len(plugins.result()) if services.exists(plugins) and plugins.exception() is None else 0
    return draw_sections(at_first=state.section(), n_custom=n_custom)


def draw(chosen: Section) -> None:
    """Draw one part of the page."""
    parts: dict[Section, Callable[[], None]] = {
        "yours": _yours,
        "examples": _examples,
        "litmus": _built_in,
        "code": _code_of_runs,
    }
    parts[chosen]()


def _yours() -> None:
    plugins = services.plugins()
    if not services.exists(plugins):
        waiting(plugins.done, _LOOKING)
        return
    with guard():
        operations = PlugInController(plugins.result())
        view = present_plugins(plugins.result(), selected=state.plugin())
        folder = str(services.studio().workspace.path / "plugins")
        operations.act(draw_plugins(view, operations, folder=folder))
        if not view.plugins:
            _examples()


def _examples() -> None:
    folder = services.studio().workspace.path / "plugins"
    names = {path.name for path in folder.glob("*.py")}
    PlugInController(()).act(draw_examples(present_examples(examples(), names=names)))


def _built_in() -> None:
    opened = services.studio()
    future = services.later().ask(("built in", str(opened.workspace.path)), opened.plugins.list)
    if services.exists(future):
        draw_built_in(present_built_in(future.result()))
    else:
        waiting(future.done, "Listing what Litmus brings…")


def _code_of_runs() -> None:
    studio = services.studio()
    named = {experiment.id: experiment.name for experiment in studio.store.experiments()}
    runs = sorted(studio.store.runs(), key=lambda run: run.times.queued_at, reverse=True)
    if not runs:
        empty_state(
            "No run yet",
            "Whatever you train by clicking, you get as Python here. Train something first.",
            to="home",
            label="Begin on Home",
        )
        return
    titles = {run.id: f"{named.get(run.experiment_id, '')}, {run.title}" for run in runs}
    picked = draw_which_run(titles, at_first=state.named("run"))
    draw_code(partial(code, next(run for run in runs if run.id == picked)), run_id=picked)


def code(run: Run) -> CodeView:
    """Return the Python that reproduces a run."""
    studio = services.studio()
    return present_code(
        studio.experiments.get(run.experiment_id),
        run,
        script=studio.code.script(run.id),
        notebook=studio.code.notebook(run.id),
    )
