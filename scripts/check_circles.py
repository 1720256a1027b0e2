"""Refuse circular imports, and strings that name a higher floor's module.

    python scripts/check_circles.py

Every import counts: of a module, inside a function, for types alone. import-linter checks the floors, but
cannot see a module that is imported or started by a name in a string.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
# Packages that may still have circles inside, and why.
EXCEPTIONS: dict[str, str] = {}
_NAME = re.compile(r"litmus_core\.([a-z_]+)(?:\.\w+)*(?::\w+)?")


def circles(graph: grimp.ImportGraph) -> Iterator[list[str]]:
    """Yield the modules of each circle in order: the strongly connected parts (Tarjan), without recursion."""
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    number: dict[str, int] = {}
    low_link: dict[str, int] = {}
    stack: list[str] = []
    for start in sorted(imports):
        pending = [] if start in number else [(start, iter(sorted(imports[start])))]
        while pending:
            module, imported = pending[-1]
            if module not in number:
                number[module] = low_link[module] = len(number)
                stack.append(module)
            following = next((name for name in imported if name not in number or name in stack), None)
            if following is None:
                pending.pop()
                if pending:
                    importer = pending[-1][0]
                    low_link[importer] = min(low_link[importer], low_link[module])
                if low_link[module] == number[module]:
                    circle = stack[stack.index(module) :]
                    del stack[stack.index(module) :]
                    if len(circle) > 1:
                        yield sorted(circle)
            elif following not in number:
                pending.append((following, iter(sorted(imports[following]))))
            else:
                low_link[module] = min(low_link[module], number[following])


def floors(pyproject: Path) -> list[set[str]]:
    """Return the packages of each floor, the lowest first."""
    contracts = tomllib.loads(pyproject.read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    (layers,) = (entry["layers"] for entry in contracts if entry["id"] == "floors")
    return [set(entry.replace(" ", "").split("|")) for entry in reversed(layers)]


def upward_names(root: Path, order: Sequence[set[str]]) -> Iterator[str]:
    """Yield a sentence for each string under ``root``/litmus_core that names a module of an upper floor."""
    height = {package: at for at, packages in enumerate(order) for package in packages}
    for path in sorted((root / "litmus_core").glob("*/**/*.py")):
        package = path.relative_to(root / "litmus_core").parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            named = _NAME.fullmatch(node.value)
            if named and height.get(named[1], -1) > height.get(package, len(order)):
                where = f"{path.relative_to(root).as_posix()}:{node.lineno}"
                yield f"{where}: '{node.value}' is above {package}. Let the caller pass the name."


def is_excepted(circle: Sequence[str]) -> bool:
    """Return whether a circle lies within one package that may have some."""
    return any(all(f"{each}.".startswith(f"{package}.") for each in circle) for package in EXCEPTIONS)


def main() -> int:
    """Print circles, and names of upper modules; return 1 if there are any."""
    sentences = list(upward_names(ROOT, floors(ROOT / "pyproject.toml")))
    for circle in circles(grimp.build_graph("litmus_core", "app", cache_dir=None)):
        if not is_excepted(circle):
            sentences.append(f"These modules import each other in a circle: {', '.join(circle)}.")
    for sentence in sentences:
        print(sentence, file=sys.stderr)
    return int(bool(sentences))


if __name__ == "__main__":
    sys.exit(main())
