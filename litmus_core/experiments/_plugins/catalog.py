"""Plug-ins as one meets them: found, trusted, checked, switched on and off; built-in ones among them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from litmus_core.errors import NotFoundError, UsageError, writing
from litmus_core.experiments._api.task_types import kinds_of_question
from litmus_core.experiments._plugins.background import PlugInChecking
from litmus_core.plugins import (
    PLUGINS,
    Described,
    Parameter,
    ParameterKind,
    PlugIn,
    PlugInReport,
    PlugInSource,
    PlugInState,
    copy_beside,
    describe,
    digest_of_file,
    find_plugin,
    find_plugins,
    know_metrics_of,
    read_source,
    ready_at,
)
from litmus_core.types import Point

if TYPE_CHECKING:
    from litmus_core.store import Workspace


class PlugIns(PlugInChecking):
    """The part of a Studio that knows what someone's own code adds to it."""

    workspace: Workspace

    def know_plugins(self) -> None:
        """Know the workspace's own metrics in this process, as they are now. Runs nothing of theirs."""
        know_metrics_of(self.workspace.path)

    def plugins(self, *, built_in: bool = True) -> tuple[PlugIn, ...]:
        """Return the plug-ins of the workspace and of installed packages, and ``built_in`` ones after them.

        Nothing of a file that is not trusted is run; such a file is in the list, not its plug-ins.
        """
        own = find_plugins(self.workspace.path)
        self.know_plugins()
        return (*own, *_built_in()) if built_in else own

    def plugin(self, point: Point, name: str) -> PlugIn:
        """Return the plug-in of that name, ready to be used; raises in words why it is not."""
        return find_plugin(self.workspace.path, point, name)

    def kinds_of_question(self) -> tuple[Described, ...]:
        """Return the kinds of question beside the three: Litmus' own, and those that are ready."""
        return kinds_of_question(self.workspace.path)

    def exporters(self) -> tuple[Described, ...]:
        """Return the exporters of one's own that are ready."""
        return ready_at(self.workspace.path, "exporter")

    def add_plugin(self, path: Path | str, *, replaces: bool = False) -> tuple[PlugInReport, ...]:
        """Copy a file into the workspace's ``plugins``, trust it, and check what it holds; see the reports.

        What it imports from beside it is copied, too. Whoever adds a file has read it: its code runs from
        now on. Raises UsageError where ``plugins`` has another file of that name, unless it ``replaces`` it.
        """
        file = self._plugin_file(path)
        describe(file)  # what holds no plug-in, or cannot be imported, is not copied
        to = PlugInState(self.workspace.path).folder
        if file.parent != to.absolute():
            copy_beside(file, to, replaces=replaces)
        self.trust_plugin(to / file.name)
        return self.check_plugins(to / file.name)

    def add_plugin_file(self, name: str, text: str) -> Path:
        """Write a file into the workspace's ``plugins``; raises UsageError where it has one of that name."""
        path = self.workspace.path / PLUGINS / name
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with path.open("x", encoding="utf-8") as file:
                    file.write(text)
            except FileExistsError:
                raise UsageError(
                    f"There is a file {PLUGINS}/{name} already.",
                    hint="Nothing was changed. Rename it, or go on with what it holds.",
                ) from None
        return path

    def plugin_source(self, path: Path | str) -> PlugInSource:
        """Return what trusting a file would trust: its text, and those of what it imports from beside it."""
        return read_source(self._plugin_file(path))

    def trust_plugin(self, path: Path | str, *, shown: str = "") -> str:
        """Trust a file of plug-ins, and what it imports from beside it, as they are now; return their hash.

        Later changes are asked for again. ``shown`` is the hash of what was read: UsageError where the file
        is another one now.
        """
        file = self._plugin_file(path)
        if shown and digest_of_file(file) != shown:
            raise UsageError(
                f"{file.name} was changed after you read it.", hint="Nothing was trusted. Read it again."
            )
        return PlugInState(self.workspace.path).trust(file)

    def check_named(self, name: Path | str) -> tuple[PlugInReport, ...]:
        """Check a file's plug-ins as :meth:`check_plugins` does, or the one that is called so.

        A plug-in is one of the workspace's or of an installed package. Raises NotFoundError with the nearest
        name.
        """
        if Path(name).suffix == ".py":
            return self.check_plugins(name)
        (found, *_) = self._called(str(name))
        if found.origin == "installed":
            return (self.check_installed_plugin(str(name)),)
        file = Path(found.where).name
        return tuple(each for each in self.check_plugins(file) if each.name == str(name))

    def check_plugins(
        self, path: Path | str, *, on_progress: Callable[[str], None] = lambda _: None
    ) -> tuple[PlugInReport, ...]:
        """Run the conformance checks of a file's plug-ins, in processes of their own, and keep the results.

        A file of the workspace must be trusted. Raises UsageError where it cannot be imported.
        ``on_progress`` is told in a sentence how far they are.
        """
        from litmus_core.testing import check_plugin

        file = self._plugin_file(path)
        state = PlugInState(self.workspace.path)
        state.check_trusted(file)
        key = digest_of_file(file)
        described = describe(file, home=self.workspace.path)
        reports = tuple(
            check_plugin(each, home=self.workspace.path, on_check=_progress(each.name, on_progress))
            for each in described
        )
        if file.parent == state.folder.absolute():
            state.keep_description(key, described)
            for report in reports:
                state.keep_report(key, report)
            self.know_plugins()
        return reports

    def check_installed_plugin(
        self, name: str, *, on_progress: Callable[[str], None] = lambda _: None
    ) -> PlugInReport:
        """Run the conformance checks of an installed package's plug-in and keep the result."""
        from litmus_core.testing import check_plugin

        for plugin in find_plugins(self.workspace.path):
            if plugin.origin == "installed" and plugin.described is not None and plugin.name == name:
                report = check_plugin(plugin.described, on_check=_progress(name, on_progress))
                PlugInState(self.workspace.path).keep_report(plugin.key, report)
                return report
        raise NotFoundError(kind="installed plug-in", id=name)

    def enable_plugin(self, name: str) -> tuple[PlugIn, ...]:
        """Enable a plug-in that was disabled; return what is called so now."""
        for plugin in self._called(name):
            if plugin.described is not None:
                PlugInState(self.workspace.path).enable(plugin.described.point, name)
        self.know_plugins()
        return self._called(name)

    def disable_plugin(self, name: str, *, reason: str = "you disabled it") -> tuple[PlugIn, ...]:
        """Disable a plug-in, in all its versions; return what is called so now."""
        for plugin in self._called(name):
            if plugin.described is not None:
                PlugInState(self.workspace.path).disable(plugin.described.point, name, reason=reason)
        self.know_plugins()
        return self._called(name)

    def _called(self, name: str) -> tuple[PlugIn, ...]:
        found = find_plugins(self.workspace.path)
        called = tuple(each for each in found if each.described is not None and each.name == name)
        if not called:
            known = [each.name for each in found if each.described is not None]
            raise NotFoundError(kind="plug-in", id=name, known=known, hint="See: litmus plugins list")
        return called

    def _plugin_file(self, path: Path | str) -> Path:
        """Return the absolute path of a file, looked for here, then in the workspace and its ``plugins``."""
        asked = Path(path).expanduser()
        home = self.workspace.path
        for file in (asked, home / asked, home / PLUGINS / asked):
            if file.is_file():
                twin = home / PLUGINS / asked.name  # of the same file, the one that runs use is meant
                same = twin.is_file() and twin.read_bytes() == file.read_bytes()
                return (twin if same else file).absolute()
        there = sorted(each.name for each in (home / PLUGINS).glob("*.py"))
        raise UsageError(
            f"There is no file {asked}.",
            hint=f"In {home / PLUGINS} there {'are ' + ', '.join(there) if there else 'is none yet'}.",
        )


