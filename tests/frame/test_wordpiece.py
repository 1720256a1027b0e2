"""Texts become the ids that an encoder of BERT's kind was trained on."""

from __future__ import annotations

import pytest

from litmus_core.frame import WordPieces

VOCABULARY = [
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "red", "fridge", "##s", "un", "##aff", "##able", "!", ",", "naive",
    "\u6f22", "\u5b57", "kanji", "\u03c3", "##\u03c3", "o", "[", "]", "sep", "Red",
]  # fmt: skip


def pieces(text: str, *, lower: bool = True, most: int = 50) -> list[str]:
    """Return the pieces between the text's start and its end."""
    cut = WordPieces(VOCABULARY, lower=lower)
    found = [VOCABULARY[each] for each in cut.ids([text], most=most)]
    assert found[0] == "[CLS]"
    assert found[-1] == "[SEP]"
    return found[1:-1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Red fridges!", ["red", "fridge", "##s", "!"]),
        ("unaffable", ["un", "##aff", "##able"]),
        ("unfriendly red", ["[UNK]", "red"]),
        ("red,fridge", ["red", ",", "fridge"]),
        ("NAÏVE  red\tred\nred", ["naive", "red", "red", "red"]),
        ("漢字kanji", ["漢", "字", "kanji"]),
        ("o\u03a3", ["o", "##\u03c3"]),
        ("\u03a3\u03c3", ["\u03c3", "##\u03c3"]),
        ("re\x00d fri\u200bdge", ["red", "fridge"]),
        ("re\x00d \x7f", ["red"]),
        ("[SEP]", ["[", "sep", "]"]),
        ("r" * 101, ["[UNK]"]),
        ("", []),
    ],
)
def test_a_text_is_cut_into_the_longest_pieces_from_the_start_on(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


def test_with_capitals_a_word_is_another() -> None:
    assert pieces("Red red RED", lower=False) == ["Red", "red", "[UNK]"]


def test_a_long_text_is_cut_off_and_still_ended() -> None:
    assert pieces("red " * 99, most=6) == ["red"] * 4


def test_texts_of_a_row_share_the_room_and_are_parted() -> None:
    cut = WordPieces(VOCABULARY, lower=True)
    found = [VOCABULARY[each] for each in cut.ids(["red " * 9, "fridge " * 9], most=7)]
    assert found == ["[CLS]", "red", "red", "[SEP]", "fridge", "fridge", "[SEP]"]


def test_a_word_met_again_is_the_same() -> None:
    cut = WordPieces(VOCABULARY, lower=True)
    assert cut.ids(["unaffable unaffable"], most=9)[1:-1] == [7, 8, 9, 7, 8, 9]


def test_a_vocabulary_without_an_unknown_piece_is_refused() -> None:
    with pytest.raises(KeyError, match="UNK"):
        WordPieces(["[CLS]", "[SEP]"], lower=True)
