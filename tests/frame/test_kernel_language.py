"""The kernel's language: compiled, a function does what Python does with the same lines."""

from __future__ import annotations

import ctypes
from typing import Any

import pytest

from litmus_core.frame._kernel._compiler import machine_code
from litmus_core.frame._kernel._language import translated

WALK = '''
LIMIT = 40
DOWN = -3


def run(start: int, buffer: Bytes, wholes: Sequence[Wholes], floats: Floats) -> int:
    """A bit of everything."""
    total = start
    for place in range(8):
        if place == 2:
            continue
        if place > 6 and total > LIMIT or buffer[place] == 9:
            break
        total += buffer[place] << 1 if not place & 1 else DOWN
        buffer[place] = total
        wholes[1][place] = -total
    while total < LIMIT and start != 7:
        total += other(total, wholes[0])
    floats[0] = total
    return total if total >= 0 else wholes[0][0] ^ total


def other(n: int, wholes: Wholes) -> int:
    for place in range(2, 4):
        if wholes[place] <= n:
            return (wholes[place] | 1) * 2 - -1
    return 5 + (n >> 3)
'''


def by_python(source: str, start: int, memory: list[Any]) -> int:
    names: dict[str, Any] = {}
    exec("from __future__ import annotations\n" + source, names)
    buffer, wholes, floats = memory
    answer: int = names["run"](start, memoryview(buffer).cast("B"), wholes, floats)
    return answer


def by_machine(source: str, start: int, memory: list[Any]) -> int:
    form = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64, *[ctypes.c_void_p] * 3)
    buffer, wholes, floats = memory
    addresses = (ctypes.c_void_p * 2)(*(ctypes.addressof(each) for each in wholes))
    run = machine_code(source, entry="run", form=form)
    return run(start, *(ctypes.addressof(each) for each in (buffer, addresses, floats)))


def memory() -> list[Any]:
    wholes = [(ctypes.c_int64 * 8)(-(2**40), 2, 30, 4), (ctypes.c_int64 * 8)()]
    return [(ctypes.c_ubyte * 8)(1, 2, 3, 4, 5, 9, 7, 8), wholes, (ctypes.c_double * 1)()]


def seen(memory: list[Any]) -> list[Any]:
    buffer, wholes, floats = memory
    return [list(buffer), *map(list, wholes), list(floats)]


@pytest.mark.parametrize("start", [-30, -1, 0, 3, 7, 35])
def test_a_function_does_compiled_what_it_does_in_python(start: int) -> None:
    kept = WALK.replace("buffer[place] = total", "buffer[place] = total & 255")
    python, machine = memory(), memory()

    assert by_machine(kept, start, machine) == by_python(kept, start, python)
    assert seen(machine) == seen(python)


def test_what_is_stored_is_cut_to_the_buffers_width() -> None:
    stored = (
        "def run(start: int, buffer: Bytes, wholes: Wholes, floats: Floats) -> int:\n    buffer[0] = start"
    )
    machine = memory()
    by_machine(stored, 257, machine)

    assert machine[0][0] == 1


def test_what_a_condition_does_not_need_is_not_looked_at() -> None:
    guarded = (
        "def run(start: int, buffer: Bytes, wholes: Sequence[Wholes], floats: Floats) -> int:\n"
        "    if start and buffer[start << 40]:\n"
        "        return 1\n"
        "    return buffer[start << 40] if start else 2"
    )

    assert by_machine(guarded, 0, memory()) == 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("return start / 2", "start / 2"),
        ("return [start]", "[start]"),
        ("return 0 < start < 2", "0 < start < 2"),
        ("return open(start)", "function 'open'"),
        ("return missing", "name 'missing'"),
        ("return buffer", "number buffer"),
        ("start = buffer", "'start' of two kinds"),
        ("for each in buffer: start = each", "'for' over buffer"),
        ("with start: pass", "With"),
    ],
)
def test_what_the_language_does_not_have_is_refused_by_its_words(line: str, said: str) -> None:
    with pytest.raises(SyntaxError) as refused:
        translated(f"def run(start: int, buffer: Bytes) -> int:\n    {line}", entry="run")

    assert said in str(refused.value)
    assert "'run'" in str(refused.value)
