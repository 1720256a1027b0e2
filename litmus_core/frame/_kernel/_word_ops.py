"""The kernel's operations on the words of one text, in the language of :mod:`_language`.

Words are separated by whitespace, or are runs of word letters; a set of words is looked up by their first
seven bytes as a number, and by further bytes if there are more.
"""

from __future__ import annotations

from litmus_core.frame._kernel._bytes_ops import BLANK, MISSING, N_LETTERS, WORD, decoded, same, width
from litmus_core.frame._kernel._language import Bytes, Wholes, eight, ones, put_eight, trailing_zeros

KEY = 72057594037927935  # mask of the seven bytes that eight() returns
ONES = 282578800148737  # 1 in each of the seven
TOPS = 36170086419038336  # 128 in each of the seven
MIXER = 2654435761  # below 2**32, so that products stay below 2**60


def blank(text: Bytes, place: int, classes: Bytes) -> int:
    """Return how many bytes the whitespace that starts here has, 0 if none does."""
    byte = text[place]
    if byte < 128:
        return classes[byte] & BLANK
    if byte < 194 or byte > 239:
        return 0
    return width(byte) if classes[decoded(text, place)] & BLANK else 0


def words(text: Bytes, at: int, size: int, classes: Bytes) -> int:
    n_words = 0
    before = 1
    place = at
    while place < at + size:
        wide = blank(text, place, classes)
        n_words += before and not wide
        before = wide > 0
        place += wide if wide else 1
    return n_words


def words_simple(text: Bytes, at: int, size: int) -> int:
    """Like :func:`words` for texts with only ASCII whitespace, seven bytes at a time."""
    n_words = 0
    before = 128  # marked like whitespace: one came before
    for block in range(at, at + size, 7):
        blanks = blanks_of(eight(text, block) & KEY)
        left = at + size - block
        inside = TOPS if left > 6 else (1 << left * 8) - 1
        n_words += ones((blanks << 8 | before) & ~blanks & TOPS & inside)
        before = blanks >> 48
    return n_words


def without(
    text: Bytes, at: int, size: int, to: int, classes: Bytes, constants: Bytes, wholes: Wholes
) -> int:
    """Write the words that are not ``wholes``, with one space between them; return the size."""
    end = to
    start = to  # of the word being written
    place = at
    while place < at + size:
        wide = blank(text, place, classes)
        if not wide:
            text[end] = text[place]
            end += 1
            place += 1
            continue
        place += wide
        if end > start:
            text[end] = 32
            end = (
                start
                if is_known(text, start, end - start, key_of(text, start, end - start), constants, wholes)
                else end + 1
            )
            start = end
    if end > start and is_known(
        text, start, end - start, key_of(text, start, end - start), constants, wholes
    ):
        end = start
    if end == start and end > to:  # nothing came after the last space
        end -= 1
    return end - to


def without_simple(text: Bytes, at: int, size: int, to: int, constants: Bytes, wholes: Wholes) -> int:
    """Like :func:`without` for texts with only ASCII whitespace, seven bytes at a time."""
    end = to
    place = at
    stop = at + size
    while place < stop:
        first = eight(text, place) & KEY
        put_eight(text, end, first)
        n = before_blank(first)
        wide = n
        while wide == 7 and n < stop - place:
            block = eight(text, place + n) & KEY
            put_eight(text, end + n, block)
            wide = before_blank(block)
            n += wide
        n = n if n < stop - place else stop - place
        key = first & (1 << (n if n < 7 else 7) * 8) - 1
        hit = is_known(text, end, n, key, constants, wholes)
        text[end + n] = 32
        end = end if hit | (n == 0) else end + n + 1
        place += n + 1
    return end - to - (end > to)


def without_noted(text: Bytes, at: int, to: int, ends: Wholes, constants: Bytes, wholes: Wholes) -> int:
    """Like :func:`without` for texts whose word ends are noted."""
    end = to
    start = at
    for word in range(1, ends[0] + 1):
        n = ends[word] - start
        first = eight(text, start) & KEY
        put_eight(text, end, first)
        for more in range(7, n, 8):
            put_eight(text, end + more, eight(text, start + more))
        key = first & (1 << (n if n < 7 else 7) * 8) - 1
        hit = is_known(text, end, n, key, constants, wholes)
        text[end + n] = 32
        end = end if hit | (n == 0) else end + n + 1
        start += n + 1
    return end - to - (end > to)


