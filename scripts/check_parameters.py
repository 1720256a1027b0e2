"""Refuse functions of more than ten parameters: ``python scripts/check_parameters.py``.

What belongs together travels as one record, such as :class:`litmus_core.Goal`. ``self`` and ``cls`` do not
count. Commands of the command line take records too: ``litmus_core.cli._records`` unfolds them into options.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MOST = 10


def long_functions(source: str) -> Iterator[tuple[int, str, int]]:
    """Yield the line, the name and the number of parameters of each function that has more than ten."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        arguments = node.args
        names = [
            argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        ]
        n_parameters = sum(name not in ("self", "cls") for name in names)
        if n_parameters > MOST:
            yield node.lineno, node.name, n_parameters


def main() -> int:
    """Print every function of the product that takes too many; return 1 if there are any."""
    sentences = [
        f"{file.relative_to(ROOT)}:{line}: {name} takes {n} parameters, not {MOST}. Group them in a record."
        for package in ("litmus_core", "app", "pages")
        for file in sorted((ROOT / package).rglob("*.py"))
        for line, name, n in long_functions(file.read_text(encoding="utf-8"))
    ]
    print("\n".join(sentences) or f"No function takes more than {MOST} parameters.", file=sys.stderr)
    return 1 if sentences else 0


if __name__ == "__main__":
    sys.exit(main())
