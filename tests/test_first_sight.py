"""What is passed over at first sight says nothing that is looked for; how names sound is asked of a worker."""

from __future__ import annotations

import pytest

from pipeline.ingest.layout import Lexicon
from pipeline.syllables import syllables_of

NUMBERS = [f"2018-09-{day:02}" for day in range(1, 29)] * 2 + [
    "13844445555",
    "",
    "220122197803050244",
]


@pytest.mark.parametrize("word", ["No.", "NO", "* no.", "姓 名", "ＮＯ"])
def test_a_word_far_down_a_column_of_numbers_is_found(word: str) -> None:
    lexicon = Lexicon(["no.", "no", "姓名"])
    found = list(lexicon.places([*NUMBERS, word, *NUMBERS], first=3))
    assert [row for row, _ in found] == [3 + len(NUMBERS)]


def test_a_column_of_numbers_says_no_word() -> None:
    assert list(Lexicon(["no.", "姓名"]).places([*NUMBERS, *NUMBERS])) == []


def test_characters_sound_as_in_their_word() -> None:
    assert syllables_of(["长春市", "秀英", "长春市", "A1"]) == {
        "长春市": ("chang", "chun", "shi"), "秀英": ("xiu", "ying"), "A1": ("A1",),
    }  # fmt: skip
