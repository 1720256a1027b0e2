"""The texts of actions for pages, commands, reports and recipes: change them here, and only here.

Braces hold facts of a statement; ``litmus_core.text.fill_sentence`` says how they are written. ``gain``,
``loss`` and ``value`` are in units of the fact ``metric``, or in the target's; ``within`` begins a title with
a small letter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from litmus_core.advice._format import format_metric_gain
from litmus_core.builtin_preprocessors import groups_in
from litmus_core.metrics import get_metric
from litmus_core.text import fill_sentence, format_score, in_unit, join_names

if TYPE_CHECKING:
    from litmus_core.types import Action, Statement

_LONGEST_IN_SECONDS = 100
_FORMATS: Mapping[str, Callable[[Any, Mapping[str, Any]], str]] = {
    "gain": lambda value, facts: format_metric_gain(facts["metric"], value, unit=facts["unit"]),
    "loss": lambda value, facts: format_metric_gain(facts["metric"], value, signed=False, unit=facts["unit"]),
    "value": lambda value, facts: in_unit(
        format_score(value, unit=get_metric(facts["metric"]).unit), facts["unit"]
    ),
    "measured": lambda value, facts: _measured(value, facts),
    "duration": lambda seconds, _: _duration(seconds),
    "groups": lambda groups, _: _groups(groups_in(groups)),
    "within": lambda title, _: f"{title[0].lower()}{title[1:]}",
}
# By kind of action: what to do, the evidence, and parts of both.
TEXTS: dict[str, dict[str, str]] = {
    "list": {
        "budget": "{title}: the best model is outside the budget.",
        "obstacle": "{title}: until then no score here can be trusted.",
        "settling": "{title}: that may settle what the test rows cannot tell.",
        "few rows": "There are too few rows to try anything on.",
        "nothing": "Nothing that was tried helps: the score is about as good as columns and rows allow.",
        "sure": "{title}: it should bring {gain:gain}.",
        "unsure": "Nothing is sure to help.",
        "bet": "The best bet: {title:within}, which may bring {gain:gain}.",
        "aside": "Leaving the least certain rows to people would bring {gain:gain} on the others.",
        "out of reach": "With these columns and rows about {nearest:measured} is within reach at best, and "
        "the bar is {bar:measured}.",
        "some classes are rare": "{@rare} there.",
        "all classes are rare": "{@rare}. Collect more of them first.",
        "rare": "Of {labels:names} there {n_rows:is|are} at most {n_rows:count row} to learn from: too few "
        "to tell what helps",
    },
    "shared": {
        "stand-in": "Tried with a quick stand-in: {gain:gain}.",
        "more rows": "The last doubling of the rows brought a quick stand-in {gain:gain}.",
        "saturated": "Half of the rows of {groups:names} were not missed: nothing says that more of them "
        "help.",
        "seen": "The training behind this verdict found it, and the verdict says so.",
        "by plug-in": "Proposed by the plug-in {plugin}.",
    },
    "curve": {
        "all": "rows learned from",
        "class": "rows of {label} learned from",
        "segment": "rows where {segment} learned from",
    },
    "folds": {
        "title": "Train in {n_folds} folds",
        "do": "Each model is trained {n_folds} times, each time on a different four fifths of the rows, and "
        "the answers are averaged.",
    },
    "tune": {
        "title": "Look for better settings",
        "do": "Other settings of each trained model are tried, and the best are trained.",
        "tried": "Of a few settings tried with a quick stand-in the best one differs by {gain:gain} on rows "
        "that it was not chosen by.",
    },
    "rows": {
        "title": "Collect more rows",
        "do": "Add {n_rows:count row} like those in the table, then train again.",
    },
    "class rows": {
        "title": "Collect rows of {label}",
        "do": "Add {n_rows:count row} whose answer is {label}, as many as there are, then train again. They "
        "make it more frequent than it is, so add a step after the model that gives the probabilities "
        "for its true share.",
        "halved": "Without half of them a quick stand-in did worse by {loss:loss}.",
    },
    "segment rows": {
        "title": "Collect rows where {segment}",
        "do": "Add {n_rows:count row} where {segment}, as many as there are, then train again.",
        "halved": "The model is worse there. Without half of them a quick stand-in did worse by {loss:loss} "
        "over all rows.",
        "new": "Add rows where {segment}: the table has none. Then train again.",
        "fell": "Answers about these rows got worse, or were always harder. How much more of them would "
        "help was not tried: it shows once the model has learned from them.",
    },
    "memory": {
        "title": "Learn from more rows of the table",
        "do": "{n_drawn:count row} of {n_there:,} fitted into memory. Train on {is_all:?all|twice} of them, "
        "{memory_gb:?memory|machine}.",
        "all": "all",
        "twice": "twice as many",
        "memory": "with {memory_gb:.3g} GB of memory",
        "machine": "on a machine with more memory",
    },
    "time": {
        "title": "Give it {times:.0f} times the time",
        "do": "The time was used up: more of it trains more models, and longer.",
        "second half": "The second half of the time brought {gain:gain} on validation rows.",
    },
    "family": {
        "title": "Try {family:within}, too",
        "title more": "Train more models, in {seconds:duration}",
        "do": "A family of models that was not tried is trained beside those that were.",
        "tried": "A quick stand-in of that family, beside one of those that were tried, brought {gain:gain}; "
        "how much it counts was chosen on other rows.",
        "do more": "With more time Litmus also trains {families:list}{n_folds:?in folds}, as far as the time "
        "goes; the best of all are combined.",
        "do again": "With more time Litmus also trains the same families with other settings"
        "{n_folds:?in folds}, and the best of all are combined.",
        "usual": "No quick stand-in gains anything, so this is what training for longer brings as a rule.",
        "in folds": ", each in {n_folds} folds",
        "only folds": "Folds of a quick stand-in brought {folds:gain}; there was no time to try the other "
        "families.",
        "tried more": "A quick stand-in of one of them, beside those that were tried, brought "
        "{gain:gain}{has_folds:?and folds}; how much it counts was chosen on other rows.",
        "and folds": ", and folds {folds:gain}",
    },
    "columns": {
        "title": "Leave {columns:names} out",
        "do": "{columns:This column says|These columns say} no more than noise does, and noise misleads. A "
        "new experiment asks the same question without them.",
        "tried": "Without such columns, found on other rows, a quick stand-in gained {gain:gain}.",
    },
    "balanced": {
        "title": "Weight classes equally",
        "do": "Rows of a rare class weigh more in learning, so that it is found sooner. Its probabilities "
        "are not shares of rows any more; scores count rows as they are.",
    },
    "stack": {
        "title": "Stack models",
        "do": "All models are trained in {n_folds} folds. Then trees learn from the columns and from the "
        "models' predictions for rows that they did not see.",
        "tried": "Tried with a quick stand-in, on rows that neither level saw: {gain:gain} over folds alone.",
    },
    "made columns": {
        "title counts": "Add value-frequency features",
        "title crosses": "Read {groups:groups}",
        "together group": "{columns:names} together",
        "single group": "{columns:names} as names",
        "title pairs": "Add how {columns:names} compare",
        "title dates": "Add the place in the year and the week of {columns:names}",
        "counts": "Each category gets a column with the number of rows that have the same value.",
        "together": "What two columns say together is more than what each says: they become one category.",
        "names": "A number that only names something is not an amount: it becomes a category, too.",
        "pairs": "The ratio and the difference of every two of these numbers become columns.",
        "dates": "Dates become cyclic: December is next to January, and Sunday next to Monday.",
        "tried": "A quick stand-in with them gained {gain:gain}.",
    },
    "threshold": {
        "title": "Move the threshold to {at:.2f}",
        "title weights": "Weight the labels' probabilities",
        "do": "Another threshold than 0.5 makes fewer mistakes. The model stays as it is.",
        "tried": "The threshold of one half of the validation rows brought {gain:gain} on the other.",
        "weights": "Each label's probability gets a weight that suits the score, so that labels which the "
        "model overlooks are predicted more often. The model stays as it is.",
        "tried weights": "Weights of one half of the validation rows brought {gain:gain} on the other.",
    },
    "calibrate": {
        "title": "Calibrate the probabilities",
        "do": "A probability of 80 % then means right 80 times in 100. The model stays as it is.",
        "tried": "Fitted on one half of the validation rows and scored on the other: {gain:gain}.",
    },
    "abstain": {
        "title": "Leave the least certain {left:share 0} to people",
        "do": "Where it is less than {below} % sure of its answer, it gives none. The gain is of the rows "
        "that it answers; the others cost people time.",
        "tried": "Of the validation rows, those that it answers score {gain:gain} against all of them.",
    },
    "copies": {
        "title": "Remove the copies of rows",
        "do": "Of equal rows one stays; the rest is split again. The score may fall, and will be honest.",
        "check": "Check the table against its test rows on Data, leave the copies out there, then train "
        "again.",
        "compared": "Each test row was compared with all rows that the model learned from.",
    },
    "leak": {
        "title": "Leave {columns:names} out",
        "do": "The table's checks found that {columns:it gives|they give} the answer away. When the model is "
        "used, that is not known yet. The score may fall, and will be honest.",
        "tried": "A quick stand-in without: {gain:gain}.",
        "dismiss": "Known in time? Ignore the finding among the checks on Data, then look again.",
    },
    "split": {
        "do": "With this split, the score says how well the model does on new rows.",
    },
    "labels": {
        "title": "Learn without labels that look wrong",
        "do": "The table's checks doubt the answer in {n_rows:count row}. They no longer train, and are "
        "scored as before. Where the right answers are known, correct them on Data instead.",
        "tried": "A quick stand-in that did not learn from them gained {gain:gain} on rows as they are.",
    },
    "faster": {
        "title": "Make {model} {is_time:faster|smaller}",
        "do": "Models that bring little are dropped, trees are cut, and folds become one model, to come "
        "inside the budget.",
        "unknown": "No model here comes closer to the budget: what it costs in score is known once it is "
        "tried.",
        "between": "{model}, which takes {share:share 0} of its {limited}, scores {loss:loss} worse: what is "
        "made should lie between both.",
        "larger budget": "Where this does not get there, give a larger budget{is_time:?more rows}.",
        "more rows": ", or ask for more rows a call",
    },
    "judge": {
        "title": "Judge by all rows",
        "do": "Each of the {n_rows:,} rows judges models trained without it, in {n_folds} outer folds. The "
        "model that you get learns from all of them.",
        "chance": "The {n_test:,} test rows alone cannot tell. By all rows the verdict would be settled with "
        "a chance of about {chance:share 0}.",
    },
    "judge rows": {
        "title": "Gather about {n_rows:,} more rows to judge by",
        "do": "They have to be like those that the model will meet: the newest cases whose answer is known "
        "by now. Add them to the table, or give them as a test table of their own.{n_blocks:?blocks}",
        "blocks": " They count if they come in new groups or periods, about {n_blocks:,} of them.",
        "chance": "That many, with the {n_rows:count test row} there are, would settle it in four of "
        "five cases.",
        "chance by all": "That many, with the {n_rows:count row} there are, would settle it in four of "
        "five cases.",
    },
    "bar": {
        "title": "Promise {worst:value} in place of {bar:value}",
        "do": "Set the bar to {is_floor:at least|at most} {bar:value}, if that is enough for what the model "
        "is for: this model keeps it.",
        "worst": "It is the worse end of the range that the score lies in with {certainty:.4g} % certainty.",
    },
}


def action_title(action: Action, *, unit: str = "") -> str:
    """Return the title of an action, which labels its button; ``unit`` is the target's."""
    if action.title is not None:
        return action_text(action.title, unit=unit)
    from litmus_core.data import fix_title

    return "" if action.fix is None else fix_title(action.fix)


