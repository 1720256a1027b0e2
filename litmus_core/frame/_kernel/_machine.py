"""The kernel itself: one pass over rows, each instruction on a row's texts before the next row is looked at.

Written in the language of :mod:`_language`: compiled it runs on buffers, read by Python it is the same. A
row's texts lie one after the other in ``scratch``; a register is where one begins, how many bytes it has
(MISSING where there is none), and whether all of them are ASCII. A row that the tables cannot answer is
marked in ``gone`` and left to Python.
"""

from __future__ import annotations

from collections.abc import Sequence

from litmus_core.frame._kernel._language import Bytes, Codes, Floats, Wholes

# A program is WIDTH numbers an instruction: what to do, the register made, those read, and what it needs.
WIDTH = 8
SOURCE = 0  # copies the row's text; needs the source's place among bytes, offsets among wholes, missing
REWRITE = 1  # letter by letter; needs a table, and whether blanks are collapsed
WITHOUT = 2  # leaves words between blanks out; needs the words' place among wholes
CUT_OUT = 3  # cuts whole words out, and nothing beside them; needs the words' place among wholes
SLICE = 4  # needs the first letter and the one after the last
JOIN = (
    5  # of two; needs what stands between: its first byte and size among constants, and whether it is ASCII
)
FILL = 6  # where missing; needs what with: its first byte and size
GIVE = 7  # a text goes out; needs the output's place among buffers, its ends' among wholes, presence
LENGTH = 8  # measures need their output's place among floats
WORDS = 9
MARKED = 10  # letters that are of a kind; needs the kind's bit, and which bytes from and to are so in ASCII
SYMBOL = 11  # needs first byte and size among constants

# What the first buffers are.
SCRATCH = 0
CONSTANTS = 1
CLASSES = 2
GONE = 3
AT = 0
SIZE = 1
PLAIN = 2

MISSING = -1
TOLD = 131072  # letters below this number are in the tables
BLANK = 1  # bits of a letter's class
DIGIT = 2
CAPITAL = 4
WORD = 8
DECIMAL = 16
DROPPED = 24  # bits of a table's entry, above the letter that it makes
SPACE = 25
UNTOLD = 26
LETTER = 2097151
KEY = 72057594037927935  # the last seven bytes of a word


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
            elif wholes[SIZE][program[here + 2]] != MISSING:
                floats[program[here + 4]][row] = measured(program, here, buffers, wholes)
    return 0


def source(
    program: Wholes, here: int, row: int, top: int, buffers: Sequence[Bytes], wholes: Sequence[Wholes]
) -> int:
    if buffers[program[here + 6]][row]:
        return keep(wholes, program[here + 1], top, MISSING, 1, top)
    data = buffers[program[here + 4]]
    offsets = wholes[program[here + 5]]
    scratch = buffers[SCRATCH]
    start = offsets[row]
    size = offsets[row + 1] - start
    seen = 0
    for place in range(size):
        byte = data[start + place]
        scratch[top + place] = byte
        seen = seen | byte
    return keep(wholes, program[here + 1], top, size, seen < 128, top)


def keep(wholes: Sequence[Wholes], register: int, at: int, size: int, plain: int, top: int) -> int:
    """Set a register; return where the next text can begin."""
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
        plain = 0
    elif kind == SLICE and size != MISSING:
        first = letters_on(scratch, at, at + size, need, plain)
        size = letters_on(scratch, first, at + size, more - need, plain) - first
        at = first
    elif kind == JOIN and size != MISSING:
        other = program[here + 3]
        plain = plain & wholes[PLAIN][other] & program[here + 6]
        size = joined(scratch, at, size, top, wholes[AT][other], wholes[SIZE][other], buffers, need, more)
        at = top
    elif kind < SLICE and size != MISSING:
        if kind == WITHOUT:
            size = without(scratch, at, size, top, buffers, wholes[need])
        elif kind == CUT_OUT:
            size = cut_out(scratch, at, size, top, buffers, wholes[need])
        elif plain:
            size = rewritten(scratch, at, size, top, tables[need], more)
        else:
            size = rewritten_wide(scratch, at, size, top, tables[need], more)
        at = top
        if size == MISSING:
            buffers[GONE][row] = 1
    return keep(wholes, program[here + 1], at, size, plain, top)


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


