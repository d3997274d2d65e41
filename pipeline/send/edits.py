"""What somebody changed in a paper after it was delivered: figures by their places, words by their count."""

from __future__ import annotations

import difflib
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.send.parcels import Document
from pipeline.values import column_letters, mask_digits

_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?%?")
_MOST = 8
_MARKS = (b"<w:ins ", b"<w:del ", b"<w:moveFrom ", b"<w:moveTo ")


def edited_in_words(document: Document) -> list[str]:
    """What a clerk should see before an edited paper goes, a line each.

    Of a paper that may tell of persons no content is repeated. What is still open in Word, or holds
    revisions and comments that its reader should not see, is said too.
    """
    file, original = document.file, document.original
    found = list(_unfinished(file))
    if original is None:
        return [*found, "原稿已不在，改了什么比不出来"]
    try:
        if document.may_hold:
            changes = ["含个人信息，改了什么不在这里列出"]
        elif file.suffix == ".docx":
            changes = list(_in_letter(original, file))
        elif file.suffix == ".xlsx":
            changes = list(_in_workbook(original, file, document.without))
        else:
            changes = []
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return [*found, "改动后的文件读不懂"]
    if len(changes) > _MOST:
        changes = [*changes[:_MOST], f"……共改动 {len(changes)} 处"]
    return [*found, *(changes or ["文字、数字没有变，只是另存过或改了样式"])]


def _unfinished(file: Path) -> Iterator[str]:
    if (file.parent / f"~${file.name[2:]}").exists() or (file.parent / f".~{file.name}").exists():
        yield "还开着，可能没有存好，请关上文件再发"
    if file.suffix == ".docx":
        try:
            parts = _parts(file)
        except (OSError, KeyError, zipfile.BadZipFile):
            return
        if any(mark in parts["word/document.xml"] for mark in _MARKS):
            yield "留有修订痕迹，对方看得到改了什么；请先在 Word 里“接受所有修订”"
        if "word/comments.xml" in parts:
            yield "留有批注，对方看得到；请先在 Word 里删除"


def _parts(file: Path) -> dict[str, bytes]:
    """The text of a letter and the comments on it. Raises KeyError where it is no letter."""
    with zipfile.ZipFile(file) as package:
        names = {"word/document.xml", *(set(package.namelist()) & {"word/comments.xml"})}
        return {name: package.read(name) for name in names}


def _in_letter(before: Path, after: Path) -> Iterator[str]:
    """Paragraphs that differ, of both the figures that are not the same."""
    old, new = _paragraphs(before), _paragraphs(after)
    words = 0
    for kind, first, last, begin, end in difflib.SequenceMatcher(
        None, old, new, False
    ).get_opcodes():
        if kind == "equal":
            continue
        was = _figures("\n".join(old[first:last]))
        now = _figures("\n".join(new[begin:end]))
        gone, come = _less(was, now), _less(now, was)
        if gone or come:
            yield f"第 {begin + 1} 段，数字{_listed(gone)}改为{_listed(come)}，与汇总结果不再一致"
        else:
            words += max(last - first, end - begin)
    if words:
        yield f"改动文字 {words} 段"


def _paragraphs(file: Path) -> list[str]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=True)
    root: Any = etree.fromstring(_parts(file)["word/document.xml"], parser)
    if root is None:
        raise ValueError("no letter")
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    return [
        "".join(text.text or "" for text in paragraph.iter(f"{space}t"))
        for paragraph in root.iter(f"{space}p")
    ]


def _figures(text: str) -> list[str]:
    return [mask_digits(figure) for figure in _FIGURE.findall(text)]


def _less(some: list[str], others: list[str]) -> list[str]:
    """What stands in the one oftener than in the other, in its order."""
    left = Counter(some) - Counter(others)
    return list(left.elements())


def _listed(figures: list[str]) -> str:
    return "、".join(figures) or "（无）"


def _in_workbook(before: Path, after: Path, without: str) -> Iterator[str]:
    old, new = dict(_cells(before, without)), dict(_cells(after, without))
    for place in dict.fromkeys((*old, *new)):
        was, now = old.get(place, ""), new.get(place, "")
        if was != now:
            yield f"{place}：{_shown(was)}改为{_shown(now)}"


def _cells(file: Path, without: str) -> Iterator[tuple[str, str]]:
    """What stands at each place of a workbook, but for the sheet that will not go."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(file))
    except CalamineError as fault:
        raise ValueError("no workbook") from fault
    for name in (name for name in book.sheet_names if name != without):
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for number, row in enumerate(rows, 1):
            for at, value in enumerate(row, 1):
                if value not in ("", None):
                    yield f"{name}!{column_letters(at)}{number}", _plain(value)


def _plain(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _shown(value: str) -> str:
    """A figure as it is; words are not repeated, since nobody knows what was written there."""
    if not value:
        return "空"
    return mask_digits(value) if _FIGURE.fullmatch(value) else "文字"
