"""Custom plug-ins: their states, the results of their checks, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.presenters import humanize
from app.presenters.fields import FieldView, present_parameters
from app.theme import Tone
from litmus_core.plugins import NOUNS, CheckResult, PlugIn, PluginDescription, PlugInReport, Readiness
from litmus_core.text import format_count
from litmus_core.types import PlugInFailed, Point

__all__ = [
    "PLACES",
    "BuiltInView",
    "CheckLine",
    "FaultView",
    "PlugInView",
    "PlugInsView",
    "key_of",
    "present_built_in",
    "present_faults",
    "present_plugins",
]

Step = Literal["trust", "check", "enable", ""]

# The purpose of each extension point: what its plug-ins do.
PLACES: Mapping[Point, tuple[str, str]] = {
    "preprocess": ("Pre-processing", "Change columns before anything is learned from them."),
    "algorithm": ("Models", "Train a model of your own beside those of Litmus."),
    "postprocess": ("Post-processing", "Change what is answered: limits, rounding, rules of the business."),
    "metric": ("Metrics", "Judge models by what counts for you."),
    "data_source": ("Data sources", "Read tables from a database, a service, an unusual kind of file."),
    "task_type": ("Task types", "Ask a question of another kind, such as one on a logarithmic scale."),
    "exporter": ("Exporters", "Write models in a form that your systems read."),
    "hook": ("Hooks", "Follow runs: keep a log, send a message."),
    "action": ("Actions", "Propose what to do next after a run, with the gain to expect."),
    "certificate_line": ("Certificate lines", "Refuse models that break a rule of yours, with a sentence."),
}

_STATES: Mapping[Readiness, humanize.StateMessage] = {
    "ready": humanize.StateMessage(word="Ready", icon=":material/check_circle:", tone="good", rank=5),
    "not trusted": humanize.StateMessage(word="Not trusted yet", icon=":material/lock:", tone="near", rank=0),
    "not checked": humanize.StateMessage(
        word="Not checked yet", icon=":material/rule:", tone="unsure", rank=1
    ),
    "failed its checks": humanize.StateMessage(
        word="Failed its checks", icon=":material/cancel:", tone="bad", rank=2
    ),
    "broken": humanize.StateMessage(word="Cannot be used", icon=":material/error:", tone="bad", rank=2),
    "two with the same name": humanize.StateMessage(
        word="Name taken twice", icon=":material/content_copy:", tone="bad", rank=2
    ),
    "disabled": humanize.StateMessage(word="Disabled", icon=":material/block:", tone="quiet", rank=3),
}
_NEXT: Mapping[Readiness, Step] = {
    "not trusted": "trust",
    "not checked": "check",
    "disabled": "enable",
}
_ABOUT: Mapping[Readiness, str] = {
    "not trusted": "None of its code has run. Read it first: trusted code can do anything that you can.",
    "not checked": "Run its checks. Once it passes, the other pages offer it.",
    "failed its checks": "No page offers it until it passes. Fix the file, then trust and check it again.",
    "broken": "Fix the file; nothing in it is offered until then.",
    "two with the same name": "Give one of them another name.",
}

_OFFERED: Mapping[Point, str] = {
    "preprocess": "It is offered on Train, under “Before the model learns”.",
    "algorithm": "It is offered on Train, where models are chosen.",
    "postprocess": "It is offered on Train, under “After the model answers”.",
    "metric": "It is offered on Target, among the measures.",
    "task_type": "It is offered on Target, among the kinds of question.",
    "exporter": "It is a form of export in the shell: litmus export --as, with its name.",
    "hook": "Litmus calls it during every run of this workspace.",
    "action": "It proposes what to do next after every run.",
    "certificate_line": "It is a line of every certificate, and no model that fails it is deployed.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """One check in a line: passed, failed with its finding, or not run and why."""

    name: str
    word: str
    icon: str
    tone: Tone
    note: str
    duration: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksView:
    """A plug-in's latest checks."""

    title: str
    lines: tuple[CheckLine, ...]
    has_failed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugInActions:
    """The operations that a plug-in allows. ``step`` is the next step ("" none)."""

    step: Step
    can_check: bool
    can_disable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugInView:
    """A plug-in, or a file whose plug-ins are not known yet.

    ``source`` is the path of a readable file in the workspace ("" none). ``checks`` is None if none were run.
    """

    key: str
    name: str
    title: str
    noun: str
    when: str
    where: str
    state: humanize.StateMessage
    reason: str
    about: str
    moves: PlugInActions
    source: str
    checks: ChecksView | None
    fields: tuple[FieldView, ...]
    described: PluginDescription | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugInsView:
    """All custom plug-ins; those that need attention come first."""

    reading: str
    plugins: tuple[PlugInView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltInView:
    """Built-in plug-ins of one extension point."""

    title: str
    rows: tuple[tuple[str, str, str], ...]  # name, title, when or parameters


def key_of(plugin: PlugIn) -> str:
    """Return a plug-in's key in addresses: its name with its extension point, or its file.

    >>> key_of(PlugIn(origin="workspace", where="plugins/caps.py", state="not trusted"))
    'plugins/caps.py'
    """
    if plugin.described is None:
        return plugin.where if plugin.origin == "workspace" else f"{plugin.where}: {plugin.reason}"
    key = f"{plugin.described.point}.{plugin.name}"
    return f"{key} of {plugin.where}" if plugin.state == "two with the same name" else key


def present_plugins(plugins: Sequence[PlugIn], *, selected: str | None = None) -> PlugInsView:
    """Present the plug-ins; the one ``selected`` for by its key comes first, then those that need "
    "attention."""
    views = [_view(plugin) for plugin in plugins]
    views.sort(key=lambda view: (view.key != selected, view.state.rank))
    return PlugInsView(reading=_reading(plugins), plugins=tuple(views))


def _reading(plugins: Sequence[PlugIn]) -> str:
    if not plugins:
        return ""
    ready = sum(plugin.state == "ready" for plugin in plugins)
    waiting = sum(plugin.state in ("not trusted", "not checked") for plugin in plugins)
    parts = [f"{ready} ready"] if ready else []
    parts += [f"{waiting} waiting for you"] if waiting else []
    off = len(plugins) - ready - waiting
    parts += [f"{off} out of use"] if off else []
    return f"{format_count(len(plugins), 'plug-in')}: {', '.join(parts)}."


def _view(plugin: PlugIn) -> PlugInView:
    described, report = plugin.described, plugin.report
    is_described = described is not None
    return PlugInView(
        key=key_of(plugin),
        name=plugin.where.rpartition("/")[2] if described is None else described.name,
        title=described.title if described is not None and described.title != described.name else "",
        noun="File of plug-ins" if described is None else NOUNS[described.point].capitalize(),
        when="" if described is None else described.when,
        where=_where(plugin),
        state=_STATES[plugin.state],
        reason=_sentence(plugin),
        about=_about(plugin),
        moves=PlugInActions(
            step=_NEXT.get(plugin.state, ""),
            can_disable=is_described and plugin.state in ("ready", "not checked", "failed its checks"),
            can_check=is_described
            and plugin.state in ("not checked", "failed its checks", "ready", "disabled"),
        ),
        source=plugin.where if plugin.origin == "workspace" else "",
        checks=None if report is None else _checks(report),
        fields=() if described is None else present_parameters(described.parameters),
        described=described,
    )


def _about(plugin: PlugIn) -> str:
    described = plugin.described
    if plugin.state != "ready" or described is None:
        return _ABOUT.get(plugin.state, "")
    if described.point == "data_source":
        return f"It reads locations that begin with {described.facts.get('prefix', '')}."
    return _OFFERED.get(described.point, "")


def _where(plugin: PlugIn) -> str:
    version = plugin.described.version if plugin.described is not None else ""
    location = f"{plugin.where}, version {version}" if version else plugin.where
    return f"package {location}" if plugin.origin == "installed" else location


def _sentence(plugin: PlugIn) -> str:
    """Return why the plug-in is not ready, if its state does not say so."""
    if plugin.state in ("ready", "not trusted", "not checked", "failed its checks"):
        return ""
    return _capital(f"{plugin.reason.strip()}.") if plugin.reason else ""


def _capital(sentence: str) -> str:
    """Return a sentence with a capital letter, unless it begins with the name of a file.

    >>> _capital("you disabled it."), _capital("caps.py holds no plug-in.")
    ('You disabled it.', 'caps.py holds no plug-in.')
    """
    is_file = sentence.partition(" ")[0].endswith(".py")
    return sentence if is_file else f"{sentence[:1].upper()}{sentence[1:]}"


def _line(result: CheckResult) -> CheckLine:
    duration = "" if result.skipped else humanize.brief(result.seconds)
    name = _capital(result.name)
    if result.skipped:
        word, icon, tone, note = "not made", ":material/remove:", "quiet", result.skipped
    elif result.passed:
        word, icon, tone, note = "passed", ":material/check:", "good", result.message
    else:
        word, icon, tone, note = "failed", ":material/close:", "bad", f"{result.message.rstrip('.')}."
    return CheckLine(name=name, word=word, icon=icon, tone=tone, note=note, duration=duration)  # type: ignore[arg-type]


def _checks(report: PlugInReport) -> ChecksView:
    n_failed, n_finished = len(report.failures), sum(not result.skipped for result in report.results)
    count_text = format_count(n_finished, "check")
    return ChecksView(
        title=f"{n_failed} of {count_text} failed" if n_failed else f"{count_text} passed",
        lines=tuple(map(_line, report.results)),
        has_failed=not report.passed,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultView:
    """A plug-in that a run continued without: the run's message, and the plug-in's key."""

    key: str
    sentence: str
    label: str


def present_faults(failed: Sequence[PlugInFailed], plugins: Sequence[PlugIn]) -> tuple[FaultView, ...]:
    """Return a run's messages about failed custom code: "Your hook Lamp stopped and was disabled: …".

    Those among the ``plugins`` plug-ins have a key, others "": custom code need not be a plug-in.
    """
    keys = {
        (plugin.described.point, plugin.described.name): key_of(plugin)
        for plugin in plugins
        if plugin.described is not None
    }
    return tuple(
        FaultView(
            key=keys.get((plugin.point, plugin.name), ""),
            sentence=plugin.sentence,
            label=f"See {NOUNS[plugin.point]} {plugin.name}",
        )
        for plugin in {(plugin.point, plugin.name): plugin for plugin in failed}.values()
    )


def present_built_in(plugins: Sequence[PlugIn]) -> tuple[BuiltInView, ...]:
    """Present the built-in plug-ins of each extension point, which use the same interface."""
    by_point: dict[Point, list[tuple[str, str, str]]] = {}
    for plugin in plugins:
        described = plugin.described
        if plugin.origin == "built in" and described is not None:
            parameter_names = ", ".join(parameter.name for parameter in described.parameters)
            about = described.when or (f"Parameters: {parameter_names}." if parameter_names else "")
            by_point.setdefault(described.point, []).append((described.name, described.title, about))
    return tuple(
        BuiltInView(title=PLACES[point][0], rows=tuple(by_point[point]))
        for point in PLACES
        if point in by_point
    )
