"""``litmus recipes …``: list, show and check recipes, and follow one step by step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litmus_core.cli._session import (
    FailedWork,
    JsonOption,
    Session,
    WorkspaceOption,
    reporting,
    say,
    show,
    studio_command,
    table,
)
from litmus_core.errors import UsageError
from litmus_core.text import format_count
from litmus_core.types import Progress, Scalar, to_plain

if TYPE_CHECKING:
    from litmus_core.experiments import BrokenRecipe, RecipeFit, StepDone, Studio, TestResult
    from litmus_core.recipes import Recipe, RecipeProblem, Walk

ExperimentArgument = Annotated[str, typer.Argument(help="The experiment's id (ex_…).")]
KnobOption = Annotated[
    list[str] | None, typer.Option("--knob", help="Set a knob of the recipe: NAME=VALUE (repeat).")
]


recipes = typer.Typer(help="Follow steps that a scientist wrote, and check them.", no_args_is_help=True)

_REPAIR = "Correct it on the page Recipes, or save a new version of it: litmus recipes check FILE --save"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(recipes, name="recipes")


@recipes.command("list")
@studio_command
def list_recipes(
    session: Session,
    experiment: Annotated[
        str | None,
        typer.Option(
            "--for", help="List recipes that fit this experiment (ex_…) first, then what others lack."
        ),
    ] = None,
) -> None:
    """List the recipes of the workspace and the built-in ones."""
    broken = session.studio.recipes.broken()
    if experiment is not None:
        fits = session.studio.recipes.fits(experiment)
        report = [*map(_fit_report, fits), *map(_broken_report, broken)]
        session.show(report, text=lambda: _fits_text(fits, broken))
        return
    all_recipes = session.studio.recipes.list()
    report = [*map(_recipe_report, all_recipes), *map(_broken_report, broken)]
    session.show(report, text=lambda: _recipes_text(all_recipes, broken))


@recipes.command("show")
@studio_command
def show_recipe(
    session: Session,
    name: Annotated[str, typer.Argument(help="The recipe's name.")],
    version: Annotated[int | None, typer.Option(help="Show this version. Default: the latest.")] = None,
) -> None:
    """Show the text of a recipe."""
    recipe = session.studio.recipes.get(name, version=version)
    session.show(_recipe_report(recipe) | {"text": recipe.text}, text=recipe.text.rstrip)


def _recipe_report(recipe: Recipe) -> dict[str, Any]:
    return {
        "name": recipe.name,
        "version": recipe.version,
        "title": recipe.title,
        "description": recipe.description,
        "problems": list(recipe.problems),
        "bar": str(recipe.bar) if recipe.bar else None,
        "budget": None if recipe.budget is None else to_plain(recipe.budget),
        "until": recipe.until.text,
        "suits": recipe.suits.text if recipe.suits else None,
        "knobs": to_plain(recipe.knobs),
        "steps": [
            {"number": step.number, "kind": step.kind, "title": step.title, "line": step.line}
            | {"when": step.when.text if step.when else None}
            for step in recipe.steps
        ],
        "tests": [test.name for test in recipe.tests],
    }


def _fit_report(fit: RecipeFit) -> dict[str, Any]:
    return _recipe_report(fit.recipe) | {
        "fits": not fit.problem,
        "problem": fit.problem,
        "suits_by": fit.suits,
        "fits_with": dict(fit.turned),
    }


def _broken_report(broken: BrokenRecipe) -> dict[str, Any]:
    return {"name": broken.name, "version": broken.version, "broken": to_plain(broken.problems)}


def _fits_text(fits: tuple[RecipeFit, ...], broken: tuple[BrokenRecipe, ...]) -> str:
    """List the recipes that fit, then those that do not with what is missing."""
    parts = []
    for fit in fits:
        why = f"\n    It suits this experiment: {fit.suits}." if fit.suits else ""
        if fit.turned:
            turned = " ".join(f"--knob {name}={_scalar_text(value)}" for name, value in fit.turned)
            why += f"\n    It fits this experiment with: {turned}"
        name = f"{fit.recipe.name} (version {fit.recipe.version})"
        parts.append(f"{name} does not fit: {fit.problem}" if fit.problem else _recipe_line(fit.recipe) + why)
    return "\n\n".join([*parts, *map(_broken_line, broken)])


def _recipe_line(recipe: Recipe) -> str:
    knobs = "".join(
        f"\n    --knob {knob.name}={_scalar_text(knob.default)}  {knob.words}" for knob in recipe.knobs
    )
    return f"{recipe.name} (version {recipe.version}): {recipe.description}{knobs}"


def _broken_line(broken: BrokenRecipe) -> str:
    problems = "".join(f"\n    {problem}" for problem in broken.problems)
    return f"{broken.name} (version {broken.version}) can no longer be read:{problems}\n    {_REPAIR}"


def _recipes_text(all_recipes: tuple[Recipe, ...], broken: tuple[BrokenRecipe, ...]) -> str:
    return "\n\n".join([*map(_recipe_line, all_recipes), *map(_broken_line, broken)])


@recipes.command("check")
def check(
    file: Annotated[Path, typer.Argument(help="A recipe, a YAML file.")],
    tests: Annotated[bool, typer.Option("--tests", help="Run its acceptance tests, too; trains.")] = False,
    save: Annotated[
        bool, typer.Option("--save", help="Save it in the workspace if its tests pass; trains.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print all errors in a recipe, each with its line and column; save it on request."""
    from litmus_core.experiments import Studio

    results: list[TestResult] = []

    def print_result(result: TestResult) -> None:
        results.append(result)
        outcome = "passed" if result.passed else f"did not pass: {result.message}"
        say(f"Test '{result.name}' {outcome} ({result.seconds:g} s)")

    with reporting(as_json=as_json), Studio.open(workspace) as studio:
        text = read_text(file)
        problems = studio.recipe_editor.check(text)
        if not problems and save:
            try:
                studio.recipe_editor.save(text, on_test=print_result)
            except UsageError as error:
                raise error if all(result.passed for result in results) else FailedWork(error) from error
        elif not problems and tests:
            studio.recipe_editor.test(text, on_test=print_result)
        report = {
            "problems": to_plain(problems),
            "tests": to_plain(results),
            "saved": save and not problems,
        }
        show(report, as_json=as_json, text=lambda: _check_text(file, problems, saved=save))
    if problems or not all(result.passed for result in results):
        raise typer.Exit(1)


