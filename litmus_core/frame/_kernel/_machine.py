"""The kernel itself: one pass over rows that runs all instructions on one row before the next.

Written in the language of :mod:`_language`: the compiled version runs on buffers, and Python runs the same
source. A row's texts are stored one after the other in ``scratch``; a register holds where a text starts, its
size in bytes (MISSING if there is none), and how plain it is. Rows that the tables cannot answer are marked
in ``gone`` and left to Python.
"""

from __future__ import annotations

from collections.abc import Sequence

from litmus_core.frame._kernel._bytes_ops import (
    MISSING,
    all_ascii,
    between,
    collapsed,
    copied,
    has_far_blanks,
    joined,
    letters,
    letters_on,
    marked,
    occurrences,
    rewritten,
    rewritten_wide,
)
from litmus_core.frame._kernel._language import Bytes, Codes, Floats, Wholes
from litmus_core.frame._kernel._word_ops import (
    cut_out,
    looked_up,
    without,
    without_noted,
    without_simple,
    words,
    words_simple,
)

# A program is WIDTH numbers an instruction: opcode, target register, source registers, and arguments.
WIDTH = 8
SOURCE = 0  # copies the row's text; needs the source's index among bytes, offsets among wholes, presence
REWRITE = 1  # letter by letter; needs a table, and whether whitespace is collapsed
WITHOUT = (
    2  # removes words between whitespace; needs their index among wholes, and whether a REWRITE came before
)
CUT_OUT = 3  # cuts whole words out and nothing else; needs the words' index among wholes
SLICE = 4  # needs the first letter and the one after the last
JOIN = 5  # joins two; needs the separator: first byte and size among constants, and how plain it is
FILL = 6  # fills missing ones; needs the value's first byte and size, and how plain it is
GIVE = 7  # outputs a text; needs the output's index among buffers, its ends' among wholes, presence
LENGTH = 8  # measures need their output's index among floats
WORDS = 9
MARKED = 10  # counts letters of a kind; needs the kind's bit, and the range of such bytes in ASCII
SYMBOL = 11  # needs first byte and size among constants
LOOK_UP = 12  # a table's entry for a text; needs the output's index among wholes, and the table's

# The first buffers.
SCRATCH = 0
CONSTANTS = 1
CLASSES = 2
GONE = 3
AT = 0
SIZE = 1
PLAIN = 2
ENDS = 3  # number of words in the last rewritten text, then where each ends; 0 if that is not noted
ASCII = 2  # bits of a register's PLAIN: all of it is ASCII, or at least all its whitespace is
SIMPLE = 1


def run(
    program: Wholes,
    n_instructions: int,
    n_rows: int,
    buffers: Sequence[Bytes],
    wholes: Sequence[Wholes],
    tables: Sequence[Codes],
    floats: Sequence[Floats],
) -> int:
    for row in range(n_rows):
        top = 0
        for instruction in range(n_instructions):
            here = instruction * WIDTH
            kind = program[here]
            if kind == SOURCE:
                top = source(program, here, row, top, buffers, wholes)
            elif kind < GIVE:
                top = made(program, here, row, top, buffers, wholes, tables)
            elif kind == GIVE:
                give(program, here, row, buffers, wholes)
            elif kind == LOOK_UP:
                wholes[program[here + 4]][row] = looked(program, here, buffers, wholes)
            elif wholes[SIZE][program[here + 2]] != MISSING:
                floats[program[here + 4]][row] = measured(program, here, buffers, wholes)
    return 0


def source(
    program: Wholes, here: int, row: int, top: int, buffers: Sequence[Bytes], wholes: Sequence[Wholes]
) -> int:
    if not buffers[program[here + 6]][row >> 3] >> (row & 7) & 1:
        return keep(wholes, program[here + 1], top, MISSING, 0, top)
    data = buffers[program[here + 4]]
    offsets = wholes[program[here + 5]]
    scratch = buffers[SCRATCH]
    start = offsets[row]
    size = offsets[row + 1] - start
    plain = ASCII | SIMPLE
    if not all_ascii(data, start, size, scratch, top):
        plain = 0 if has_far_blanks(scratch, top, size) else SIMPLE
    return keep(wholes, program[here + 1], top, size, plain, top)


def keep(wholes: Sequence[Wholes], register: int, at: int, size: int, plain: int, top: int) -> int:
    """Set a register; return where the next text can start."""
    wholes[AT][register] = at
    wholes[SIZE][register] = size
    wholes[PLAIN][register] = plain
    return at + size if at + size > top else top


