"""Refuse circles of imports, and upper floors named in texts: ``python scripts/check_circles.py``.

Any import counts: of a module, inside a function, for types alone. import-linter holds the floors; what a
module starts or imports by a name in a text it cannot see.
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
    imports = {each: graph.find_modules_directly_imported_by(each) for each in graph.modules}
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []
    for start in sorted(imports):
        waiting = [] if start in number else [(start, iter(sorted(imports[start])))]
        while waiting:
            module, ahead = waiting[-1]
            if module not in number:
                number[module] = lowest[module] = len(number)
                path.append(module)
            following = next((each for each in ahead if each not in number or each in path), None)
            if following is None:
                waiting.pop()
                if waiting:
                    before = waiting[-1][0]
                    lowest[before] = min(lowest[before], lowest[module])
                if lowest[module] == number[module]:
                    part = path[path.index(module) :]
                    del path[path.index(module) :]
                    if len(part) > 1:
                        yield sorted(part)
            elif following not in number:
                waiting.append((following, iter(sorted(imports[following]))))
            else:
                lowest[module] = min(lowest[module], number[following])


def floors(pyproject: Path) -> list[set[str]]:
    """Return the packages of each floor, the lowest first."""
    contracts = tomllib.loads(pyproject.read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    (layers,) = (each["layers"] for each in contracts if each["id"] == "floors")
    return [set(each.replace(" ", "").split("|")) for each in reversed(layers)]


def named_above(root: Path, order: Sequence[set[str]]) -> Iterator[str]:
    """Yield a sentence for each text under ``root``/litmus_core that names a module of an upper floor."""
    height = {package: at for at, packages in enumerate(order) for package in packages}
    for path in sorted((root / "litmus_core").glob("*/**/*.py")):
        package = path.relative_to(root / "litmus_core").parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            named = _NAME.fullmatch(node.value)
            if named and height.get(named[1], -1) > height.get(package, len(order)):
                where = f"{path.relative_to(root).as_posix()}:{node.lineno}"
                yield f"{where}: '{node.value}' is above {package}. Take the name from who calls."


def is_excepted(circle: Sequence[str]) -> bool:
    """Return whether a circle lies within one package that may have some."""
    return any(all(f"{each}.".startswith(f"{package}.") for each in circle) for package in EXCEPTIONS)


def main() -> int:
    """Print circles and texts that name what is above; 1 where there are any."""
    said = list(named_above(ROOT, floors(ROOT / "pyproject.toml")))
    for circle in circles(grimp.build_graph("litmus_core", "app", cache_dir=None)):
        if not is_excepted(circle):
            said.append(f"These modules import each other in a circle: {', '.join(circle)}.")
    for sentence in said:
        print(sentence, file=sys.stderr)
    return int(bool(said))


if __name__ == "__main__":
    sys.exit(main())
