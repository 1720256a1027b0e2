"""Each option of each command changes what the command asks of Litmus, or what it prints.

The engine's doors are stand-ins that note what they are asked. A command is run without the option and with
it: where both are the same, nobody hears what the person said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from enum import Enum
from inspect import Signature, signature
from io import StringIO
from math import inf
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from unittest.mock import MagicMock

import pytest
import typer
from typer.models import ArgumentInfo

from litmus_core.cli._main import app
from litmus_core.verdicts import all_grades

DOORS = (
    "litmus_core.cli._app.serve_pages",
    "litmus_core.cluster.inspect_machine",
    "litmus_core.deploy.certify_bundle",
    "litmus_core.deploy.probe_bundle",
    "litmus_core.deploy.score_file",
    "litmus_core.deploy.score_folder",
    "litmus_core.experiments.AgentTools",
    "litmus_core.experiments.EvaluationBudget",
    "litmus_core.experiments.Studio",
    "litmus_core.experiments.agent_server",
    "litmus_core.experiments.continue_training",
    "litmus_core.experiments.train",
    "litmus_core.experiments.train_targets",
    "litmus_core.forecasting.load_forecaster",
    "litmus_core.jobs.retention",
    "litmus_core.load_bundle",
    "litmus_core.many_targets.load_targets",
    "litmus_core.maintenance.back_up",
    "litmus_core.maintenance.diagnose",
    "litmus_core.maintenance.restore",
    "litmus_core.runtime.load_bundle",
    "litmus_core.serving.serve",
    "litmus_core.store.Workspace",
    "litmus_core.store.rebuild",
    "litmus_core.store.sql",
)
COMMAND = typer.main.get_command(app)
_OF_THIS_CALL = re.compile(r" id='\d+'|0x[0-9a-f]+|\d+\.\d+ s\b")


# What an option needs beside it to mean something.
BESIDE = {
    "endpoints policy warm_start": ["--retrain", "on-alarm"],
    "recipes apply minutes": ["--until-bar"],
    "recipes apply version": ["--recipe", "some"],
    "improve most_s": ["--start", "some"],
    "recipes version": ["some"],
    "rm yes": ["ds_some"],
    "train refit": ["--folds", "5"],
    "targets train separator": ["--tags", "some"],
    "targets train fewest": ["--tags", "some"],
    "bar because": ["0.9"],
    "bar by": ["0.9"],
    "assertions by": ["--set", "some"],
}
# The option is there so that every command takes it. Three commands read nothing of a workspace, and of an
# agent's server only errors are printed: the protocol has its standard output.
WITHOUT_EFFECT = ("cluster workspace", "mcp as_json", "predict workspace", "serve workspace")


class WaitedError(Exception):
    """Ends a command that would wait for a stand-in."""


class StandIn(MagicMock):
    """Can be written in every form, and has assertions."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options | {"unsafe": True})

    def __format__(self, form: str) -> str:
        return "some"


@dataclass(frozen=True)
class Parameter:
    """What a command can be given: ``is_option`` with its name, or an argument by its place."""

    name: str
    kind: Any
    default: Any
    is_option: bool
    names: tuple[str, ...]
    low: float
    high: float

    def words(self, folder: Path) -> list[str]:
        """Return what a person types who gives it a value that it does not have by itself."""
        if self.kind is bool:
            off = [each.partition("/")[2] or each.replace("--", "--no-") for each in self.names]
            return off[:1] if self.default else [self.names[0].partition("/")[0]]
        value = self._value(folder)
        return [self.names[0], value] if self.is_option else [value]

    def _value(self, folder: Path) -> str:
        if get_origin(self.kind) is Literal:
            return next(str(each) for each in get_args(self.kind) if each != self.default)
        if self.kind in (int, float):
            return str(int(self.low) + 7 if self.low + 7 <= self.high else (self.low + self.high) / 2)
        if issubclass(self.kind, Enum):
            return next(each.value for each in self.kind if each != self.default)
        if self.kind is Path:
            file = folder / f"{self.name}.csv"
            file.write_text("a,b\n1,2\n")
            return str(file)
        return "some"


