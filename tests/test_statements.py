"""What is stated has words, and all the facts that they need."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter

import pytest

from litmus_core.advice._actions.texts import TEXTS as OF_ACTIONS
from litmus_core.advice._actions.texts import action_sentence, action_title
from litmus_core.checks._texts import TEXTS as OF_CHECKS
from litmus_core.types import Action, ActionCost, Gain, Statement

CORE = Path(__file__).parents[1] / "litmus_core"


def gaps(texts: Mapping[str, str], key: str) -> set[str]:
    """Return the facts that a text needs, with those of the texts in it."""
    needed: set[str] = set()
    for _, name, form, _ in Formatter().parse(texts[key]):
        if name is not None and name.startswith("@"):
            needed |= gaps(texts, name[1:])
        elif name is not None:
            needed.add(name)
            needed |= {form.partition(" of ")[2]} if form.startswith(("names of", "list of")) else set()
            parts = form[1:].split("|") if form.startswith("?") else []
            needed.update(*(gaps(texts, part) for part in parts))
    return needed


def stated(folder: Path) -> Iterator[tuple[str, str, str, set[str | None]]]:
    """Yield where something is stated, its kind, its key and the names of its facts."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Statement.of":
                names = [each.value for each in node.args if isinstance(each, ast.Constant)]
                if len(names) == 2:
                    kind, key = map(str, names)
                    yield f"{path.name}:{node.lineno}", kind, key, {each.arg for each in node.keywords}


@pytest.mark.parametrize(
    ("folder", "texts"),
    [("advice", OF_ACTIONS), ("experiments/_actions", OF_ACTIONS), ("checks", OF_CHECKS)],
)
def test_each_statement_has_a_text_and_the_facts_for_it(
    folder: str, texts: dict[str, dict[str, str]]
) -> None:
    found = list(stated(CORE / folder))
    wrong = [
        f"{place}: {kind}, {key}"
        for place, kind, key, facts in found
        if key not in texts.get(kind, {}) or (None not in facts and gaps(texts[kind], key) - facts)
    ]
    assert found
    assert wrong == []


def test_a_stored_action_speaks_the_words_of_today(monkeypatch: pytest.MonkeyPatch) -> None:
    gain = Gain(value=0.0, low=0.0, high=0.0, measured=0.0)
    action = Action(
        key="rows", kind="rows", title=Statement.of("rows", "title"), gain=gain, cost=ActionCost(minutes=1.0),
        statements=(Statement.of("rows", "do", n_rows=2_000), Statement.plain("Now {n_rows}.")),
    )  # fmt: skip
    assert action_sentence(action).startswith("Add 2,000 rows like those")
    assert action_title(action) == "Collect more rows"
    monkeypatch.setitem(OF_ACTIONS, "rows", {"do": "{n_rows:,} more.", "title": "Rows, please"})
    assert action_title(action) == "Rows, please"
    assert action_sentence(action) == "2,000 more. Now {n_rows}."
