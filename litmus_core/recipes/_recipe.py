"""A recipe: ordered steps written by a scientist, with knobs for its users."""

from __future__ import annotations

from dataclasses import dataclass, field

from litmus_core.recipes._conditions import Condition
from litmus_core.recipes._knobs import Knob
from litmus_core.recipes._pipelines import PipelineStep
from litmus_core.types import (
    Bar,
    Budget,
    Folds,
    KindName,
    PluginRef,
    ProblemType,
    RecipeStepKind,
    Scalar,
    Tuning,
)

PEOPLE: tuple[RecipeStepKind, ...] = ("gather", "hand off")  # steps that a person does, not Litmus
LEADER = "leader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a recipe.

    ``number`` counts from 1; ``line`` is its place in the text. ``pipelines`` are tried or tuned (none: the
    leading model), ``postprocess`` follows the leading model, ``request`` goes to a person. ``shares`` are a
    compressed model's shares of the latency (none: the usual ones). ``minutes`` limits its run; None: the
    task's limit.
    """

    number: int
    kind: RecipeStepKind
    line: int
    words: str = ""
    when: Condition | None = None
    pipelines: tuple[PipelineStep, ...] = ()
    tuning: Tuning | None = None
    folds: Folds | None = None
    shares: tuple[float, ...] = ()
    postprocess: tuple[PluginRef, ...] = ()
    request: str = ""
    minutes: float | None = None

    @property
    def is_for_people(self) -> bool:
        """Whether a person has to do the step."""
        return self.kind in PEOPLE

    @property
    def is_run(self) -> bool:
        """Whether the step is a run."""
        return self.kind in ("try", "tune", "refine", "post-process")

    @property
    def needs_leader(self) -> bool:
        """Whether the step works on the leading model, and so needs one first."""
        return self.kind in ("refine", "post-process") or (self.kind == "tune" and not self.pipelines)

    @property
    def title(self) -> str:
        """The step's title."""
        if self.words:
            return self.words
        names = ", ".join(pipeline.name for pipeline in self.pipelines)
        return {
            "check data": "Check the data and apply the safe fixes",
            "try": f"Try {names}",
            "tune": f"Tune {names or 'the leading model'}",
            "refine": "Make the leading model faster and smaller",
            "post-process": f"After the model: {', '.join(part.reference for part in self.postprocess)}",
            "gather": self.request,
            "hand off": self.request,
        }[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeededColumn:
    """A column that tables must have, by ``name``, by kind, or both; ``line`` is its place in the text."""

    line: int
    column: int
    name: str | None = None
    kind: KindName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedTable:
    """A generated table for a test: ``rows`` rows of ``columns`` (name and kind) that predict the target.

    ``classes`` are the target's classes, the first more frequent by the factor ``lopsided`` (1: equal); none:
    a number.
    """

    rows: int = 120
    columns: tuple[tuple[str, KindName], ...] = ()
    classes: tuple[str, ...] = ()
    lopsided: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceTest:
    """A test that a recipe must pass before it is stored, on a generated or written (``inline``) small table.

    ``expect`` None: every step runs, whatever its condition. Else the recipe is followed as a person would,
    and ``expect`` must hold then. ``seconds`` limits each run.
    """

    name: str
    line: int
    target: str
    generated: GeneratedTable | None = None
    inline: tuple[tuple[tuple[str, Scalar], ...], ...] = ()
    knobs: tuple[tuple[str, Scalar], ...] = ()
    expect: Condition | None = None
    bar: Bar | None = None
    seconds: float = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A version of a recipe, with its knobs set as in ``settings``.

    ``text`` is the whole file. ``problems`` are its task types; empty: all. ``bar`` and ``budget`` are
    proposed if a task has none. ``until`` is the condition that completes it, ``suits`` the condition for
    experiments that it suits.
    """

    name: str
    version: int
    title: str
    description: str
    steps: tuple[Step, ...]
    until: Condition
    suits: Condition | None = None
    problems: tuple[ProblemType, ...] = ()
    columns: tuple[NeededColumn, ...] = ()
    bar: Bar | None = None
    budget: Budget | None = None
    knobs: tuple[Knob, ...] = ()
    settings: tuple[tuple[str, Scalar], ...] = ()
    tests: tuple[AcceptanceTest, ...] = ()
    text: str = field(default="", repr=False)

    def is_for(self, problem_type: ProblemType) -> bool:
        """Return whether the recipe supports that task type."""
        return not self.problems or problem_type in self.problems
