"""Words looked for among many cells: what cannot be one of them is passed over at first sight."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from pipeline.ingest.layout.plain_words import plain
from pipeline.programme import Programme
from pipeline.values import traditional_letters

T = TypeVar("T")
_DEEPEST = 30  # rows among which a header begins
_TAKEN_FOR = {"证": "証", "账": "帐"}


class Lexicon:
    """Words as they are compared (`plain`), and whether a cell says one of them."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(filter(None, words))
        letters = {c for word in self.words for c in word}
        self._letters = letters | {c.upper() for c in letters} | traditional_letters(self.words) | {
            other for c, other in _TAKEN_FOR.items() if c in letters
        }  # fmt: skip
        latin = [word for word in self.words if word.isascii()]
        self._ascii = bool(latin)
        # one letter of each word in Latin letters: a column without any of them says none of these words
        self._latin = {c for word in latin for c in _telling(word)}
        self._longest = max(map(len, self.words), default=0)

    def may_say(self, text: str) -> bool:
        """Whether a text may be one of the words once ornaments and spaces are taken off."""
        if self._letters.issuperset(text):
            return bool(text)
        if text.isascii():
            return self._ascii
        return not (text.isalnum() and unicodedata.is_normalized("NFKC", text))

    def find(self, text: str) -> str:
        """The word that a cell says, '' where it says none."""
        if not self.may_say(text):
            return ""
        word = plain(text)
        return word if word in self.words else ""

    def places(self, texts: list[str], first: int = 1) -> Iterator[tuple[int, str]]:
        """Where in a column whose texts begin at row `first` a word stands, and which."""
        plain_below = self._says_nothing("".join(texts[_DEEPEST:]))
        for text in self._worth_a_look(set(texts[:_DEEPEST] if plain_below else texts)):
            if text and (word := self.find(text)):
                at = -1
                for _ in range(texts.count(text)):
                    at = texts.index(text, at + 1)
                    yield first + at, word

    def _says_nothing(self, text: str) -> bool:
        """Whether nothing in a whole column of numbers and days can be one of the words."""
        return text.isascii() and not any(c in text for c in self._latin)

    def _worth_a_look(self, texts: Iterable[str]) -> list[str]:
        """A column's texts without what is plainly too long, or in letters of no word."""
        if not self._ascii:
            texts = [text for text in texts if not text.isascii()]
        ordinary = [text for text in texts if text.isalnum()]
        others = [text for text in texts if not text.isalnum()]
        if unicodedata.is_normalized("NFKC", "".join(ordinary)):  # nothing would be taken off
            short = [text for text in ordinary if len(text) <= self._longest]
            ordinary = list(filter(self._letters.issuperset, short))
        return ordinary + others


def _telling(word: str) -> str:
    """What a text must hold to say a word in Latin letters: its first letter, large or small."""
    letter = next(filter(str.isalpha, word), word[0])
    return letter + letter.upper()


class OfProgramme(Generic[T]):
    """What is worked out from a programme, kept for the one that was asked about last."""

    def __init__(self, make: Callable[[Programme], T]) -> None:
        self._make = make
        self._kept: tuple[Programme, T] | None = None

    def __call__(self, programme: Programme) -> T:
        if self._kept is None or self._kept[0] is not programme:
            self._kept = programme, self._make(programme)
        return self._kept[1]
