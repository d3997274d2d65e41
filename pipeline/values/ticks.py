"""Answers given by ticking one of several boxes: ☑是 □否."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TICKED, _CROSSED, _EMPTY = "☑☒✓✔√■●◉⊙▣✅🗹🗷🗸", "×✗✘✕✖╳❌", "□☐○◯▢◻◇❑❏▫⬜"
_TICKS, _TICK, _CROSS = "☑✓✔√✅🗹🗸", "√", "×"  # marks that answer alone
_MARKS = _TICKED + _CROSSED + _EMPTY
_ANY = re.compile(f"[{_MARKS}]")
_IN_BRACKETS = re.compile(rf"[(\[【〔]\s*([{_MARKS}])\s*[)\]】〕]")
_EMPTY_BRACKETS = re.compile(r"[(\[【〔]\s*[)\]】〕]")
_PARTS = re.compile(rf"[{_MARKS}]|[^{_MARKS}]+")
_BETWEEN = " \t\r\n\u3000,;、/|"
_LONGEST = 60  # characters of a row of boxes
# the letters that stand for boxes in Wingdings and Wingdings 2, as filed or as private characters
WINGDINGS = {
    "Wingdings": {"þ": "☑", "ý": "☒", "ü": "✓", "û": "✗", "o": "□", "¨": "□", "q": "□", "n": "■",
                  "l": "●", "¡": "○", "ÿ": "☑", "x": "☒"},
    "Wingdings 2": {"R": "☑", "S": "☒", "P": "✓", "O": "✗", "£": "□", "T": "☒", "*": "□", "0": "□"},
}  # fmt: skip


def symbol(font: str, character: str) -> str:
    """What a letter shows in a font of signs; the letter itself in any other font.

    >>> symbol("Wingdings", "þ"), symbol("Wingdings 2", "\\uf0a3"), symbol("宋体", "o")
    ('☑', '□', 'o')
    """
    signs = WINGDINGS.get(font.strip())
    if signs is None:
        return character
    plain = chr(ord(character) - 0xF000) if "\uf020" <= character <= "\uf0ff" else character
    return signs.get(plain, character)


@lru_cache(maxsize=4096)
def ticked(text: str) -> str:
    """The one answer that is ticked; the text itself where it holds no boxes, or not just one ticked.

    >>> ticked("☑是 □否"), ticked("是□ 否☑"), ticked("是（√） 否（ ）"), ticked("√是 ×否")
    ('是', '否', '是', '是')
    >>> ticked("□是 □否"), ticked("☑是 ☑否"), ticked("√"), ticked("✔"), ticked("✘"), ticked("听力")
    ('□是 □否', '☑是 ☑否', '√', '√', '×', '听力')
    """
    if len(text) > _LONGEST or not _ANY.search(text):
        return text
    folded = unicodedata.normalize("NFKC", text)
    plain = "".join(c for c in folded if unicodedata.category(c) not in ("Cf", "Mn"))
    plain = _EMPTY_BRACKETS.sub("□", _IN_BRACKETS.sub(r"\1", plain))
    parts = [p.strip(_BETWEEN) for p in _PARTS.findall(plain)]
    parts = [p for p in parts if p]
    if parts and len(set(parts)) == 1 and parts[0] in _MARKS:
        return _TICK if parts[0] in _TICKS else _CROSS if parts[0] in _CROSSED else text
    chosen = _chosen(parts)
    return chosen[0] if len(chosen) == 1 else text


def _chosen(parts: list[str]) -> list[str]:
    """The words with a tick: each mark belongs to the word behind it, or, where the row ends with a
    mark, to the word before it."""
    marks = [p in _MARKS for p in parts]
    words = [p for p, mark in zip(parts, marks, strict=True) if not mark]
    if not words or not any(marks):
        return []
    behind = -1 if marks[-1] and not marks[0] else 1
    if marks[0] == marks[-1] and (not marks[0] or len(words) < sum(marks)):
        return []  # begins and ends with a word, or with a mark: whose mark is it?
    return [
        parts[at + behind]
        for at, part in enumerate(parts)
        if part in _TICKED and 0 <= at + behind < len(parts) and not marks[at + behind]
    ]
