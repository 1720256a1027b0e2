"""The sentences that Litmus shows: those in its code, and those of its README and guides."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FEWEST_WORDS = 8
# Strings that nobody reads as a sentence: code, queries, patterns, styles.
_CODE = re.compile(
    r"^\s*(SELECT|WITH|CREATE|INSERT|UPDATE|DELETE|COPY|ALTER|CASE|RUN|import|from|def)\b"
    r"|[{};]\s*\n|\(\?|::|=>|</|\w\|\w+\|\w|[;:]\w[^;]*;\w",
    re.MULTILINE,
)
_NAMES = re.compile(  # of code, files and options within a sentence
    r"(?:\S*[_=@\\<>^]|\w+[.(]\S*[^\W\d]|--)\S*?(?=[.!?]?7?(?:\s|$))"
)
_NUMBER = re.compile(r"[-+\u2212]?\d[\d.,:/%]*\b")
_END = re.compile(r"(?<=[^.\s][.!?])[*_)”\"']*7?\s+(?=[^a-z\s])|\s*\n\s*\n\s*|\n\s*[-*#|]\s|\s*<br>\s*")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*|\d+")


def sentences_in_code(fewest: int = FEWEST_WORDS) -> Iterator[tuple[str, str]]:
    """Yield the place and text of each sentence in the code; what is filled in counts as one short word."""
    for place, text in texts_in_code():
        yield from ((place, each) for each in sentences(text, fewest))


@cache
def texts_in_code() -> tuple[tuple[str, str], ...]:
    """Return the place and text of each string that holds a sentence or a part of one."""
    texts = []
    for folder in ("app", "litmus_core", "pages"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found = _texts(tree, in_cli="/cli/" in name)
            texts += [(f"{name}:{line}", text) for line, text in found if not _CODE.search(text)]
    return tuple(texts)


def sentences_in_documents() -> Iterator[tuple[str, str]]:
    """Yield the place and text of each sentence in README and the guides."""
    for path in (ROOT / "README.md", *sorted((ROOT / "docs" / "guides").glob("*.md"))):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"^```.*?^```|^<.*?>$|^\|[-|: ]+\|$", "\n", text, flags=re.DOTALL | re.MULTILINE)
        text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"`[^`]*`", "7", text))
        text = re.sub(r"7(?:, (?:and |or )?7)+", "7", text)  # a list of code is read as one name
        text = re.sub(r"\s\|\s|\|$|^\||^ *(?:[-*>]|\d+\.|#+) ", "\n\n", text, flags=re.MULTILINE)
        yield from ((path.relative_to(ROOT).as_posix(), each) for each in sentences(text))


def sentences(text: str, fewest: int = FEWEST_WORDS) -> Iterator[str]:
    """Yield the sentences of ``text`` that have ``fewest`` words, code and numbers in them as one word."""
    for sentence in _END.split(re.sub(r"{[^{}]*}", "7", text)):
        plain = " ".join(_NUMBER.sub("7", _NAMES.sub("7", sentence)).split())
        if n_words(plain) >= fewest:
            yield plain


def n_words(sentence: str) -> int:
    """Return the words of ``sentence``; what hyphens or apostrophes join is one."""
    return len(_WORD.findall(sentence))


def _texts(tree: ast.Module, *, in_cli: bool) -> Iterator[tuple[int, str]]:
    """Yield the line and text of each string but docstrings; those of commands are their help."""
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(each) for each in node.values}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and in_cli and node.decorator_list:
            yield node.lineno, ast.get_docstring(node) or ""
        elif isinstance(node, ast.JoinedStr):
            yield (
                node.lineno,
                "".join(
                    str(getattr(each, "value", 7)) if isinstance(each, ast.Constant) else "7"
                    for each in node.values
                ),
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.lineno, node.value
