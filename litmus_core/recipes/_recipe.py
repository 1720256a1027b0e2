"""A recipe: ordered steps that a scientist wrote, with the knobs that others may turn."""

from __future__ import annotations

from dataclasses import dataclass, field

from litmus_core.recipes._conditions import Condition
from litmus_core.recipes._knobs import Knob
from litmus_core.recipes._pipelines import PipelineStep
from litmus_core.types import (
    Bar,
    Budget,
    ColumnKind,
    KFold,
    Part,
    ProblemType,
    RecipeStepKind,
    Scalar,
    Tuning,
)

PEOPLE: tuple[RecipeStepKind, ...] = ("gather", "hand off")  # what a person does, not Litmus
LEADER = "leader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step. ``number`` counts from 1; ``line`` is where it stands.

    ``pipelines`` are tried or tuned (none: whatever the leading model is), ``postprocess`` comes after the
    leading model, ``request`` is asked of a person. ``shares`` are of the answering time, of a model that is
    made faster (none: the usual ones). ``minutes`` bounds its run; None: the task's limit.
    """

    number: int
    kind: RecipeStepKind
    line: int
    words: str = ""
    when: Condition | None = None
    pipelines: tuple[PipelineStep, ...] = ()
    tuning: Tuning | None = None
    kfold: KFold | None = None
    shares: tuple[float, ...] = ()
    postprocess: tuple[Part, ...] = ()
    request: str = ""
    minutes: float | None = None

    @property
    def is_for_people(self) -> bool:
        """Whether a person has to do it."""
        return self.kind in PEOPLE

    @property
    def is_run(self) -> bool:
        """Whether it is a run."""
        return self.kind in ("try", "tune", "refine", "post-process")

    @property
    def needs_leader(self) -> bool:
        """Whether it works on the leading model, and so cannot come before there is one."""
        return self.kind in ("refine", "post-process") or (self.kind == "tune" and not self.pipelines)

    @property
    def title(self) -> str:
        """What it does, in a few words."""
        if self.words:
            return self.words
        names = ", ".join(each.name for each in self.pipelines)
        return {
            "check data": "Check the data and mend what is safe to mend",
            "try": f"Try {names}",
            "tune": f"Tune {names or 'the leading model'}",
            "refine": "Make the leading model faster and smaller",
            "post-process": f"After the model: {', '.join(part.reference for part in self.postprocess)}",
            "gather": self.request,
            "hand off": self.request,
        }[self.kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeededColumn:
    """A column that tables must have: by its ``name``, by what it holds, or both; ``line`` says where."""

    line: int
    column: int
    name: str | None = None
    kind: ColumnKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltTable:
    """A table made up for a test: so many ``rows`` of ``columns`` (name and kind) that tell the answer.

    ``classes`` are the answers, the first most often by ``lopsided`` (1: alike); none: a number.
    """

    rows: int = 120
    columns: tuple[tuple[str, ColumnKind], ...] = ()
    classes: tuple[str, ...] = ()
    lopsided: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceTest:
    """What must work before the recipe is kept: on a small table, made or written out (``inline``).

    ``expect`` None: every step runs through, whatever its condition; else the recipe is followed as a person
    would, and then it must hold. ``seconds`` bounds each run.
    """

    name: str
    line: int
    target: str
    made: BuiltTable | None = None
    inline: tuple[tuple[tuple[str, Scalar], ...], ...] = ()
    knobs: tuple[tuple[str, Scalar], ...] = ()
    expect: Condition | None = None
    bar: Bar | None = None
    seconds: float = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A version of a recipe, with its knobs turned as ``settings`` say. ``text`` is the whole file.

    ``problems`` are the kinds of questions it is for; empty: all. ``bar`` and ``budget`` are proposed where
    a task has none; ``until`` says when it has reached its end, ``suits`` for which experiments it is made.
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
        """Say whether it is made for questions of that task type."""
        return not self.problems or problem_type in self.problems