def measured(program: Wholes, here: int, buffers: Sequence[Bytes], wholes: Sequence[Wholes]) -> int:
    kind = program[here]
    register = program[here + 2]
    at = wholes[AT][register]
    size = wholes[SIZE][register]
    plain = wholes[PLAIN][register]
    scratch = buffers[SCRATCH]
    need = program[here + 5]
    if kind == LENGTH:
        return size if plain else letters(scratch, at, size)
    if kind == WORDS:
        return words(scratch, at, size, buffers[CLASSES], plain)
    if kind == SYMBOL:
        return found(scratch, at, size, buffers[CONSTANTS], need, program[here + 6])
    if plain:
        return between(scratch, at, size, program[here + 6], program[here + 7])
    return marked(scratch, at, size, buffers[CLASSES], need)


def copied(source: Bytes, start: int, size: int, target: Bytes, to: int) -> int:
    for place in range(size):
        target[to + place] = source[start + place]
    return to + size


def joined(
    scratch: Bytes,
    at: int,
    size: int,
    top: int,
    other_at: int,
    other_size: int,
    buffers: Sequence[Bytes],
    between_at: int,
    between_size: int,
) -> int:
    if other_size == MISSING:
        return MISSING
    end = copied(scratch, at, size, scratch, top)
    end = copied(buffers[CONSTANTS], between_at, between_size, scratch, end)
    return copied(scratch, other_at, other_size, scratch, end) - top


def rewritten(text: Bytes, at: int, size: int, to: int, table: Codes, collapses: int) -> int:
    """Write what ``table`` makes of ASCII; return its size. A byte that is dropped is written over."""
    end = to
    before = collapses  # a blank, or nothing, came before
    for place in range(at, at + size):
        entry = table[text[place]]
        text[end] = entry & 255
        dropped = entry >> DROPPED & 1
        blank = entry >> SPACE & collapses
        end += 1 - (dropped | blank & before)
        before = before if dropped else blank
    return end - to - (before if end > to else 0)


def rewritten_wide(text: Bytes, at: int, size: int, to: int, table: Codes, collapses: int) -> int:
    """Do as :func:`rewritten` with any text; MISSING where it has a letter that the table does not tell."""
    end = to
    before = collapses
    place = at
    while place < at + size:
        letter = decoded(text, place)
        place += width(text[place])
        if letter >= TOLD:
            return MISSING
        entry = table[letter]
        if entry >> UNTOLD & 1:
            return MISSING
        blank = entry >> SPACE & collapses
        if not (entry >> DROPPED & 1):
            if not (blank and before):
                end = encoded(text, end, entry & LETTER)
            before = blank
    return end - to - (before if end > to else 0)


def width(byte: int) -> int:
    """Return how many bytes a letter has that begins so."""
    return 1 if byte < 192 else 2 if byte < 224 else 3 if byte < 240 else 4


def decoded(text: Bytes, place: int) -> int:
    byte = text[place]
    if byte < 128:
        return byte
    if byte < 224:
        return (byte & 31) << 6 | text[place + 1] & 63
    if byte < 240:
        return (byte & 15) << 12 | (text[place + 1] & 63) << 6 | text[place + 2] & 63
    high = (byte & 7) << 18 | (text[place + 1] & 63) << 12
    return high | (text[place + 2] & 63) << 6 | text[place + 3] & 63


def encoded(text: Bytes, place: int, letter: int) -> int:
    """Write a letter; return where the next one begins."""
    if letter < 128:
        text[place] = letter
        return place + 1
    if letter < 2048:
        text[place] = 192 | letter >> 6
        text[place + 1] = 128 | letter & 63
        return place + 2
    if letter < 65536:
        text[place] = 224 | letter >> 12
        text[place + 1] = 128 | letter >> 6 & 63
        text[place + 2] = 128 | letter & 63
        return place + 3
    text[place] = 240 | letter >> 18
    text[place + 1] = 128 | letter >> 12 & 63
    text[place + 2] = 128 | letter >> 6 & 63
    text[place + 3] = 128 | letter & 63
    return place + 4


def blank(text: Bytes, place: int, classes: Bytes) -> int:
    """Return how many bytes the blank has that begins here, 0 where none does."""
    byte = text[place]
    if byte < 128:
        return classes[byte] & BLANK
    if byte < 194 or byte > 239:
        return 0
    return width(byte) if classes[decoded(text, place)] & BLANK else 0


def words(text: Bytes, at: int, size: int, classes: Bytes, plain: int) -> int:
    n_words = 0
    before = 1
    if plain:
        for place in range(at, at + size):
            now = classes[text[place]] & BLANK
            n_words += before & 1 - now
            before = now
        return n_words
    place = at
    while place < at + size:
        wide = blank(text, place, classes)
        n_words += before and not wide
        before = wide > 0
        place += wide if wide else 1
    return n_words


