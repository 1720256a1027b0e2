"""Refuse names of the glossary's left column, and two classes of one name: ``python scripts/check_names.py``.

Checked are modules, public classes and functions of modules, and fields, parameters and local names that
consist of such a word alone.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GLOSSARY = ROOT / "docs" / "glossary.md"
# Modules in which the word has the field's meaning.
EXCEPTIONS = {
    "app/components/_column_cards.py": "cards that a page draws",
    "app/components/_relation_cards.py": "cards that a page draws",
    "litmus_core/deploy/_bundles/model_card.py": "a model card",
    "litmus_core/report/_card.py": "a model card",
    "litmus_core/engine/_folds/out_of_fold.py": "folds of cross-validation",
    "litmus_core/experiments/_handoffs/answers.py": "a scientist's answer to a hand-off",
}


# Classes and functions in which the word has the field's meaning.
NAMES_THAT_STAY = {
    "app": {
        **dict.fromkeys(
            ["column_cards", "cards_html", "relation_cards", "present_cards",
             "CardPlot", "ColumnCard", "RelationCard"],
            "cards that a page draws",
        ),

    },
    "litmus_core": {
        "CardSection": "a section of a model card",
        "model_card": "a model card",
        "is_card": "the number of a payment card",
        "HandoffAnswers": "a scientist's answers",
        "ActionTaken": "an action that somebody took",
        "ResetsAfterFork": "a process forks",
        "query_each": "one query, of each column",
        "looks_like_id": "how a column looks",
        **dict.fromkeys(
            ["words", "words_simple", "words_in", "words_for", "words_for_missing", "without_words",
             "drop_words", "cut_words", "n_known", "is_known", "looked_up", "made", "looked"],
            "words of a text, and how the kernel finds them",
        ),
        "known_categories": "categories that the fit saw",
    },
}  # fmt: skip
# Further words that are no name by themselves, since they hide a noun.
EVERYDAY = dict.fromkeys(
    ["found", "held", "seen", "given", "meant", "whole", "what"], "the noun that it holds"
)
# Words that the glossary replaces in names of modules only.
OF_THE_FIELD = {"words", "fold", "card", "cards", "room", "take", "look"}
_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")


def replaced_words(glossary: str) -> dict[str, str]:
    """Return each word that no module may be named by, and its replacement.

    >>> replaced_words("| not | but |\\n|---|---|\\n| said, told | message |")
    {'said': 'message', 'told': 'message'}
    """
    table = glossary.partition("| not | but |\n|---|---|\n")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", table, re.MULTILINE)
    return {word: better for words, better in rows for word in words.split(", ")}


def misnamed(root: Path, replaced: dict[str, str]) -> Iterator[str]:
    """Yield a sentence for each module under ``root`` whose name has a replaced word."""
    for path in sorted([*(root / "litmus_core").rglob("*.py"), *(root / "app").rglob("*.py")]):
        name = path.relative_to(root).as_posix()
        for word in path.stem.strip("_").split("_"):
            if word in replaced and name not in EXCEPTIONS:
                yield f"{name}: '{word}' is no name for a module. Better: {replaced[word]}."


def public_names(root: Path) -> Iterator[tuple[str, str, bool]]:
    """Yield the module, name and whether it is a class, of each public class and function under ``root``."""
    for package in NAMES_THAT_STAY:
        for path in sorted((root / package).rglob("*.py")):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
                    yield path.relative_to(root).as_posix(), node.name, isinstance(node, ast.ClassDef)


def ill_named(root: Path, replaced: dict[str, str]) -> Iterator[str]:
    """Yield a sentence for each public name with a replaced word, and for each repeated class name."""
    places: dict[str, list[str]] = defaultdict(list)
    for path, name, is_class in public_names(root):
        if is_class:
            places[name].append(path)
        if name not in NAMES_THAT_STAY[path.partition("/")[0]]:
            for word in {part.lower() for part in _WORDS.findall(name)} & replaced.keys() - {"fold"}:
                yield f"{path}: '{word}' is no word for '{name}'. Better: {replaced[word]}."
    for name, paths in places.items():
        if len(paths) > 1:
            yield f"Two classes are called '{name}': {' and '.join(paths)}. A class has a name of its own."


def needless(root: Path) -> Iterator[str]:
    """Yield a sentence for each exception whose module or name does not exist."""
    existing = {(path.partition("/")[0], name) for path, name, _ in public_names(root)}
    exceptions = {(package, name) for package, names in NAMES_THAT_STAY.items() for name in names}
    for name in [name for _, name in sorted(exceptions - existing)] + [
        name for name in EXCEPTIONS if not (root / name).exists()
    ]:
        yield f"'{name}' is not there. Delete it from the exceptions in scripts/check_names.py."


def value_names(tree: ast.Module) -> Iterator[str]:
    """Yield the fields, parameters and local names of a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name


def ill_named_values(root: Path, better: dict[str, str]) -> Iterator[str]:
    """Yield a sentence for each field, parameter and local name that has a ``better`` one."""
    for package in ("litmus_core", "app", "pages"):
        for path in sorted((root / package).rglob("*.py")):
            names = {name.strip("_") for name in value_names(ast.parse(path.read_text(encoding="utf-8")))}
            for name in sorted(names & better.keys()):
                place = path.relative_to(root).as_posix()
                yield f"{place}: '{name}' names no field, parameter or value. Better: {better[name]}."


def main() -> int:
    """Print the bad names; return 1 if there are any."""
    replaced = replaced_words(GLOSSARY.read_text(encoding="utf-8"))
    better = {word: noun for word, noun in (replaced | EVERYDAY).items() if word not in OF_THE_FIELD}
    sentences = [
        *misnamed(ROOT, replaced),
        *ill_named(ROOT, replaced),
        *ill_named_values(ROOT, better),
        *needless(ROOT),
    ]
    for sentence in sentences:
        print(sentence, file=sys.stderr)
    return int(bool(sentences))


if __name__ == "__main__":
    sys.exit(main())
