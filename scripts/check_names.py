"""Refuse modules that are named by a word which the glossary replaces: ``python scripts/check_names.py``."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GLOSSARY = ROOT / "docs" / "glossary.md"
# Modules whose word means, where it stands, what the field means by it.
EXCEPTIONS = {
    "app/components/_column_cards.py": "cards that a page draws",
    "app/components/_relation_cards.py": "cards that a page draws",
    "litmus_core/deploy/_bundles/model_card.py": "a model card",
    "litmus_core/report/_card.py": "a model card",
    "litmus_core/engine/_folds/out_of_fold.py": "folds of cross-validation",
    "litmus_core/experiments/_handoffs/answers.py": "a scientist's answer to a hand-off",
}


def replaced_words(glossary: str) -> dict[str, str]:
    """Return each word that no module is named by, and what to say instead.

    >>> replaced_words("| not | but |\\n|---|---|\\n| said, told | message |")
    {'said': 'message', 'told': 'message'}
    """
    table = glossary.partition("| not | but |\n|---|---|\n")[2]
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", table, re.MULTILINE)
    return {word: better for words, better in rows for word in words.split(", ")}


def misnamed(root: Path, replaced: dict[str, str]) -> Iterator[str]:
    """Yield a sentence for each module under ``root`` that is named by a replaced word."""
    for path in sorted([*(root / "litmus_core").rglob("*.py"), *(root / "app").rglob("*.py")]):
        name = path.relative_to(root).as_posix()
        for word in path.stem.strip("_").split("_"):
            if word in replaced and name not in EXCEPTIONS:
                yield f"{name}: '{word}' is no name for a module. Better: {replaced[word]}."


def main() -> int:
    """Print what is misnamed; 1 where anything is."""
    found = list(misnamed(ROOT, replaced_words(GLOSSARY.read_text(encoding="utf-8"))))
    for sentence in found:
        print(sentence, file=sys.stderr)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
