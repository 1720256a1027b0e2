"""The words of many targets: notes, errors and verdicts."""

from __future__ import annotations

from litmus_core.text import fill_sentence

TEXTS = {
    # errors, each with its hint
    "one": "{n:count target} {n:is|are} too few to be trained together.",
    "one hint": "Name two or more, or train one with litmus train.",
    "twice": "'{column}' is named more than once.",
    "twice hint": "Name each target once.",
    "constant": "'{column}' has the same value in every row, so there is nothing to predict.",
    "without hint": "Leave it out{rest:?rest}.",
    "rest": ": the others are {rest:names}",
    "classes": "'{column}' has {n:count class/classes}; a target among many is yes or no, or a number.",
    "classes hint": "Train '{column}' by itself, or turn the classes that you need into yes/no columns.",
    "mixed": "{labels:names} {labels:is|are} yes or no, {numbers:names} {numbers:holds|hold} numbers.",
    "mixed hint": "Train targets of one kind together: one task for {labels:names}, "
    "another for {numbers:names}.",
    "rare": "'{column}' is '{label}' in {n:count row}; {fewest} are needed to learn and to judge it.",
    "separators": "The tags of '{column}' are separated in several ways: {counts}.",
    "separators hint": "Name the one that separates: separator='{nearest}'.",
    "no separator": "No value of '{column}' holds more than one tag.",
    "no separator hint": "Name the separator, or train '{column}' as one target with several classes.",
    "tags": "'{column}' has {n:count tag} that {fewest} rows or more have and {fewest} or more lack; "
    "two are needed.",
    "tags hint": "The most frequent of {rows:count row} are {common:list}. {lower:?lower|more}",
    "lower": "Lower the limit (fewest), or add rows.",
    "more": "Add rows, or train one tag as a target by itself.",
    "test rows": "Only {n:count row} {n:has|have} a value of every target; {fewest} are needed to judge "
    "them together.",
    "test rows hint": "Leave out {column}, which is missing most often.",
    "goal": "{goal!r} is not a goal for {kind}.",
    "goal hint": "Known metrics: {names:list}. Write a bar as '{example}'.",
    "time": "{n:count target} would have {seconds:.0f} s each to train.",
    "time hint": "Give {wanted:.0f} s or more{tags:?fewer}.",
    "fewer": ", or leave out rarer tags (fewest)",
    # notes before training
    "note tags": "{n:count tag} of '{column}', {separator:?separated|listed}. "
    "{empty:count row} {empty:has|have} no tag.",
    "separated": "separated by '{separator}'",
    "listed": "given as lists",
    "note rare": "{n:count tag} {n:occurs|occur} in fewer than {fewest} rows and {n:is|are} left out: "
    "{tags:names}.",
    "note common": "{n:count tag} {n:is|are} missing in fewer than {fewest} rows and {n:is|are} left out: "
    "{tags:names}.",
    "note spellings": "{n:count spelling} of tags {n:differs|differ} only in case and {n:counts|count} as "
    "the commonest one: {tags:names}.",
    "note missing": "{n:count row} {n:lacks|lack} a target. {n:It trains|They train} the others, and "
    "{n:judges|judge} nothing.",
    # the report
    "subject": "{n:count target}: {names:names}",
    "guessing": "Guessing",
    "score": "{title} {value:score} (likely {low:score} to {high:score}) on {n:count row} that no model "
    "had seen.",
    "baseline": "Guessing scores {value:score} there.",
    "few": "A verdict needs {wanted} rows.",
    "looks": "This is evaluation {n} of these test rows, so the bar for proof is higher.",
    "label line": "{name}: F1 {value:score}, yes from {threshold:.2f} on; {n:count row} of the test set "
    "{n:is|are} yes. {model}",
    "number line": "{name}: R² {value:score}. {model}",
    # metrics
    "micro_f1": "Micro F1",
    "macro_f1": "Macro F1",
    "subset_accuracy": "Subset accuracy",
    "hamming_loss": "Hamming loss",
    "mean_r2": "Mean R²",
    "mean_nrmse": "Mean normalised RMSE",
    "labels": "yes/no targets",
    "numbers": "targets that are numbers",
    "models": "{n:count model}, one for each target",
}


def say(key: str, **facts: object) -> str:
    """Return the text ``key`` with ``facts`` in its gaps.

    >>> say("twice", column="a")
    "'a' is named more than once."
    """
    return fill_sentence(TEXTS, key, facts)
