"""The kernel's operations on one text, letter by letter, in the language of :mod:`_language`.

Texts are UTF-8. Each function reads from a position in a buffer and writes after everything that is read; it
returns a size, a position or a count.
"""

from __future__ import annotations

from litmus_core.frame._kernel._language import Bytes, Codes, Wholes, eight, put_eight

MISSING = -1
N_LETTERS = 131072  # letters below this number are in the tables
BLANK = 1  # bits of a letter's class
DIGIT = 2
CAPITAL = 4
WORD = 8
DECIMAL = 16
DROPPED = 24  # bits of a table's entry, above the resulting letter
SPACE = 25
NOT_IN_TABLE = 26
LETTER = 2097151
HIGH = -9187201950435737472  # 128 in each of eight bytes


def copied(source: Bytes, start: int, size: int, target: Bytes, to: int) -> int:
    for place in range(size):
        target[to + place] = source[start + place]
    return to + size


def all_ascii(source: Bytes, start: int, size: int, target: Bytes, to: int) -> int:
    """Copy a text, and return whether it is pure ASCII; nothing beyond it is read."""
    if size < 8:
        bits = 0
        for place in range(size):
            target[to + place] = source[start + place]
            bits = bits | source[start + place]
        return bits < 128
    bits = eight(source, start + size - 8)
    for place in range(0, size - 7, 8):
        block = eight(source, start + place)
        put_eight(target, to + place, block)
        bits = bits | block
    put_eight(target, to + size - 8, eight(source, start + size - 8))
    return (bits & HIGH) == 0


def joined(
    scratch: Bytes,
    at: int,
    size: int,
    top: int,
    other_at: int,
    other_size: int,
    constants: Bytes,
    between_at: int,
    between_size: int,
) -> int:
    if other_size == MISSING:
        return MISSING
    end = copied(scratch, at, size, scratch, top)
    end = copied(constants, between_at, between_size, scratch, end)
    return copied(scratch, other_at, other_size, scratch, end) - top


def rewritten(text: Bytes, at: int, size: int, to: int, table: Codes, ends: Wholes) -> int:
    """Write ``table``'s result for ASCII, and note the bytes before which words end; return the size.

    A dropped byte is written and then overwritten.
    """
    end = to
    n_words = 1
    for place in range(at, at + size):
        entry = table[text[place]]
        text[end] = entry & 255
        ends[n_words] = end
        n_words += entry >> SPACE & 1
        end += 1 - (entry >> DROPPED & 1)
    ends[n_words] = end
    ends[0] = n_words
    return end - to


def collapsed(text: Bytes, at: int, size: int, to: int, table: Codes, ends: Wholes) -> int:
    """Like :func:`rewritten`, with one space between words and none at the ends; notes no word ends."""
    end = to
    before = 1  # whitespace, or nothing, came before
    for place in range(at, at + size):
        entry = table[text[place]]
        text[end] = entry & 255
        dropped = entry >> DROPPED & 1
        blank = entry >> SPACE & 1
        end += 1 - (dropped | blank & before)
        before = before if dropped else blank
    ends[0] = 0
    return end - to - (before if end > to else 0)


def rewritten_wide(
    text: Bytes, at: int, size: int, to: int, table: Codes, collapses: int, ends: Wholes
) -> int:
    """Like one of those above for any text; MISSING if it has a letter that is not in the table."""
    end = to
    n_words = 1
    before = collapses
    place = at
    while place < at + size:
        letter = text[place]
        if letter < 128:
            entry = table[letter]
            place += 1
        else:
            letter = decoded(text, place)
            entry = table[letter] if letter < N_LETTERS else 1 << NOT_IN_TABLE
            if entry >> NOT_IN_TABLE & 1:
                return MISSING
            place += width(text[place])
        letter = entry & LETTER
        dropped = entry >> DROPPED & 1
        blank = entry >> SPACE & 1
        ends[n_words] = end
        n_words += blank
        if letter < 128:
            text[end] = letter
            end += 1 - (dropped | blank & before)
        elif not dropped:
            end = encoded(text, end, letter)
        before = before if dropped else blank & collapses
    ends[n_words] = end
    ends[0] = 0 if collapses else n_words
    return end - to - (before if end > to else 0)


def width(byte: int) -> int:
    """Return how many bytes a letter with this first byte has."""
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
    """Write a letter; return where the next one starts."""
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


def same(one: Bytes, at: int, other: Bytes, other_at: int, size: int) -> int:
    for place in range(size):
        if one[at + place] != other[other_at + place]:
            return 0
    return 1


def letters_on(text: Bytes, at: int, stop: int, n: int, plain: int) -> int:
    """Return the position ``n`` letters after ``at``, at most ``stop``."""
    if plain or n >= stop - at:
        return at + n if at + n < stop else stop
    place = at
    while place < stop:
        is_first = (text[place] & 192) != 128
        if is_first and n == 0:
            break
        n -= is_first
        place += 1
    return place


def letters(text: Bytes, at: int, size: int) -> int:
    n = 0
    for place in range(at, at + size):
        n += (text[place] & 192) != 128
    return n


def between(text: Bytes, at: int, size: int, low: int, high: int) -> int:
    """Return how many bytes are from ``low`` to ``high``."""
    n = 0
    for place in range(at, at + size):
        n += (text[place] - low & 255) <= high - low
    return n


def marked(text: Bytes, at: int, size: int, classes: Bytes, kind: int) -> int:
    """Return how many letters are of a kind; letters outside the tables are of none."""
    n = 0
    for place in range(at, at + size):
        letter = text[place]
        if letter > 191:
            letter = decoded(text, place)
        elif letter > 127:  # within a letter
            letter = N_LETTERS
        n += (classes[letter] & kind) > 0 if letter < N_LETTERS else 0
    return n


def has_far_blanks(text: Bytes, at: int, size: int) -> int:
    """Return whether a byte starts letters that include whitespace: U+0085, U+1680, U+2000, U+3000 …."""
    n = 0
    for place in range(at, at + size):
        byte = text[place]
        n += (byte == 194) | ((byte >= 225) & (byte <= 227))
    return n > 0


def occurrences(text: Bytes, at: int, size: int, constants: Bytes, need: int, n_bytes: int) -> int:
    """Return how often the constant occurs in the text, without overlaps."""
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