def _progress(name: str, on_progress: Callable[[str], None]) -> Callable[[int, int, str], None]:
    return lambda n_made, n_all, check: on_progress(f"{name}: {n_made} of {n_all} checks made. Now: {check}…")


def _built_in() -> Iterator[PlugIn]:
    """Yield what Litmus itself brings at each point, as it would describe a stranger's."""
    places = (_columns(), _cards(), _steps(), _metrics(), _forms(), _sources(), _task_types(), _actions())
    for described in (each for place in places for each in place):
        yield PlugIn(origin="built in", where="Litmus", state="ready", described=described)


def _cards() -> Iterator[Described]:
    from litmus_core.engine import cards

    for card in cards():
        yield Described(
            point="algorithm", name=card.key, title=card.title, when=card.when, reference=card.key
        )


def _columns() -> Iterator[Described]:
    from litmus_core.builtin_preprocessors import KNOWN_COLUMNS, NAMED_COLUMNS, reference_of

    for name, (title, when) in KNOWN_COLUMNS.items():
        said = NAMED_COLUMNS.get(name)
        yield Described(
            point="preprocess",
            name=name,
            title=title,
            when=when,
            reference=reference_of(name),
            parameters=(Parameter(name="columns", kind="text", default="", help=said),) if said else (),
        )


def _steps() -> Iterator[Described]:
    from litmus_core.runtime import step_specs

    kinds: dict[str, ParameterKind] = {"number": "float", "integer": "int"}
    for step in step_specs():
        yield Described(
            point="postprocess",
            name=step.reference,
            title=step.title,
            when=step.when,
            reference=step.reference,
            parameters=tuple(
                Parameter(
                    name=each.name,
                    kind=kinds.get(each.kind, "text"),
                    default=each.default,
                    low=each.low,
                    high=each.high,
                    help=each.title,
                )
                for each in step.parameters
            ),
        )


def _metrics() -> Iterator[Described]:
    from litmus_core.metrics import Parameter as Number
    from litmus_core.metrics import all_metrics, metric_family

    for metric in all_metrics():
        if metric.is_own:
            continue
        family = metric_family(metric.family)
        yield Described(
            point="metric",
            name=metric.family,
            title=metric.label,
            reference=metric.family,
            parameters=tuple(
                Parameter(
                    name=each.name,
                    kind="int" if each.whole else "float",
                    default=each.default,
                    low=each.lowest,
                    high=each.highest,
                    help=each.label,
                )
                for each in family.parameters
                if isinstance(each, Number)
            ),
            facts={
                "needs": metric.needs,
                "greater_is_better": metric.greater_is_better,
                "problem_types": list(metric.problem_types),
            },
        )


def _actions() -> Iterator[Described]:
    from litmus_core.advice import KNOWN_ACTIONS

    for kind, (title, when) in KNOWN_ACTIONS.items():
        yield Described(point="action", name=kind, title=title, when=when, reference=kind)


def _task_types() -> tuple[Described, ...]:
    from litmus_core.data import task_types

    return task_types()


def _forms() -> Iterator[Described]:
    from litmus_core.deploy import FORMS

    for name, title in FORMS.items():
        yield Described(point="exporter", name=name, title=title[:1].upper() + title[1:], reference=name)


def _sources() -> Iterator[Described]:
    from litmus_core.data import FILE_KINDS

    for name, title in FILE_KINDS.items():
        yield Described(point="data_source", name=name, title=title, reference=name)
