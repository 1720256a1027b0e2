"""What the kernel does to one text, letter by letter, in the language of :mod:`_language`.

Texts are UTF-8. Each function reads from a place in a buffer and writes after all that is read, and returns
a size, a place or a count.
"""

from __future__ import annotations

from litmus_core.frame._kernel._language import Bytes, Codes, Wholes, eight, ones, put_eight, trailing_zeros

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
KEY = 72057594037927935  # of seven bytes, as eight() has them
ONES = 282578800148737  # 1 in each of the seven
TOPS = 36170086419038336  # 128 in each of the seven


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
    """Write what ``table`` makes of ASCII, and note before which bytes words end; return the size.

    A byte that is dropped is written, and then written over.
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
    """Do as :func:`rewritten` with one space between words and none around, and note no ends."""
    end = to
    before = 1  # a blank, or nothing, came before
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
    """Do as one of those above with any text; MISSING where it has a letter that the table does not tell."""
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
            entry = table[letter] if letter < TOLD else 1 << UNTOLD
            if entry >> UNTOLD & 1:
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
    """Do as :func:`words` where no blanks are but ASCII's, seven bytes at a time."""
    n_words = 0
    before = 128  # as a blank's byte is marked: one came before
    for block in range(at, at + size, 7):
        blanks = blanks_of(eight(text, block) & KEY)
        left = at + size - block
        inside = TOPS if left > 6 else (1 << left * 8) - 1
        n_words += ones((blanks << 8 | before) & ~blanks & TOPS & inside)
        before = blanks >> 48
    return n_words


def without(text: Bytes, at: int, size: int, to: int, classes: Bytes, constants: Bytes, known: Wholes) -> int:
    """Write the words that are not ``known``, with one space between them; return the size."""
    end = to
    start = to  # of the word that is being written
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
                if is_known(text, start, end - start, key_of(text, start, end - start), constants, known)
                else end + 1
            )
            start = end
    if end > start and is_known(text, start, end - start, key_of(text, start, end - start), constants, known):
        end = start
    if end == start and end > to:  # nothing came after the last space
        end -= 1
    return end - to


def without_simple(text: Bytes, at: int, size: int, to: int, constants: Bytes, known: Wholes) -> int:
    """Do as :func:`without` where no blanks are but ASCII's, seven bytes at a time."""
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
        hit = is_known(text, end, n, key, constants, known)
        text[end + n] = 32
        end = end if hit | (n == 0) else end + n + 1
        place += n + 1
    return end - to - (end > to)


def without_noted(text: Bytes, at: int, to: int, ends: Wholes, constants: Bytes, known: Wholes) -> int:
    """Do as :func:`without` where it is noted in which places words end."""
    end = to
    start = at
    for word in range(1, ends[0] + 1):
        n = ends[word] - start
        first = eight(text, start) & KEY
        put_eight(text, end, first)
        for more in range(7, n, 8):
            put_eight(text, end + more, eight(text, start + more))
        key = first & (1 << (n if n < 7 else 7) * 8) - 1
        hit = is_known(text, end, n, key, constants, known)
        text[end + n] = 32
        end = end if hit | (n == 0) else end + n + 1
        start += n + 1
    return end - to - (end > to)


def blanks_of(block: int) -> int:
    """Return seven bytes with 128 where one is a blank of ASCII: 9 to 13, or 28 to 32."""
    high = block | TOPS
    tabs = high - 9 * ONES & ~(high - 14 * ONES)
    spaces = high - 28 * ONES & ~(high - 33 * ONES)
    return (tabs | spaces) & TOPS & ~block


def before_blank(block: int) -> int:
    """Return how many of seven bytes come before the first blank."""
    return trailing_zeros(blanks_of(block) | 1 << 56) >> 3


def cut_out(text: Bytes, at: int, size: int, to: int, classes: Bytes, constants: Bytes, known: Wholes) -> int:
    """Write all but words that are ``known``; return the size, MISSING where a letter is not told."""
    end = to
    start = to
    place = at
    while place < at + size:
        letter = decoded(text, place)
        if letter >= TOLD:
            return MISSING
        is_word = classes[letter] & WORD
        if not is_word and end > start:
            end = (
                start
                if is_known(text, start, end - start, key_of(text, start, end - start), constants, known)
                else end
            )
        for each in range(place, place + width(text[place])):
            text[end] = text[each]
            end += 1
        place += width(text[place])
        start = start if is_word else end
    if end > start and is_known(text, start, end - start, key_of(text, start, end - start), constants, known):
        end = start
    return end - to


def key_of(text: Bytes, at: int, size: int) -> int:
    """Return the first seven bytes of a word as a number."""
    return eight(text, at) & (1 << (size if size < 7 else 7) * 8) - 1


def is_known(text: Bytes, at: int, size: int, key: int, constants: Bytes, known: Wholes) -> int:
    """Say whether a word is in a set.

    A set is its last slot and multiplier, then for each slot size, key and first byte of a word, and whether
    a word that belongs here lies further on. What cannot be guessed (is it this word?) is no branch: those
    cost more than all the rest.
    """
    last = known[0]
    entry = 2 + slot(key, known[1], last) * 4
    hit = (known[entry] == size) & (known[entry + 1] == key)
    if known[entry + 3] or (size > 7 and hit):
        while known[entry]:
            is_like = known[entry] == size and known[entry + 1] == key
            if is_like and (size < 8 or same(text, at, constants, known[entry + 2], size)):
                return 1
            entry = 2 if entry == 2 + last * 4 else entry + 4
        return 0
    return hit


def slot(key: int, multiplier: int, last: int) -> int:
    return ((key ^ key >> 28) & 268435455) * multiplier >> 20 & last


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
    """Return how many bytes lie from ``low`` to ``high``."""
    n = 0
    for place in range(at, at + size):
        n += (text[place] - low & 255) <= high - low
    return n


def marked(text: Bytes, at: int, size: int, classes: Bytes, kind: int) -> int:
    """Return how many letters are of a kind; those that no table tells are of none."""
    n = 0
    for place in range(at, at + size):
        letter = text[place]
        if letter > 191:
            letter = decoded(text, place)
        elif letter > 127:  # within a letter
            letter = TOLD
        n += (classes[letter] & kind) > 0 if letter < TOLD else 0
    return n


def has_far_blanks(text: Bytes, at: int, size: int) -> int:
    """Say whether a byte begins letters among which blanks are: U+0085, U+1680, U+2000, U+3000 and some."""
    n = 0
    for place in range(at, at + size):
        byte = text[place]
        n += (byte == 194) | ((byte >= 225) & (byte <= 227))
    return n > 0


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
