"""A recipe's conditions in plain language."""

from __future__ import annotations

import re

__all__ = ["plain_condition"]

_FLAGS = {
    "bar met": ("the bar is met", "the bar is not met"),
    "undecided": ("it is undecided", "it is not undecided"),
    "too slow": ("it answers too slowly", "it answers fast enough"),
    "too big": ("it is too big", "it is small enough"),
    "held back": ("a better model is outside the budget", "no better model is outside the budget"),
}
_NAMES = {
    "worst_recall": "the lowest recall of any class",
    "latency_budget": "the answering time allowed (ms)",
    "latency": "the answering time (ms)",
    "size_budget": "the size allowed (MB)",
    "size": "the size (MB)",
    "smallest_class": "the rarest answer's share",
    "text_columns": "the number of text columns",
    "score": "the score",
    "gap": "the distance to the bar",
    "rows": "the number of rows",
    "columns": "the number of columns",
    "classes": "the number of different answers",
    "runs": "the number of runs",
    "minutes": "the minutes spent",
    "bar": "the bar",
}
_OF_CLASSES = {"recall": "the share of {} that is found", "precision": "how often {} is right"}
_SIGNS = {">=": "at least", "<=": "at most", ">": "above", "<": "below", "==": "exactly", "!=": "other than"}
_WORD = re.compile(
    rf"not (?P<no>{'|'.join(_FLAGS)})|"
    rf"(?P<flag>{'|'.join(_FLAGS)})(?: is (?P<how>true|false))?|"
    r"(?P<of>recall|precision)\(\"(?P<label>[^\"]*)\"\)|"
    rf"(?P<name>\b(?:{'|'.join(_NAMES)})\b)|"
    r"(?P<sign>[<>=!]=|[<>])"
)


def plain_condition(text: str) -> str:
    """Return a condition, or its evaluation, in plain language.

    >>> plain_condition("not bar met and rows < 2000")
    'the bar is not met and the number of rows below 2000'
    >>> plain_condition("bar met is false, rows is 344")
    'the bar is not met, the number of rows is 344'
    >>> plain_condition('recall("Freezers") < 0.9')
    'the share of Freezers that is found below 0.9'
    """
    return _WORD.sub(_plain_name, text)


def _plain_name(match: re.Match[str]) -> str:
    if flag := match["no"]:
        return _FLAGS[flag][1]
    if flag := match["flag"]:
        return _FLAGS[flag][1 if match["how"] == "false" else 0]
    if kind := match["of"]:
        return _OF_CLASSES[kind].format(match["label"])
    return _NAMES[match["name"]] if match["name"] else _SIGNS[match["sign"]]