def action_sentence(action: Action, *, unit: str = "") -> str:
    """Return what an action does; ``unit`` is the target's."""
    return _text(action.statements, unit)


def action_evidence(action: Action, *, unit: str = "") -> str:
    """Return the evidence that an action helps; ``unit`` is the target's."""
    return _text(action.evidence, unit)


def _text(statements: Iterable[Statement], unit: str) -> str:
    return " ".join(action_text(statement, unit=unit) for statement in statements)


def action_text(statement: Statement, *, unit: str = "") -> str:
    """Return a statement of an action or of an action list as a sentence; ``unit`` is the target's."""
    texts = TEXTS.get(statement.kind)
    if texts is None:  # what a check found
        from litmus_core.checks import statement_sentence

        return statement_sentence(statement)
    return fill_sentence(texts, statement.key, {"unit": unit, **dict(statement.facts)}, formats=_FORMATS)


def _measured(value: float, facts: Mapping[str, Any]) -> str:
    metric_unit = get_metric(facts["metric"]).unit
    return in_unit(format_score(value, unit=metric_unit, half_width=facts["half_width"]), facts["unit"])


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < _LONGEST_IN_SECONDS else f"{seconds / 60:.0f} min"


def _groups(groups: Iterable[list[str]]) -> str:
    texts = TEXTS["made columns"]
    return join_names(
        fill_sentence(texts, "together group" if len(group) > 1 else "single group", {"columns": group})
        for group in groups
    )
