"""A slip of the pen in a header: one character for another of the same sound, 建挡立卡 for 建档立卡."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache

_LONGEST = 6  # characters of a word that is looked for inside a header


class Slips:
    """The words of a programme, and what sounds like them."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(w for w in words if 2 <= len(w) <= _LONGEST and not w.isascii())
        self._lengths = sorted(set(map(len, self._words)), reverse=True)
        self.mended = lru_cache(maxsize=4096)(self._mended)

    @cached_property
    def _by_sound(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for word in sorted(self._words):
            found.setdefault(sound(word), []).append(word)
        return found

    def _mended(self, text: str) -> str:
        """A header with what is none of our words, but sounds like one and shares half of its characters
        with it, written as that one; as it is where two could be meant.

        >>> Slips(["时间", "开班"]).mended("揩班时见"), Slips(["起始日"]).mended("面试日期")
        ('开班时间', '面试日期')
        """
        taken = self._ours(text)
        for length in self._lengths:
            for at in range(len(text) - length + 1):
                part, place = text[at : at + length], range(at, at + length)
                if part.isascii() or not taken.isdisjoint(place):
                    continue
                meant = [w for w in self._by_sound.get(sound(part), ()) if _half_alike(w, part)]
                if len(meant) == 1:
                    text = text[:at] + meant[0] + text[at + length :]
                    taken.update(place)
        return text

    def _ours(self, text: str) -> set[int]:
        """Where one of our words stands as it should: nothing there is a slip."""
        return {
            n
            for length in self._lengths
            for at in range(len(text) - length + 1)
            if text[at : at + length] in self._words
            for n in range(at, at + length)
        }


def _half_alike(word: str, part: str) -> bool:
    return sum(a == b for a, b in zip(word, part, strict=True)) * 2 >= len(word)


@lru_cache(maxsize=16384)
def sound(text: str) -> str:
    """How a text sounds: its syllables without tones."""
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(text))


@lru_cache(maxsize=16384)
def initials(text: str) -> str:
    """The first letters of a text's syllables, as people write for short.

    >>> initials("身份证号")
    'sfzh'
    """
    return "".join(syllable[:1] for syllable in sound(text).split())