def blanks_of(block: int) -> int:
    """Return seven bytes with 128 where one is ASCII whitespace: 9 to 13, or 28 to 32."""
    high = block | TOPS
    tabs = high - 9 * ONES & ~(high - 14 * ONES)
    spaces = high - 28 * ONES & ~(high - 33 * ONES)
    return (tabs | spaces) & TOPS & ~block


def before_blank(block: int) -> int:
    """Return how many of seven bytes come before the first whitespace."""
    return trailing_zeros(blanks_of(block) | 1 << 56) >> 3


def cut_out(
    text: Bytes, at: int, size: int, to: int, classes: Bytes, constants: Bytes, wholes: Wholes
) -> int:
    """Write all but words that are ``wholes``; return the size, MISSING if a letter is not in the table."""
    end = to
    start = to
    place = at
    while place < at + size:
        letter = decoded(text, place)
        if letter >= N_LETTERS:
            return MISSING
        is_word = classes[letter] & WORD
        if not is_word and end > start:
            end = (
                start
                if is_known(text, start, end - start, key_of(text, start, end - start), constants, wholes)
                else end
            )
        for index in range(place, place + width(text[place])):
            text[end] = text[index]
            end += 1
        place += width(text[place])
        start = start if is_word else end
    if end > start and is_known(
        text, start, end - start, key_of(text, start, end - start), constants, wholes
    ):
        end = start
    return end - to


def key_of(text: Bytes, at: int, size: int) -> int:
    """Return the first seven bytes of a word as a number."""
    return eight(text, at) & (1 << (size if size < 7 else 7) * 8) - 1


def is_known(text: Bytes, at: int, size: int, key: int, constants: Bytes, wholes: Wholes) -> int:
    """Return whether a word is in a set.

    A set is its last slot and multiplier, then for each slot size, key and first byte of a word, and whether
    a word that belongs here lies further on. Tests that cannot be predicted (is it this word?) do not branch:
    mispredicted branches cost more than all the rest.
    """
    last = wholes[0]
    entry = 2 + slot(key, wholes[1], last) * 4
    hit = (wholes[entry] == size) & (wholes[entry + 1] == key)
    if wholes[entry + 3] or (size > 7 and hit):
        while wholes[entry]:
            is_like = wholes[entry] == size and wholes[entry + 1] == key
            if is_like and (size < 8 or same(text, at, constants, wholes[entry + 2], size)):
                return 1
            entry = 2 if entry == 2 + last * 4 else entry + 4
        return 0
    return hit


def looked_up(text: Bytes, at: int, size: int, constants: Bytes, wholes: Wholes) -> int:
    """Return a table's entry for a whole text.

    A table is its last slot, its entries for unknown and missing texts, then for each slot size, mark and
    first byte of a text, and its entry; a size of MISSING ends a run of slots.
    """
    if size == MISSING:
        return wholes[2]
    mark = mark_of(text, at, size)
    entry = 3 + (mark >> 20 & wholes[0]) * 4
    while wholes[entry] != MISSING:
        is_like = wholes[entry] == size and wholes[entry + 1] == mark
        if is_like and same(text, at, constants, wholes[entry + 2], size):
            return wholes[entry + 3]
        entry = 3 if entry == 3 + wholes[0] * 4 else entry + 4
    return wholes[1]


def mark_of(text: Bytes, at: int, size: int) -> int:
    """Return a hash below 2**60 of all bytes of a text."""
    mark = size
    for block in range(at, at + size, 7):
        left = at + size - block
        key = eight(text, block) & (1 << (left if left < 7 else 7) * 8) - 1
        mark = ((mark ^ mark >> 30 ^ key ^ key >> 28) & 268435455) * MIXER
    return mark


def slot(key: int, multiplier: int, last: int) -> int:
    return ((key ^ key >> 28) & 268435455) * multiplier >> 20 & last