def read_text(file: Path) -> str:
    """Return the text of a file; raises UsageError if it cannot be read."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}.", hint="Give a YAML file in UTF-8.") from error


def _check_text(file: Path, problems: tuple[RecipeProblem, ...], *, saved: bool) -> str:
    if not problems:
        return "The recipe is saved." if saved else "The recipe has no errors."
    return "\n".join(
        f"{file}:{problem.line}:{problem.column}: {problem.message} {problem.hint}".rstrip()
        for problem in problems
    )


@recipes.command("next")
@studio_command
def next_step(
    session: Session,
    experiment: ExperimentArgument,
) -> None:
    """Show an experiment's progress in its recipe: done, running, next, and why."""
    walk = session.studio.recipes.walk(experiment)
    session.show(_walk_report(walk), text=lambda: _walk_text(walk))


@recipes.command("apply")
@studio_command
def apply(
    session: Session,
    experiment: ExperimentArgument,
    recipe: Annotated[
        str | None, typer.Option(help="Follow this recipe from now on, from its first step.")
    ] = None,
    version: Annotated[int | None, typer.Option(help="This version of it. Default: the latest.")] = None,
    knob: KnobOption = None,
    until_bar: Annotated[
        bool, typer.Option("--until-bar", help="Carry out step after step until the recipe ends.")
    ] = False,
    minutes: Annotated[
        float, typer.Option(min=0.1, help="With --until-bar: the time limit, in minutes.")
    ] = 10.0,
    rows: Annotated[
        Path | None, typer.Option(help="Answer a request for more data with the rows of this file.")
    ] = None,
    skip: Annotated[bool, typer.Option("--skip", help="Skip the current step.")] = False,
) -> None:
    """Carry out the next step of an experiment's recipe and wait for it; or continue until the bar is met."""
    if recipe is not None:
        experiment = _start_recipe(session.studio, experiment, recipe, version, knobs_of(knob))
    elif knob or version is not None:
        raise UsageError(
            "Knobs and a version can only be set when a recipe starts.",
            hint="Name the recipe, too: --recipe NAME --knob NAME=VALUE.",
        )
    message, experiment = _apply(
        session.studio, experiment, until_bar=until_bar, minutes=minutes, rows=rows, skip=skip
    )
    walk = session.studio.recipes.walk(experiment)
    session.show({"message": message, **_walk_report(walk)}, text=lambda: f"{message}\n\n{_walk_text(walk)}")


def _start_recipe(
    studio: Studio, experiment: str, recipe: str, version: int | None, knobs: dict[str, Scalar]
) -> str:
    """Make the experiment follow the recipe; return the experiment."""
    walk = studio.recipes.take(experiment, recipe, version=version, knobs=knobs)
    if walk.experiment_id != experiment:
        say(
            f"The recipe has another bar or budget than {experiment}, which stays unchanged. "
            f"The new experiment {walk.experiment_id} follows the recipe."
        )
    return walk.experiment_id