def without(text: Bytes, at: int, size: int, to: int, buffers: Sequence[Bytes], known: Wholes) -> int:
    """Write the words that are not ``known``, with one space between them; return the size."""
    classes = buffers[CLASSES]
    end = to
    start = to  # of the word that is being written
    key = 0
    place = at
    while place < at + size:
        byte = text[place]
        wide = classes[byte] & BLANK if byte < 128 else blank(text, place, classes)
        if not wide:
            text[end] = byte
            end += 1
            place += 1
            key = (key << 8 | byte) & KEY
            continue
        place += wide
        if end > start:
            text[end] = 32
            hit = is_known(text, start, end - start, key, buffers[CONSTANTS], known)
            end = start if hit else end + 1
            start = end
            key = 0
    if end > start and is_known(text, start, end - start, key, buffers[CONSTANTS], known):
        end = start
    if end == start and end > to:  # nothing came after the last space
        end -= 1
    return end - to


def cut_out(text: Bytes, at: int, size: int, to: int, buffers: Sequence[Bytes], known: Wholes) -> int:
    """Write all but words that are ``known``; return the size, MISSING where a letter is not told."""
    classes = buffers[CLASSES]
    end = to
    start = to
    key = 0
    place = at
    while place < at + size:
        letter = decoded(text, place)
        if letter >= TOLD:
            return MISSING
        is_word = classes[letter] & WORD
        if not is_word and end > start:
            end = start if is_known(text, start, end - start, key, buffers[CONSTANTS], known) else end
        for each in range(place, place + width(text[place])):
            text[end] = text[each]
            key = (key << 8 | text[each]) & KEY
            end += 1
        place += width(text[place])
        if not is_word:
            start = end
            key = 0
    if end > start and is_known(text, start, end - start, key, buffers[CONSTANTS], known):
        end = start
    return end - to


def is_known(text: Bytes, at: int, size: int, key: int, constants: Bytes, known: Wholes) -> int:
    """Say whether a word is in a set; up to seven bytes its ``key`` is all of it.

    A place of the set is size, key, first byte, and whether a word that belongs here lies further on. What
    cannot be guessed (is it this word?) is no branch: those cost more than all the rest.
    """
    last = known[0]
    entry = 1 + slot(key, size, last) * 4
    hit = (known[entry] == size) & (known[entry + 1] == key)
    if known[entry + 3] or (size > 7 and hit):
        while known[entry]:
            is_like = known[entry] == size and known[entry + 1] == key
            if is_like and (size < 8 or same(text, at, constants, known[entry + 2], size)):
                return 1
            entry = 1 if entry == 1 + last * 4 else entry + 4
        return 0
    return hit


def slot(key: int, size: int, last: int) -> int:
    return (key ^ key >> 7 ^ key >> 17 ^ key >> 29 ^ size) & last


def same(one: Bytes, at: int, other: Bytes, other_at: int, size: int) -> int:
    for place in range(size):
        if one[at + place] != other[other_at + place]:
            return 0
    return 1


def letters_on(text: Bytes, at: int, stop: int, n: int, plain: int) -> int:
    """Return where the text stands ``n`` letters after ``at``, at most ``stop``."""
    if plain or n >= stop - at:
        return at + n if at + n < stop else stop
    place = at
    while place < stop and n > 0:
        place += width(text[place])
        n -= 1
    return place if place < stop else stop


def letters(text: Bytes, at: int, size: int) -> int:
    n = 0
    for place in range(at, at + size):
        n += (text[place] & 192) != 128
    return n


def between(text: Bytes, at: int, size: int, low: int, high: int) -> int:
    """Return how many bytes lie from ``low`` to ``high``."""
    n = 0
    for place in range(at, at + size):
        n += (text[place] - low & 255) <= high - low
    return n


def marked(text: Bytes, at: int, size: int, classes: Bytes, kind: int) -> int:
    """Return how many letters are of a kind; those that no table tells are of none."""
    n = 0
    place = at
    while place < at + size:
        letter = decoded(text, place)
        if letter < TOLD:
            n += (classes[letter] & kind) > 0
        place += width(text[place])
    return n


def found(text: Bytes, at: int, size: int, constants: Bytes, need: int, n_bytes: int) -> int:
    """Return how often the constant stands in the text, none within another."""
    if n_bytes == 0:
        return letters(text, at, size) + 1
    if n_bytes == 1:
        return between(text, at, size, constants[need], constants[need])
    n = 0
    place = at
    while place + n_bytes <= at + size:
        if same(text, place, constants, need, n_bytes):
            n += 1
            place += n_bytes
        else:
            place += 1
    return n