def made(
    program: Wholes,
    here: int,
    row: int,
    top: int,
    buffers: Sequence[Bytes],
    wholes: Sequence[Wholes],
    tables: Sequence[Codes],
) -> int:
    kind = program[here]
    left = program[here + 2]
    at = wholes[AT][left]
    size = wholes[SIZE][left]
    plain = wholes[PLAIN][left]
    scratch = buffers[SCRATCH]
    need = program[here + 4]
    more = program[here + 5]
    if kind == FILL and size == MISSING:
        at = top
        size = copied(buffers[CONSTANTS], need, more, scratch, top) - top
        plain = program[here + 6]
    elif kind == SLICE and size != MISSING:
        first = letters_on(scratch, at, at + size, need, plain & ASCII)
        size = letters_on(scratch, first, at + size, more - need, plain & ASCII) - first
        at = first
    elif kind == JOIN and size != MISSING:
        other = program[here + 3]
        constants = buffers[CONSTANTS]
        plain = plain & wholes[PLAIN][other] & program[here + 6]
        size = joined(scratch, at, size, top, wholes[AT][other], wholes[SIZE][other], constants, need, more)
        at = top
    elif kind < SLICE and size != MISSING:
        size = changed(program, here, at, size, plain, top, buffers, wholes, tables)
        at = top
        if size == MISSING:
            buffers[GONE][row] = 1
    return keep(wholes, program[here + 1], at, size, plain, top)


def changed(
    program: Wholes,
    here: int,
    at: int,
    size: int,
    plain: int,
    top: int,
    buffers: Sequence[Bytes],
    wholes: Sequence[Wholes],
    tables: Sequence[Codes],
) -> int:
    """Rewrite a text and return its size; MISSING if a letter is not in the table."""
    kind = program[here]
    need = program[here + 4]
    scratch = buffers[SCRATCH]
    ends = wholes[ENDS]
    if kind == REWRITE:
        collapses = program[here + 5]
        if not plain & ASCII:
            size = rewritten_wide(scratch, at, size, top, tables[need], collapses, ends)
            ends[0] = ends[0] if plain & SIMPLE else 0
            return size
        if collapses:
            return collapsed(scratch, at, size, top, tables[need], ends)
        return rewritten(scratch, at, size, top, tables[need], ends)
    classes = buffers[CLASSES]
    constants = buffers[CONSTANTS]
    if kind == CUT_OUT:
        return cut_out(scratch, at, size, top, classes, constants, wholes[need])
    if program[here + 5] and ends[0] > 0:
        return without_noted(scratch, at, top, ends, constants, wholes[need])
    if plain & SIMPLE:
        return without_simple(scratch, at, size, top, constants, wholes[need])
    return without(scratch, at, size, top, classes, constants, wholes[need])


def give(program: Wholes, here: int, row: int, buffers: Sequence[Bytes], wholes: Sequence[Wholes]) -> int:
    register = program[here + 2]
    ends = wholes[program[here + 5]]
    size = wholes[SIZE][register]
    end = ends[row]
    buffers[program[here + 6]][row] = size != MISSING
    if size != MISSING:
        end = copied(buffers[SCRATCH], wholes[AT][register], size, buffers[program[here + 4]], end)
    ends[row + 1] = end
    return 0


def looked(program: Wholes, here: int, buffers: Sequence[Bytes], wholes: Sequence[Wholes]) -> int:
    register = program[here + 2]
    size = wholes[SIZE][register]
    table = wholes[program[here + 5]]
    return looked_up(buffers[SCRATCH], wholes[AT][register], size, buffers[CONSTANTS], table)


def measured(program: Wholes, here: int, buffers: Sequence[Bytes], wholes: Sequence[Wholes]) -> int:
    kind = program[here]
    register = program[here + 2]
    at = wholes[AT][register]
    size = wholes[SIZE][register]
    plain = wholes[PLAIN][register]
    scratch = buffers[SCRATCH]
    need = program[here + 5]
    if kind == LENGTH:
        return size if plain & ASCII else letters(scratch, at, size)
    if kind == WORDS and plain & SIMPLE:
        return words_simple(scratch, at, size)
    if kind == WORDS:
        return words(scratch, at, size, buffers[CLASSES])
    if kind == SYMBOL:
        return occurrences(scratch, at, size, buffers[CONSTANTS], need, program[here + 6])
    if plain & ASCII:
        return between(scratch, at, size, program[here + 6], program[here + 7])
    return marked(scratch, at, size, buffers[CLASSES], need)