def commands(group: typer.Typer, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for command in group.registered_commands:
        yield (*words, command.name or command.callback.__name__.replace("_", "-")), command.callback
    for inner in group.registered_groups:
        yield from commands(inner.typer_instance, (*words, inner.name or inner.typer_instance.info.name))


def parameters(callback: Any) -> Iterator[Parameter]:
    hints = get_type_hints(callback, include_extras=True)
    for name, of in signature(callback).parameters.items():
        hint, *infos = get_args(hints[name])
        info = infos[0] if infos else None
        if get_origin(hint) in (Union, UnionType):
            hint = next(each for each in get_args(hint) if each is not type(None))
        kind = get_args(hint)[0] if get_origin(hint) is list else hint
        named = [
            each
            for each in (getattr(info, "default", ""), *(getattr(info, "param_decls", None) or ()))
            if each
        ]
        names = tuple(each for each in named if str(each).startswith("-")) or (f"--{name.replace('_', '-')}",)
        low, high = getattr(info, "min", None) or 0, getattr(info, "max", None) or inf
        yield Parameter(name, kind, of.default, not isinstance(info, ArgumentInfo), names, low, high)


def options() -> Iterator[Any]:
    for words, callback in commands(app):
        found = list(parameters(callback))
        needed = [each for each in found if each.default is Signature.empty]
        for option in found:
            name = " ".join((*words, option.name))
            if option.default is not Signature.empty and name not in WITHOUT_EFFECT:
                yield pytest.param(words, needed, option, id=name)


def told(words: tuple[str, ...], needed: list[Parameter], extra: list[str], folder: Path) -> str:
    """Run a command; return what it asked of the doors, printed, and how it ended."""
    given = [word for each in needed for word in each.words(folder)]
    with pytest.MonkeyPatch.context() as patch:
        world = StandIn()
        studio = world.Studio.open.return_value.__enter__.return_value
        studio.reports.data.return_value, studio.recipe_editor.check.return_value = "the page", ()
        world.load_forecaster.return_value.names = ("some",)
        world.load_targets.return_value.with_notes.return_value = ([], [])
        for door in DOORS:
            patch.setattr(door, getattr(world, door.rpartition(".")[2]))
        for home in ("litmus_core.verdicts", "litmus_core.verdicts._grades"):
            patch.setattr(f"{home}.grade_of", lambda verdict: all_grades()[0])
        patch.setattr("time.sleep", MagicMock(side_effect=WaitedError))
        patch.chdir(folder)
        with redirect_stdout(StringIO()) as output, redirect_stderr(output):
            try:
                ended: object = COMMAND.main([*words, *given, *extra], standalone_mode=False)
            except Exception as error:  # noqa: BLE001 - of stand-ins
                ended = f"{type(error).__module__}: {error!r}"
    asked = "\n".join(map(str, world.mock_calls))
    said = f"{asked}\n{output.getvalue()}\n{ended!r}".replace(str(folder), "here")
    return _OF_THIS_CALL.sub("", said)


# What each command tells without the option in question: the same in any folder, as the last test says.
_without: dict[tuple[str, ...], str] = {}


@pytest.mark.parametrize(("words", "needed", "option"), list(options()))
def test_an_option_is_heard(words, needed, option, tmp_path):
    beside = BESIDE.get(" ".join((*words, option.name)), [])

    key = (words, *beside)
    if key not in _without:
        _without[key] = told(words, needed, beside, tmp_path)
    without = _without[key]
    with_it = told(words, needed, [*beside, *option.words(tmp_path)], tmp_path)

    assert "click.exceptions" not in with_it
    assert with_it != without


@pytest.mark.parametrize(
    ("words", "needed"), list({each.values[0]: each.values[:2] for each in options()}.values())
)
def test_a_command_that_is_given_the_same_does_the_same(words, needed, tmp_path):
    """So that what differs above differs by the option, and by no folder."""
    folders = [tmp_path / name for name in ("one", "another")]
    for folder in folders:
        folder.mkdir()
    one, another = (told(words, needed, [], folder) for folder in folders)
    assert one == another
