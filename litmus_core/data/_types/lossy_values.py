"""What is said of values that are not kept as the file has them."""

from __future__ import annotations


def counted(n: int, noun: str) -> str:
    """Return a number of things in words.

    >>> counted(1, "value"), counted(1_200, "value")
    ('1 value', '1,200 values')
    """
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def infinite_note(n: int, name: str) -> str:
    """Return what is said of infinite numbers, which become missing."""
    return f"{counted(n, 'infinite value')} in '{name}' became missing."


def rounded_note(n: int, name: str) -> str:
    """Return what is said of numbers with more digits than a double keeps."""
    were = "was" if n == 1 else "were"
    return f"{counted(n, 'number')} in '{name}' {were} rounded to about 16 digits."


def zeros_note(n: int, name: str) -> str:
    """Return what is said of texts that held the letter NUL."""
    return f"{counted(n, 'text')} in '{name}' lost the letter NUL."


def binary_note(n: int, name: str) -> str:
    """Return what is said of binary data among other values, which becomes missing."""
    return f"{counted(n, 'binary value')} in '{name}' became missing."


def undecoded_note(n: int, name: str) -> str:
    """Return what is said of texts whose bytes are no letters."""
    return f"{counted(n, 'text')} in '{name}' had bytes that are no letters, which were replaced."