def _apply(
    studio: Studio, experiment: str, *, until_bar: bool, minutes: float, rows: Path | None, skip: bool
) -> tuple[str, str]:
    """Carry out the request; return the result as text, and the experiment that continues."""
    from litmus_core.verdicts import verdict_sentence

    if skip:
        studio.recipes.skip_step(experiment)
        return "The step was skipped.", experiment
    message = ""
    if rows is not None or not until_bar:
        done = studio.recipes.apply_step(experiment, rows=rows)
        message, experiment = done.message, done.experiment_id
        if done.run_id:
            _print_step(done)
            run = studio.runs.wait(done.run_id, on_progress=_ActivityPrinter())
            message = verdict_sentence(run.verdict) if run.verdict else f"{run.message} {run.hint}".strip()
    if until_bar:
        end = studio.walks.follow(
            experiment, minutes=minutes, on_step=_print_step, on_progress=_ActivityPrinter()
        )
        message, experiment = end.message, end.experiment_id
    return message, experiment


def _print_step(done: StepDone) -> None:
    say(done.message)


class _ActivityPrinter:
    """A callback that prints the activity of a recipe to stderr whenever it changes."""

    def __init__(self) -> None:
        self._last_message = ""

    def __call__(self, now: Progress) -> None:
        if now.message and now.message != self._last_message:
            self._last_message = now.message
            say(f"  {now.message}")


def knobs_of(settings: list[str] | None) -> dict[str, Scalar]:
    """Return the knobs from ``NAME=VALUE`` texts; values are parsed as in the recipe.

    >>> knobs_of(["minutes=2", "family=catboost"])
    {'minutes': 2, 'family': 'catboost'}
    """
    from litmus_core.recipes import scalar_of

    knobs: dict[str, Scalar] = {}
    for text in settings or ():
        name, sign, value = text.partition("=")
        if not sign:
            raise UsageError(f"'{text}' sets no knob.", hint="Write NAME=VALUE, such as --knob minutes=2.")
        knobs[name.strip()] = scalar_of(value.strip())
    return knobs


def _walk_report(walk: Walk) -> dict[str, Any]:
    place = walk.next
    return {
        "experiment": walk.experiment_id,
        "recipe": walk.recipe.name,
        "version": walk.recipe.version,
        "knobs": dict(walk.recipe.settings),
        "reached": walk.reached,
        "why": walk.why,
        "goes_by": walk.goes_by or None,
        "moved_to": walk.moved_to or None,
        "next": None if place is None else place.step.number,
        "expected": walk.expected or None,
        "steps": [
            {
                "number": position.step.number,
                "kind": position.step.kind,
                "title": position.step.title,
                "state": position.state,
                "why": position.why,
                "run": position.run_id or None,
            }
            for position in walk.places
        ],
    }


def _walk_text(walk: Walk) -> str:
    recipe = walk.recipe
    knobs = ", ".join(f"{name}={_scalar_text(value)}" for name, value in recipe.settings)
    rows = [
        {
            "": str(place.step.number),
            "step": place.step.title[:60],
            "state": place.state,
            "why": place.why[:90],
        }
        for place in walk.places
    ]
    head = (
        f"{recipe.title} ({recipe.name}, version {recipe.version}; "
        f"{format_count(len(rows), 'step')}; {knobs})"
    )
    parts = (head, walk.goes_by, table(rows), _next_text(walk))
    return "\n\n".join(part for part in parts if part)


def _next_text(walk: Walk) -> str:
    if walk.moved_to:
        return f"The recipe continues with another table: litmus recipes next {walk.moved_to}"
    if walk.reached:
        return f"The recipe has ended: {walk.why}."
    if walk.running is not None:
        return f"Step {walk.running.step.number} is running: {walk.running.why or 'it is queued'}"
    place = walk.next
    if place is None:
        return f"No remaining step applies, and the recipe has not reached its end: {walk.why}."
    id_ = walk.experiment_id
    if place.state == "asked":
        more = f"litmus recipes apply {id_} --rows FILE, or " if place.step.kind == "gather" else ""
        if place.step.kind == "hand off":
            more = "a scientist sees it in 'litmus handoffs list'; or "
        return f"It is waiting for you: {place.step.request}\nThen: {more}litmus recipes apply {id_} --skip"
    brings = f"\n{walk.expected}" if walk.expected else ""
    return f"Next: step {place.step.number}, {place.step.title}.{brings}\nRun it: litmus recipes apply {id_}"


def _scalar_text(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
